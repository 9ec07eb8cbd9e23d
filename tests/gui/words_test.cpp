// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/words.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "gui/options.h"

namespace kakehashi {
namespace {

bool has_japanese(std::string_view s) {
  return std::any_of(s.begin(), s.end(),
                     [](char c) { return static_cast<unsigned char>(c) >= 0xE3; });
}
long holes(std::string_view s) {
  long n = 0;
  for (std::size_t at = 0; (at = s.find("{}", at)) != std::string_view::npos; at += 2) ++n;
  return n;
}

}  // namespace

TEST_CASE("both languages are complete and ask for the same figures") {
  for (int i = 0; i < static_cast<int>(Word::Count); ++i) {
    const auto w = static_cast<Word>(i);
    const std::string_view ja = word(w, Language::Japanese), en = word(w, Language::English);
    CAPTURE(en);
    CHECK_FALSE(ja.empty());
    CHECK_FALSE(en.empty());
    CHECK(holes(ja) == holes(en));
    if (w != Word::LanguageJa) CHECK_FALSE(has_japanese(en));
  }
}

TEST_CASE("arguments fill the holes in order") {
  CHECK(word(Word::NextPage, Language::English, {"1", "3"}) == "More 1/3");
  CHECK(word(Word::TakeTo, Language::Japanese, {"司会"}) == "司会 へ");
  CHECK(word(Word::TakeTo, Language::Japanese, {}) == " へ");
}

TEST_CASE("clocks") {
  CHECK(clock_text(4695) == "01:18:15");
  CHECK(clock_text(38, false) == "00:38");
  CHECK(clock_text(3700, false) == "01:01:40");
  CHECK(clock_text(-5) == "00:00:00");
}

TEST_CASE("the command line") {
  const auto o = parse_options(
      {"a.json", "--lang", "en", "--scale", "1.25", "--size", "1366x768", "--socket", "/x"}, false);
  REQUIRE(o);
  CHECK(o->event == "a.json");
  CHECK(o->language == Language::English);
  CHECK(*o->scale == doctest::Approx(1.25));
  CHECK(o->width == 1366);
  CHECK(o->socket == "/x");
  for (const std::vector<std::string>& bad :
       std::vector<std::vector<std::string>>{{"--lang", "fr"},
                                             {"--scale", "9"},
                                             {"--scale", "1x"},
                                             {"--size", "12"},
                                             {"--size", "800x600z"},
                                             {"--socket"},
                                             {"--display", "0"},
                                             {"a.json", "b.json"},
                                             {"--nonsense"}}) {
    CAPTURE(bad[0]);
    const auto r = parse_options(bad, false);
    REQUIRE_FALSE(r);
    CHECK(r.error().kind == ErrorKind::FixInput);
  }
  const auto s = parse_options({"--display", "1", "--windowed"}, true);
  REQUIRE(s);
  CHECK(s->display == 1);
  CHECK(s->windowed);
  CHECK_FALSE(parse_options({"event.json"}, true));
}

TEST_CASE("settings survive a round trip and nonsense") {
  DeskSettings s{Language::English, 1.5};
  const DeskSettings back = parse_settings(write_settings(s));
  CHECK(back.language == Language::English);
  CHECK(back.scale == doctest::Approx(1.5));
  const DeskSettings odd = parse_settings("language = xx\nscale = 1000\n\n= =\nscale 2\n\xff\xfe");
  CHECK(odd.language == Language::Japanese);
  CHECK(odd.scale == 1.0);
}

}  // namespace kakehashi
