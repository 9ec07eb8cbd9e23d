// SPDX-License-Identifier: GPL-3.0-or-later
#include "encoder/chapters.h"

#include <doctest/doctest.h>

using namespace kakehashi;

namespace {

MediaTime at(double seconds) { return MediaTime{} + Duration::from_seconds(100 + seconds); }
const MediaTime kZero = at(0);
const Duration kLength = Duration::seconds(60);

}  // namespace

TEST_CASE("no markers, no chapters") { CHECK(chapters_of({}, kZero, kLength).empty()); }

TEST_CASE("each chapter lasts until the next, and what comes before the first has a name too") {
  const std::vector<Marker> markers{{MarkerKind::Chapter, at(10), {}, ""},
                                    {MarkerKind::Retraction, at(20), {}, "お名前"},
                                    {MarkerKind::Chapter, at(30), {}, "質疑"}};
  const auto chapters = chapters_of(markers, kZero, kLength);
  REQUIRE(chapters.size() == 4);
  CHECK(chapters[0].title == "はじまり");
  CHECK(chapters[0].from == Duration{});
  CHECK(chapters[1].title == "見出し 1");
  CHECK(chapters[1].until == Duration::seconds(20));
  CHECK(chapters[2].title == "取消発言：お名前");
  CHECK(chapters[3].title == "質疑");
  CHECK(chapters[3].until == kLength);
}

TEST_CASE("an off-record span ends with a chapter of its own") {
  const std::vector<Marker> markers{{MarkerKind::OffRecord, at(10), at(25), ""}};
  const auto chapters = chapters_of(markers, kZero, kLength);
  REQUIRE(chapters.size() == 3);
  CHECK(chapters[1].title == "非公開区間");
  CHECK(chapters[1].until == Duration::seconds(25));
  CHECK(chapters[2].title == "公開に戻る");
}

TEST_CASE(
    "a file that began inside an off-record span begins with it; what lies outside is left out") {
  const std::vector<Marker> markers{{MarkerKind::Chapter, at(-20), {}, "before"},
                                    {MarkerKind::OffRecord, at(-10), at(5), ""},
                                    {MarkerKind::OffRecord, at(-30), at(-25), ""},
                                    {MarkerKind::OffRecord, at(50), {}, ""},
                                    {MarkerKind::Incident, at(61), {}, "after"}};
  const auto chapters = chapters_of(markers, kZero, kLength);
  REQUIRE(chapters.size() == 3);
  CHECK(chapters[0].title == "非公開区間");
  CHECK(chapters[0].from == Duration{});
  CHECK(chapters[0].until == Duration::seconds(5));
  CHECK(chapters[2].title == "非公開区間");
  CHECK(chapters[2].from == Duration::seconds(50));
  CHECK(chapters[2].until == kLength);
}
