// SPDX-License-Identifier: GPL-3.0-or-later
// Overlays that fade, that leave by themselves, and that count time.
#include <doctest/doctest.h>

#include <cmath>

#include "tests/mixer/three_scenes.h"

namespace kakehashi {
namespace {

using testing::kNow;
using testing::ms;
using testing::must;
using testing::refused;
using testing::three_scenes;

TEST_CASE("an overlay fades, and turned round it goes back from where it is") {
  Show show = three_scenes();
  Overlay& title = show.overlays[0];
  LiveState live = must(show, initial_state(show), SetOverlay{"title", true}, kNow);
  const auto shown = [&](MediaTime t) { return overlay_opacity(title, live.overlays[0], t); };
  CHECK(shown(kNow) == 0.0);
  CHECK(shown(kNow + ms(125)) == doctest::Approx(0.5));
  CHECK(shown(kNow + ms(250)) == 1.0);
  CHECK(shown(kNow + ms(9999)) == 1.0);

  SUBCASE("out again after it is in") {
    live = must(show, live, SetOverlay{"title", false}, kNow + ms(1000));
    CHECK(shown(kNow + ms(1000)) == 1.0);
    CHECK(shown(kNow + ms(1125)) == doctest::Approx(0.5));
    CHECK(shown(kNow + ms(1250)) == 0.0);
  }
  SUBCASE("out again half way") {
    live = must(show, live, SetOverlay{"title", false}, kNow + ms(100));
    CHECK(shown(kNow + ms(100)) == doctest::Approx(0.4));
    CHECK(shown(kNow + ms(150)) == doctest::Approx(0.2));
    CHECK(shown(kNow + ms(200)) == doctest::Approx(0.0));
    live = must(show, live, SetOverlay{"title", true}, kNow + ms(150));
    CHECK(shown(kNow + ms(150)) == doctest::Approx(0.2));
    CHECK(shown(kNow + ms(350)) == doctest::Approx(1.0));
  }
  SUBCASE("without a fade it is there at once") {
    title.fade = {};
    CHECK(shown(kNow) == 1.0);
  }
}

TEST_CASE("an overlay with a hold goes off by itself, and on again stays its whole time") {
  Show show = three_scenes();
  Overlay& title = show.overlays[0];
  title.hold = ms(2000);
  LiveState live = must(show, initial_state(show), SetOverlay{"title", true}, kNow);
  const auto shown = [&](MediaTime t) { return overlay_opacity(title, live.overlays[0], t); };
  const auto on = [&](MediaTime t) { return overlay_is_on(title, live.overlays[0], t); };
  const auto left = [&](MediaTime t) { return overlay_time_left(title, live.overlays[0], t); };
  CHECK(shown(kNow + ms(1999)) == 1.0);
  CHECK(on(kNow + ms(1999)));
  CHECK(left(kNow + ms(500)) == ms(1500));
  CHECK_FALSE(on(kNow + ms(2000)));
  CHECK_FALSE(left(kNow + ms(2000)));
  CHECK(shown(kNow + ms(2125)) == doctest::Approx(0.5));
  CHECK(shown(kNow + ms(2250)) == 0.0);
  CHECK(shown(kNow + ms(99'000)) == 0.0);

  SUBCASE("said on again while it stands, nothing changes") {
    CHECK(must(show, live, SetOverlay{"title", true}, kNow + ms(1000)) == live);
  }
  SUBCASE("on again after it is gone") {
    live = must(show, live, SetOverlay{"title", true}, kNow + ms(5000));
    CHECK(shown(kNow + ms(5000)) == 0.0);
    CHECK(shown(kNow + ms(5125)) == doctest::Approx(0.5));
    CHECK(left(kNow + ms(5000)) == ms(2000));
  }
  SUBCASE("on again while it leaves: back from where it is") {
    live = must(show, live, SetOverlay{"title", true}, kNow + ms(2100));
    CHECK(shown(kNow + ms(2100)) == doctest::Approx(0.6));
    CHECK(shown(kNow + ms(2200)) == doctest::Approx(1.0));
    CHECK(on(kNow + ms(3900)));
  }
  SUBCASE("said off while it leaves: goes on leaving") {
    live = must(show, live, SetOverlay{"title", false}, kNow + ms(2100));
    CHECK(shown(kNow + ms(2100)) == doctest::Approx(0.6));
    CHECK(shown(kNow + ms(2250)) == doctest::Approx(0.0));
    CHECK(must(show, live, SetOverlay{"title", false}, kNow + ms(2200)) == live);
  }
  SUBCASE("a hold shorter than its fades never jumps") {
    title.hold = ms(100);
    double before = 0;
    for (int t = 0; t <= 500; ++t) {
      CHECK(std::abs(shown(kNow + ms(t)) - before) < 0.01);
      before = shown(kNow + ms(t));
    }
    CHECK(before == 0.0);
  }
  SUBCASE("a name title without a hold of its own has that of its letters") {
    title.hold.reset();
    title.people = {{"中村 さくら", "", "みどり区 危機管理課"}};  // 6 + 10 letters: 5 s, least 6 s
    CHECK(on(kNow + ms(5999)));
    CHECK_FALSE(on(kNow + ms(6000)));
  }
}

TEST_CASE("a timer's time is exact over any stops, and only timers have one") {
  Show show = three_scenes();
  Overlay watch;
  watch.id = "watch";
  watch.kind = "stopwatch";
  Overlay minutes = watch;
  minutes.id = "minutes";
  minutes.kind = "countdown";
  minutes.settings["minutes"] = 5.0;
  Overlay clock_time = minutes;
  clock_time.id = "until";
  clock_time.settings = {{"to", std::string("14:00")}};
  show.overlays.insert(show.overlays.end(), {watch, minutes, clock_time});
  LiveState live = initial_state(show);
  const auto value = [&](MediaTime t) { return timer_value(live.overlays[1], t); };
  CHECK(value(kNow) == ms(0));
  MediaTime t = kNow;
  for (int i = 0; i < 100; ++i) {  // runs 10 ms and 1 ns, stands 7 ms
    live = must(show, live, SetTimer{"watch", true}, t);
    CHECK(must(show, live, SetTimer{"watch", true}, t + ms(3)) == live);
    t = t + ms(10) + Duration::nanoseconds(1);
    live = must(show, live, SetTimer{"watch", false}, t);
    t = t + ms(7);
  }
  CHECK(value(t) == ms(1000) + Duration::nanoseconds(100));
  live = must(show, live, SetTimer{"watch", true}, t);
  CHECK(value(t + ms(500)) == ms(1500) + Duration::nanoseconds(100));
  live = must(show, live, SetTimer{"watch", true, true}, t + ms(500));
  CHECK(value(t + ms(600)) == ms(100));
  live = must(show, live, SetTimer{"watch", false, true}, t + ms(600));
  CHECK(value(t + ms(900)) == ms(0));
  CHECK(must(show, live, SetTimer{"minutes", true}, t).overlays[2].timer_running);
  for (const char* id : {"until", "title"})
    CHECK(refused(show, live, SetTimer{id, true}).kind == ErrorKind::FixInput);
  CHECK(refused(show, live, SetTimer{"x9", true}).kind == ErrorKind::NotFound);
}

}  // namespace
}  // namespace kakehashi
