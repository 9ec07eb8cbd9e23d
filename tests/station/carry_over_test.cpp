// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/carry_over.h"

#include <doctest/doctest.h>

#include "station/snapshot_maker.h"
#include "tests/station/hand_feed.h"

using namespace kakehashi;
using kakehashi::testing::HandEvent;

namespace {

LiveState wish(const Show& show, const LiveState& live, const Command& command) {
  auto next = apply(show, live, command, MediaTime{5'000'000'000});
  REQUIRE(next);
  return *next;
}

}  // namespace

TEST_CASE("another event keeps what both have: scene, faders, the emergency card") {
  const HandEvent before(MediaTime{});
  LiveState live = initial_state(before.show);
  live = wish(before.show, live, Take{});
  live = wish(before.show, live, SetMute{"mic", true});
  HandEvent after(MediaTime{});
  after.show.id = "next";
  std::swap(after.show.scenes[0], after.show.scenes[1]);
  Input guest;
  guest.id = "guest";
  guest.audio = true;
  after.show.inputs.insert(after.show.inputs.begin(), guest);

  LiveState next = carry_over(after.show, live);
  CHECK(next.program == "black");
  CHECK(next.preview == "white");
  CHECK(next.takes == 1);
  REQUIRE(next.strips.size() == 2);
  CHECK(next.strips[0].id == "guest");
  CHECK_FALSE(next.strips[0].muted);
  CHECK(next.strips[1].muted);

  live = wish(before.show, live, EmergencyOn{});
  next = carry_over(after.show, live);
  CHECK(next.emergency);
  CHECK(next.emergency_since == live.emergency_since);
}

TEST_CASE("a scene that the next event lacks gives way to its first") {
  const HandEvent before(MediaTime{});
  LiveState live = initial_state(before.show);
  live = wish(before.show, live, SetTransition{TransitionKind::Mix});
  live = wish(before.show, live, Take{});
  REQUIRE(live.transition);
  HandEvent after(MediaTime{});
  after.show.scenes.pop_back();
  after.show.scenes[0].id = "only";
  const LiveState next = carry_over(after.show, live);
  CHECK(next.program == "only");
  CHECK_FALSE(next.transition);
  CHECK(next.next_kind == TransitionKind::Mix);
}

TEST_CASE("a lost input is a fault on program and a caution elsewhere") {
  HandEvent event(MediaTime{});
  event.feeds[0]->signal = event.feeds[1]->signal = SignalState::Lost;
  const Moment moment{event.stage(), initial_state(event.show)};
  const Snapshot s = describe_moment(moment, {}, MediaTime{3'000'000'000}, MediaTime{});
  CHECK(s.session_seconds == doctest::Approx(3));
  REQUIRE(s.inputs.size() == 3);
  CHECK(s.inputs[2].microphone);
  REQUIRE(s.strips.size() == 1);
  CHECK(s.strips[0].id == "mic");
  const auto messages = messages_for(s);
  REQUIRE(messages.size() == 2);
  CHECK(messages[0].id == "input.white.lost");
  CHECK(messages[0].severity == Severity::Fault);
  CHECK(messages[1].id == "input.black.lost");
  CHECK(messages[1].severity == Severity::Caution);
}
