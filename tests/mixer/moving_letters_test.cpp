// SPDX-License-Identifier: GPL-3.0-or-later
// What clocks and countdowns say at which moment.
#include "mixer/moving_letters.h"

#include <doctest/doctest.h>

namespace kakehashi {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

std::int64_t shown(int day, int h, int m, double s = 0) {
  return (day * 86'400LL + h * 3600 + m * 60) * kSecond +
         static_cast<std::int64_t>(s * static_cast<double>(kSecond));
}

// Session second 1000 is 13:59:30.25 on day 20000.
const WallTime kWall{shown(20'000, 13, 59, 30.25) - 1000 * kSecond};
MediaTime at(double second) { return {static_cast<std::int64_t>(second * 1e9)}; }

Overlay timer(const char* kind, Settings settings) {
  Overlay o;
  o.id = "t";
  o.kind = kind;
  o.settings = std::move(settings);
  return o;
}

std::vector<MovingWords> words(const Overlay& o, double now, const OverlayState& state = {},
                               double ahead = 2) {
  return moving_words(o, state, kWall, Language::Japanese, at(now), at(now + ahead));
}

}  // namespace

TEST_CASE("times of day are read as people write them") {
  const auto seconds = [](const char* text) {
    const auto t = parse_target(text);
    return t ? t->seconds : -1;
  };
  CHECK(seconds("14:00") == 14 * 3600);
  CHECK(seconds("9:05") == 9 * 3600 + 300);
  CHECK(seconds("00:00") == 0);
  CHECK(seconds("24:00") == 86'400);
  CHECK(seconds("14:00:30") == 14 * 3600 + 30);
  CHECK_FALSE(parse_target("14:00")->day);
  const auto dated = parse_target("2026-11-22T14:00");
  REQUIRE(dated);
  CHECK(dated->seconds == 14 * 3600);
  CHECK(*dated->day == 20'779);  // 22 November 2026
  CHECK(parse_target("2026-11-22 14:00:05")->seconds == 14 * 3600 + 5);
  for (const char* bad : {"",
                          "14",
                          "14:",
                          ":30",
                          "14:0",
                          "14:60",
                          "25:00",
                          "24:01",
                          "14:00:",
                          "-1:00",
                          "14:00:3",
                          "14:00:301",
                          "half past",
                          "2026-13-22T14:00",
                          "2026-02-29T14:00",
                          "2026-11-22",
                          "2026-11-22T",
                          "14:00 ",
                          " 14:00",
                          "2026/11/22T14:00",
                          "+1:00",
                          "14:+5"})
    CHECK_FALSE(parse_target(bad));
}

TEST_CASE("a time without a day is the one nearest: at most 6 h ago, less than 18 h ahead") {
  const WallTarget two{std::nullopt, 14 * 3600};
  CHECK(target_ns(two, shown(20'000, 13, 0)) == shown(20'000, 14, 0));
  CHECK(target_ns(two, shown(20'000, 20, 0)) == shown(20'000, 14, 0));
  CHECK(target_ns(two, shown(20'000, 20, 0, 0.001)) == shown(20'001, 14, 0));
  CHECK(target_ns(two, shown(20'000, 0, 30)) == shown(20'000, 14, 0));
  const WallTarget midnight{std::nullopt, 0};
  CHECK(target_ns(midnight, shown(20'000, 23, 50)) == shown(20'001, 0, 0));
  CHECK(target_ns({12'345, 60}, shown(20'000, 0, 0)) == shown(12'345, 0, 1));
}

TEST_CASE("a clock turns its page exactly on the minute, or on the second") {
  auto pages = words(timer("clock", {}), 1000);
  REQUIRE(pages.size() == 2);
  CHECK(pages[0] == MovingWords{at(1000 - 30.25), "13:59"});
  CHECK(pages[1] == MovingWords{at(1029.75), "14:00"});
  CHECK(words(timer("clock", {}), 1029.75)[0].words == "14:00");

  pages = words(timer("clock", {{"seconds", true}}), 1000);
  REQUIRE(pages.size() == 4);
  CHECK(pages[0] == MovingWords{at(999.75), "13:59:30"});
  CHECK(pages[1] == MovingWords{at(1000.75), "13:59:31"});
  CHECK(pages[3].words == "13:59:33");
  CHECK(words(timer("clock", {{"seconds", true}}), 1029.75)[0].words == "14:00:00");
}

TEST_CASE("a countdown to a time shows the seconds begun, then a friendly word, never less") {
  const Overlay o = timer("countdown", {{"to", "14:00"}});
  auto pages = words(o, 1000);  // 29.75 s before
  REQUIRE(pages.size() == 4);
  CHECK(pages[0] == MovingWords{at(999.75), "0:30"});
  CHECK(pages[1] == MovingWords{at(1000.75), "0:29"});
  pages = words(o, 1028.75);
  REQUIRE(pages.size() == 2);
  CHECK(pages[0] == MovingWords{at(1028.75), "0:01"});
  CHECK(pages[1] == MovingWords{at(1029.75), "まもなく始まります"});
  for (const double later : {1029.75, 1030.0, 1029.75 + 3 * 3600}) {
    pages = words(o, later);
    REQUIRE(pages.size() == 1);
    CHECK(pages[0] == MovingWords{at(1029.75), "まもなく始まります"});
  }
  CHECK(words(timer("countdown", {{"to", "16:00"}}), 1000)[0].words == "2:00:30");
  CHECK(words(timer("countdown", {{"to", "14:00"}, {"done", "どうぞ"}}), 1030)[0].words ==
        "どうぞ");
  CHECK(words(timer("countdown", {{"to", "soon"}}), 1000).empty());
  CHECK(words(timer("countdown", {}), 1000).empty());
}

TEST_CASE("a countdown of a length starts, pauses, goes on and ends") {
  const Overlay o = timer("countdown", {{"minutes", 1.5}});
  OverlayState state;
  CHECK(words(o, 1000, state) == std::vector<MovingWords>{{at(0), "1:30"}});
  state.timer_running = true;
  state.timer_since = at(1000.2);
  auto pages = words(o, 1001, state);
  CHECK(pages[0] == MovingWords{at(1000.2), "1:30"});
  CHECK(pages[1] == MovingWords{at(1001.2), "1:29"});
  state = {.timer_running = false,
           .timer_since = at(1010.7),
           .timer_gone = Duration::milliseconds(10'500)};
  CHECK(words(o, 1050, state) == std::vector<MovingWords>{{at(1010.7), "1:20"}});  // 79.5 s left
  state.timer_running = true;
  state.timer_since = at(1060);
  pages = words(o, 1060.1, state);
  CHECK(pages[0].words == "1:20");
  CHECK(pages[1] == MovingWords{at(1060.5), "1:19"});
  pages = words(o, 1139.4, state);
  CHECK(pages[0].words == "0:01");
  CHECK(pages.back() == MovingWords{at(1139.5), "時間です"});
  CHECK(words(o, 5000, state) == std::vector<MovingWords>{{at(1139.5), "時間です"}});
}

TEST_CASE("a stopwatch counts whole seconds from its start, and stands when stopped") {
  const Overlay o = timer("stopwatch", {});
  OverlayState state;
  CHECK(words(o, 1000, state)[0].words == "0:00");
  state.timer_running = true;
  state.timer_since = at(1000.4);
  auto pages = words(o, 1000.4, state);
  CHECK(pages[0] == MovingWords{at(1000.4), "0:00"});
  CHECK(pages[1] == MovingWords{at(1001.4), "0:01"});
  CHECK(words(o, 1000.4 + 3661, state)[0].words == "1:01:01");
  state = {
      .timer_running = false, .timer_since = at(1010), .timer_gone = Duration::milliseconds(9600)};
  CHECK(words(o, 2000, state) == std::vector<MovingWords>{{at(1010), "0:09"}});
}

TEST_CASE("a card's countdown ends in words for its kind") {
  HoldingCard card;
  card.countdown_to = "14:00";
  const auto said = [&](CardKind kind, Language language, double now) {
    card.kind = kind;
    return moving_words(card, kWall, language, at(now), at(now + 2))[0].words;
  };
  CHECK(said(CardKind::Break, Language::Japanese, 1000) == "0:30");
  CHECK(said(CardKind::Break, Language::Japanese, 1100) == "まもなく再開します");
  CHECK(said(CardKind::Break, Language::English, 1100) == "Back in a moment");
  CHECK(said(CardKind::Opening, Language::Japanese, 1100) == "まもなく始まります");
  card.countdown_to = "";
  CHECK(moving_words(card, kWall, Language::Japanese, at(0), at(9)).empty());
}

TEST_CASE("at any moment the first page is the one that is true, and the pages join") {
  OverlayState running;
  running.timer_running = true;
  running.timer_since = at(999.999);
  for (const Overlay& o : {timer("clock", {{"seconds", true}}), timer("clock", {}),
                           timer("countdown", {{"to", "14:00"}}),
                           timer("countdown", {{"minutes", 0.5}}), timer("stopwatch", {})})
    for (double now = 1000; now < 1040; now += 0.137) {
      const auto pages = words(o, now, running);
      REQUIRE_FALSE(pages.empty());
      CHECK(pages[0].from <= at(now));
      for (std::size_t i = 1; i < pages.size(); ++i) {
        REQUIRE(pages[i].from > at(now));
        REQUIRE(pages[i].from > pages[i - 1].from);
        CHECK(pages[i].words != pages[i - 1].words);
        // The same page, foreseen and seen.
        CHECK(moving_words(o, running, kWall, Language::Japanese, pages[i].from,
                           pages[i].from + Duration::seconds(2))[0] == pages[i]);
      }
    }
}

TEST_CASE("an overlay has each place of the show's layouts once, the place for all scenes last") {
  Show show;
  for (const char* layout : {"full", "slide_speaker", "full", "", "panel_4"}) {
    Scene scene;
    scene.layout = layout;
    show.scenes.push_back(scene);
  }
  const auto places = overlay_places(timer("clock", {}), show);
  REQUIRE(places.size() == 4);
  CHECK(places[0].layout == "full");
  CHECK(places[1].layout == "slide_speaker");
  CHECK(places[2].layout == "panel_4");
  CHECK(places[3].layout.empty());
  CHECK(places[3].rect == Rect{96, 54, 900, 90});
  Overlay own = timer("clock", {});
  own.rect = {10, 20, 300, 100};
  CHECK(overlay_places(own, show).size() == 1);
  CHECK(overlay_places(own, show)[0].rect == own.rect);
}

}  // namespace kakehashi
