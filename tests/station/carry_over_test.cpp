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

  LiveState next = carry_over(after.show, before.show, live);
  CHECK(next.program == "black");
  CHECK(next.preview == "white");
  CHECK(next.takes == 1);
  REQUIRE(next.strips.size() == 2);
  CHECK(next.strips[0].id == "guest");
  CHECK_FALSE(next.strips[0].muted);
  CHECK(next.strips[1].muted);

  live = wish(before.show, live, EmergencyOn{});
  next = carry_over(after.show, before.show, live);
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
  const LiveState next = carry_over(after.show, before.show, live);
  CHECK(next.program == "only");
  CHECK_FALSE(next.transition);
  CHECK(next.next_kind == TransitionKind::Mix);
}

TEST_CASE("buses, timers and the next transition go on where the next event has them") {
  HandEvent before(MediaTime{});
  Overlay watch;
  watch.id = "watch";
  watch.kind = "stopwatch";
  before.show.overlays.push_back(watch);
  LiveState live = initial_state(before.show);
  live = wish(before.show, live, SetTransition{TransitionKind::WipeUp, 1.5});
  live = wish(before.show, live, SetTimer{"watch", true});
  live = wish(before.show, live, SetBusScene{Bus::Venue, "white"});
  live = wish(before.show, live, SetBusScene{Bus::Aux, "black"});
  live = wish(before.show, live, SetGenlock{true});
  HandEvent after(MediaTime{});
  after.show.overlays.push_back(watch);
  after.show.scenes.pop_back();
  after.show.aux_bus.scene = "white";
  const LiveState next = carry_over(after.show, before.show, live);
  CHECK(next.next_duration == Duration::milliseconds(1500));
  CHECK(next.overlays.at(0) == live.overlays.at(0));
  CHECK(next.venue_scene == "white");
  CHECK(next.aux_scene == "white");  // "black" is gone: as the new event says
  CHECK(next.genlock);
}

TEST_CASE("sound goes on as hands have left it; what is new is as the snapshot in force says") {
  HandEvent before(MediaTime{});
  Scene card;
  card.id = "pause";
  card.card = "c";
  before.show.scenes.push_back(card);
  before.show.cards.push_back({.id = "c"});
  before.show.sound.snapshots.push_back({"A", {"A", ""}, {"mic"}, false, false, {}});
  before.show.scenes[0].sound = "A";
  LiveState live = initial_state(before.show);
  live = wish(before.show, live, SetSoundBus{"monitor", {-6}, true});
  StripSettings louder = live.strips[0].sound;
  louder.trim_db = 6;

  HandEvent after(MediaTime{});
  after.show = before.show;
  Input fresh;
  fresh.id = "fresh";
  fresh.audio = fresh.microphone = true;
  after.show.inputs.push_back(fresh);
  find_by_id(after.show.inputs, "mic")->sound.pan = 0.5;

  LiveState next = carry_over(after.show, before.show, live);
  CHECK(next.sound_snapshot == "A");
  CHECK(next.strips[0].open);
  CHECK(next.strips[0].sound.pan == 0.5);  // the file was corrected
  CHECK_FALSE(find_by_id(next.strips, "fresh")->open);
  CHECK(find_by_id(next.sound_buses, "monitor")->muted);
  next = carry_over(after.show, before.show, wish(before.show, live, SetStrip{"mic", louder}));
  CHECK(next.strips[0].sound == louder);  // the desk's word

  // Under a card: set aside as before, also for the new one; a cue goes on.
  live = wish(before.show, live, SelectPreview{"pause"});
  live = wish(before.show, live, Take{});
  live = wish(before.show, live, RecallSound{"A"});
  REQUIRE(live.card_microphones == std::vector<std::string>{"mic"});
  next = carry_over(after.show, before.show, live);
  CHECK(next.card_microphones == live.card_microphones);
  REQUIRE(next.before_card);
  CHECK_FALSE(find_by_id(next.before_card->strips, "fresh")->open);

  // The card's scene is gone: as by a take to what is shown instead.
  after.show.scenes.pop_back();
  next = carry_over(after.show, before.show, live);
  CHECK_FALSE(next.before_card);
  CHECK(next.card_microphones.empty());

  // The snapshot is gone: the program scene's own.
  live = initial_state(before.show);
  after.show.sound.snapshots = {{"B", {"B", ""}, {"fresh"}, false, false, {}}};
  after.show.scenes[0].sound = "B";
  next = carry_over(after.show, before.show, live);
  CHECK(next.sound_snapshot == "B");
  CHECK_FALSE(next.strips[0].open);
  CHECK(find_by_id(next.strips, "fresh")->open);
}

