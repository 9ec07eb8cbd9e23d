// SPDX-License-Identifier: GPL-3.0-or-later
// What a desk is told about strips and buses.
#include <doctest/doctest.h>

#include "station/snapshot_maker.h"
#include "tests/station/hand_feed.h"

using namespace kakehashi;
using kakehashi::testing::HandEvent;

namespace {

const MediaTime kEpoch{1'000'000'000};

struct Rig {
  HandEvent event{kEpoch};
  LiveState live;
  AudioMeters meters;

  Rig() {
    event.show.inputs[1].audio = true;
    event.show.inputs[1].partner = "tokyo";
    event.show.inputs[1].sound = settings_of(ProcessingSet::Remote);
    event.show.inputs[2].name = {"司会", "Host"};
    event.show.sound.venue = {"black"};
    event.show.sound.snapshots = {{"talk", {"話", "Talk"}, {"mic"}, false, false, {}}};
    Scene card;
    card.id = "break";
    card.card = "pause";
    event.show.scenes.push_back(card);
    live = initial_state(event.show);
    meters.strips.resize(2);
    meters.buses.resize(5);
  }
  void wish(const Command& command) {
    auto next = apply(event.show, live, command, kEpoch);
    REQUIRE(next);
    live = *next;
  }
  Snapshot snapshot() const {
    return describe_moment(Moment{event.stage(), live}, meters, kEpoch, kEpoch);
  }
};

const StripStatus& host(const Snapshot& s) { return s.strips.at(1); }
const StripStatus& guest(const Snapshot& s) { return s.strips.at(0); }

}  // namespace

TEST_CASE("each strip says where it is heard") {
  Rig rig;
  const Snapshot s = rig.snapshot();
  REQUIRE(s.strips.size() == 2);
  CHECK(guest(s).id == "black");
  CHECK(guest(s).heard);
  CHECK(guest(s).buses == std::vector<std::string>{"program", "record_clean", "venue", "monitor"});
  CHECK(host(s).buses ==
        std::vector<std::string>{"program", "record_clean", "monitor", "return.tokyo"});
  CHECK(guest(s).closed == Text{});
  CHECK(guest(s).sound == settings_of(ProcessingSet::Remote));
  CHECK(s.microphones_live.empty());
}

TEST_CASE("a strip that is not heard says why, unless somebody muted it") {
  Rig rig;
  SUBCASE("the snapshot") {
    rig.wish(RecallSound{"talk"});
    const Snapshot s = rig.snapshot();
    CHECK(s.sound_snapshot == "talk");
    CHECK_FALSE(guest(s).open);
    CHECK_FALSE(guest(s).heard);
    CHECK(guest(s).closed.ja.find("音のセット") != std::string::npos);
    CHECK(host(s).heard);
  }
  SUBCASE("a card, and the microphone a cue opened under it") {
    rig.live.program = "break";
    CHECK(host(rig.snapshot()).closed.en.find("card") != std::string::npos);
    CHECK(rig.snapshot().microphones_live.empty());
    rig.wish(RecallSound{"talk"});
    CHECK(host(rig.snapshot()).heard);
    CHECK(rig.snapshot().microphones_live == std::vector<std::string>{"mic"});
  }
  SUBCASE("by hand") {
    rig.wish(SetMute{"mic", true});
    CHECK(host(rig.snapshot()).muted);
    CHECK_FALSE(host(rig.snapshot()).heard);
    CHECK(host(rig.snapshot()).closed == Text{});
  }
}

TEST_CASE("meters and faders of strips and buses arrive at the desk") {
  Rig rig;
  rig.meters.strips[1].peak_db[1] = -7;
  rig.meters.strips[1].automix_db = -3;
  rig.meters.strips[1].rider_db = 4;
  rig.meters.strips[1].talks = true;
  rig.meters.buses[kVenueBus].peak_db[0] = -12;
  rig.meters.buses[kVenueBus].limiter_db = -2;
  rig.meters.program.short_term_lufs = -17;
  rig.wish(SetSoundBus{"venue", {-6}, true});
  const Snapshot s = rig.snapshot();
  CHECK(host(s).peak_db[1] == -7);
  CHECK(host(s).automix_db == -3);
  CHECK(host(s).rider_db == 4);
  CHECK(host(s).talks);
  REQUIRE(s.sound_buses.size() == 5);
  CHECK(s.sound_buses[4].id == "return.tokyo");
  CHECK(s.sound_buses[4].kind == SoundBusKind::MixMinus);
  CHECK(s.sound_buses[kVenueBus].gain_db == -6);
  CHECK(s.sound_buses[kVenueBus].muted);
  CHECK(s.sound_buses[kVenueBus].peak_db[0] == -12);
  CHECK(s.sound_buses[kVenueBus].limiter_db == -2);
  CHECK(s.sound.short_term_lufs == -17);
  REQUIRE(s.sound_snapshots.size() == 1);
  CHECK(s.sound_snapshots[0].name.ja == "話");
}
