// SPDX-License-Identifier: GPL-3.0-or-later
// What the operator is told about the recording.
#include <algorithm>
#include <optional>

#include <doctest/doctest.h>

#include "station/snapshot_maker.h"

using namespace kakehashi;

namespace {

RecordStatus well() {
  RecordStatus r;
  r.recording = r.proven = true;
  r.seconds = 60;
  r.hours_left = 20;
  return r;
}

std::optional<Message> told(const RecordStatus& record, const std::string& id) {
  Snapshot s;
  s.record = record;
  const auto messages = messages_for(s);
  const auto it =
      std::find_if(messages.begin(), messages.end(), [&](const Message& m) { return m.id == id; });
  return it == messages.end() ? std::nullopt : std::optional(*it);
}

}  // namespace

TEST_CASE("a recording that is well is no message") {
  for (const char* id : {"record", "record.second", "record.space"}) CHECK_FALSE(told(well(), id));
  RecordStatus young = well();
  young.proven = false;  // nothing could be read back yet
  young.seconds = 3;
  CHECK_FALSE(told(young, "record"));
}

TEST_CASE("one that is not proven after its first seconds is a fault, with or without a reason") {
  RecordStatus r = well();
  r.proven = false;
  REQUIRE(told(r, "record"));
  CHECK(told(r, "record")->severity == Severity::Fault);
  r.reason = {"ディスクがいっぱいで録画できません。不要なファイルを削除してください。",
              "The disk is full and nothing is recorded. Delete files that are not needed."};
  REQUIRE(told(r, "record"));
  CHECK(told(r, "record")->action.ja == "不要なファイルを削除してください。");
  r.proven = true;  // it goes on: a caution
  CHECK(told(r, "record")->severity == Severity::Caution);
}

TEST_CASE("the second folder, a disk that is nearly full, a plan that does not fit") {
  RecordStatus r = well();
  r.on_second_folder = true;
  CHECK(told(r, "record.second"));
  r.hours_left = 0.1;
  REQUIRE(told(r, "record.space"));
  CHECK(told(r, "record.space")->severity == Severity::Fault);
  CHECK(told(r, "record.space")->what.ja.find("約6分") != std::string::npos);
  r = well();
  r.hours_left = 1;
  r.needed_hours = 1.5;
  CHECK(told(r, "record.space")->severity == Severity::Caution);
  r.recording = false;  // said before it begins, too
  CHECK(told(r, "record.space"));
  r.hours_left = 0;  // not known
  CHECK_FALSE(told(r, "record.space"));
}

TEST_CASE("another quality than wished is told as that, not as a recording in danger") {
  RecordStatus r = well();
  r.quality_reason = {"録画用の画質を使えませんでした。→ 設定を直してください。",
                      "Its own quality does not work. -> Correct that setting."};
  CHECK_FALSE(told(r, "record"));
  REQUIRE(told(r, "record.quality"));
  CHECK(told(r, "record.quality")->severity == Severity::Caution);
  CHECK(told(r, "record.quality")->action.en == "Correct that setting.");
}

TEST_CASE("an MP4 that could not be made is told once nothing is recorded any more") {
  RecordStatus r = well();
  r.finalise_reason = {"空きが足りません。→ 空きを作ってください。",
                       "No room for the MP4. -> Free some space."};
  CHECK_FALSE(told(r, "record.finalise"));
  r.recording = false;
  REQUIRE(told(r, "record.finalise"));
  CHECK(told(r, "record.finalise")->what.en.find("MKV") != std::string::npos);
  CHECK(told(r, "record.finalise")->action.ja == "空きを作ってください。");
}