TEST_CASE(
    "a strip begins with what was chosen in this hall; another choice outlasts the next event") {
  HandEvent before(MediaTime{}), after(MediaTime{});
  Input& here = *find_by_id(before.show.inputs, "mic");
  here.sound_here = settings_of(ProcessingSet::Music);
  const StripSettings line = settings_of(ProcessingSet::Line);
  find_by_id(after.show.inputs, "mic")->sound_here = line;
  LiveState live = initial_state(before.show);
  CHECK(find_by_id(live.strips, "mic")->sound == here.sound_here);
  LiveState next = carry_over(after.show, before.show, live);
  CHECK(find_by_id(next.strips, "mic")->sound == line);  // nobody had touched it
  live = wish(before.show, live, SetStrip{"mic", here.sound});
  next = carry_over(after.show, before.show, live);
  CHECK(find_by_id(next.strips, "mic")->sound == here.sound);
  // The event's word still counts.
  here.sound.rights = Rights::VenueOnly;
  CHECK_FALSE(apply(before.show, live, SetStrip{"mic", line}, MediaTime{5'000'000'000}));
}

TEST_CASE("a snapshot tells of transition, buses, holds and timers") {
  HandEvent event(MediaTime{});
  Overlay title;
  title.id = "title";
  title.hold = Duration::seconds(3);
  title.rect = {0, 0, 10, 10};
  Overlay watch = title;
  watch.id = "watch";
  watch.kind = "stopwatch";
  watch.hold = Duration{};
  event.show.overlays = {title, watch};
  LiveState live = initial_state(event.show);
  live = wish(event.show, live, SetTransition{TransitionKind::FadeBlack, 2});
  live = wish(event.show, live, SetTBar{0.25});
  live = wish(event.show, live, SetOverlay{"title", true});
  live = wish(event.show, live, SetTimer{"watch", true});
  live = wish(event.show, live, SetBusScene{Bus::Venue, "black"});
  const auto at = [&](std::int64_t ms) {
    return describe_moment({event.stage(), live, nullptr}, {},
                           MediaTime{5'000'000'000} + Duration::milliseconds(ms), MediaTime{});
  };
  Snapshot s = at(1000);
  CHECK(s.next_seconds == doctest::Approx(2));
  CHECK(s.transition_progress == doctest::Approx(0.25));
  CHECK(s.transition_held);
  CHECK(s.venue_scene == "black");
  REQUIRE(s.overlays.size() == 2);
  CHECK(s.overlays[0].on);
  CHECK(s.overlays[0].seconds_left == doctest::Approx(2));
  CHECK(s.overlays[0].fits);
  CHECK_FALSE(s.overlays[0].timer);
  CHECK(s.overlays[1].timer);
  CHECK(s.overlays[1].timer_running);
  CHECK(s.overlays[1].seconds_left == -1);
  s = at(3000);
  CHECK_FALSE(s.overlays[0].on);
  CHECK(s.overlays[0].seconds_left == -1);
}

TEST_CASE("a lost input is a fault on program and a caution elsewhere") {
  HandEvent event(MediaTime{});
  event.feeds[0]->signal = event.feeds[1]->signal = SignalState::Lost;
  const Moment moment{event.stage(), initial_state(event.show), nullptr};
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

TEST_CASE("what a detector found is a message with its input's name and one action") {
  Snapshot s;
  s.inputs.resize(1);
  s.inputs[0].id = "mic_mc";
  s.inputs[0].name = {"司会マイク", "MC microphone"};
  s.inputs[0].signal = SignalState::Live;
  s.inputs[0].findings = {
      {"hum", Severity::Notice, {"雑音です。", "Hum."}, {"離してください。", "Move it."}},
      {"clipping",
       Severity::Caution,
       {"音が割れています。", "Distorted."},
       {"下げる", "Lower it."}}};
  const auto messages = messages_for(s);
  REQUIRE(messages.size() == 2);
  CHECK(messages[0].id == "input.mic_mc.clipping");
  CHECK(messages[0].severity == Severity::Caution);
  CHECK(messages[0].what.ja == "司会マイク：音が割れています。");
  CHECK(messages[0].what.en == "MC microphone: Distorted.");
  CHECK(messages[0].action.en == "Lower it.");
  CHECK(messages[1].id == "input.mic_mc.hum");
}
