// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/display_log.h"

#include <doctest/doctest.h>

#include "tests/station/hand_feed.h"

using namespace kakehashi;
using kakehashi::testing::HandEvent;

namespace {

constexpr Duration ms(std::int64_t v) { return Duration::milliseconds(v); }

struct Rig {
  Rig() {
    HoldingCard card;
    card.id = "pause";
    event.show.cards.push_back(card);
    Scene pause;
    pause.id = "pause";
    pause.card = "pause";
    event.show.scenes.push_back(pause);
    Overlay qr;
    qr.id = "survey";
    qr.kind = "qr";
    qr.rect = {4, 4, 16, 16};
    event.show.overlays.push_back(qr);
    Overlay title;
    title.id = "title";
    title.hold = ms(2000);
    title.rect = {4, 20, 40, 8};
    event.show.overlays.push_back(title);
    live = initial_state(event.show);
    tell();
  }
  void tell() {
    log.change(std::make_shared<const Moment>(Moment{event.stage(), live, nullptr}), now);
  }
  void wish(const Command& command) {
    auto next = apply(event.show, live, command, now);
    REQUIRE(next);
    live = *next;
    tell();
  }
  Duration shown(std::size_t i) { return log.shown(now)[i]; }

  HandEvent event{MediaTime{}};
  LiveState live;
  MediaTime now{1'000'000'000};
  DisplayLog log;
};

}  // namespace

TEST_CASE("display time is counted to the nanosecond, whoever asks in between") {
  Rig rig;
  for (int i = 0; i < 50; ++i) {
    rig.wish(SetOverlay{"survey", true});
    rig.now = rig.now + ms(10) + Duration::nanoseconds(1);
    if (i % 3 == 0) (void)rig.shown(0);
    rig.now = rig.now + ms(5);
    rig.wish(SetOverlay{"survey", false});
    rig.now = rig.now + ms(7);
    if (i % 7 == 0) (void)rig.shown(0);
  }
  CHECK(rig.shown(0) == ms(750) + Duration::nanoseconds(50));
  CHECK(rig.shown(1) == Duration{});
  rig.log.restart();
  CHECK(rig.shown(0) == Duration{});
}

TEST_CASE("what goes off by itself counts until it does, however late somebody looks") {
  Rig rig;
  rig.wish(SetOverlay{"title", true});
  rig.now = rig.now + ms(500);
  CHECK(rig.shown(1) == ms(500));
  rig.now = rig.now + ms(60'000);
  CHECK(rig.shown(1) == ms(2000));
  rig.wish(SetOverlay{"title", true});
  rig.now = rig.now + ms(100);
  CHECK(rig.shown(1) == ms(2100));
}

TEST_CASE("covered by a card it is not shown") {
  Rig rig;
  rig.wish(SetOverlay{"survey", true});
  rig.now = rig.now + ms(1000);
  rig.wish(EmergencyOn{});
  rig.now = rig.now + ms(1000);
  CHECK(rig.shown(0) == ms(1000));
  rig.wish(EmergencyOff{});
  rig.now = rig.now + ms(1000);
  rig.wish(SelectPreview{"pause"});
  rig.wish(Take{});
  rig.now = rig.now + ms(1000);
  CHECK(rig.shown(0) == ms(2000));
  rig.wish(Take{});
  rig.now = rig.now + ms(250);
  CHECK(rig.shown(0) == ms(2250));
}

TEST_CASE("an event that goes on keeps the counts of what it still has") {
  Rig rig;
  rig.wish(SetOverlay{"survey", true});
  rig.now = rig.now + ms(1000);
  std::swap(rig.event.show.overlays[0], rig.event.show.overlays[1]);
  std::swap(rig.live.overlays[0], rig.live.overlays[1]);
  rig.tell();
  rig.now = rig.now + ms(1000);
  CHECK(rig.shown(1) == ms(2000));
  rig.event.show.overlays.pop_back();
  rig.live.overlays.pop_back();
  rig.tell();
  rig.now = rig.now + ms(1000);
  CHECK(rig.log.shown(rig.now).size() == 1);
}
