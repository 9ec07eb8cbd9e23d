// SPDX-License-Identifier: GPL-3.0-or-later
// An equipment test beside a running station.
#include "tests/station/engine_devices_rig.h"

using namespace kakehashi;
using namespace kakehashi::testing;

using Rig = DevicesRig;

TEST_CASE("a test has the devices to itself, the rest of the show runs, and they come back") {
  Rig rig(progress_line(0.5, true) + "while [ ! -e /tmp/no-such-file ]; do sleep 0.05; done");
  const auto usb = [](const Snapshot& s) { return *find_by_id(s.inputs, "usb"); };
  REQUIRE(rig.comes([&](const Snapshot& s) { return usb(s).signal != SignalState::Unbound; }));
  REQUIRE(rig.send(R"({"command":"equipment","on":true,"quick":true})"));
  REQUIRE(rig.comes([](const Snapshot& s) { return s.equipment.progress == 0.5; }));
  Snapshot s = rig.engine->snapshot();
  CHECK(s.equipment.running);
  CHECK(usb(s).signal == SignalState::Unbound);  // let go of
  CHECK(contains(usb(s).reason.ja, "機材テスト中"));
  CHECK(find_by_id(s.messages, "equipment.running"));
  CHECK_FALSE(find_by_id(s.messages, "input.usb.lost"));
  CHECK(s.inputs[0].signal == SignalState::Live);  // no device
  const auto pictures = s.inputs[0].captured;
  CHECK(contains(rig.refusal(TestEquipment{}), "a test is running"));
  CHECK(contains(rig.refusal(BindRole{"guest", "one"}), "equipment test"));
  CHECK(contains(rig.refusal(WatchDevices{true}), "equipment test"));
  rig.wish(TestEquipment{.on = false});
  REQUIRE(rig.comes([&](const Snapshot& now) {
    return !now.equipment.running && usb(now).signal != SignalState::Unbound;
  }));
  s = rig.engine->snapshot();
  CHECK(contains(s.equipment.refusal.ja, "中止しました"));
  CHECK_FALSE(find_by_id(s.messages, "equipment.running"));
  CHECK(rig.comes([&](const Snapshot& now) { return now.inputs[0].captured > pictures; }));
  CHECK(s.inputs[0].restarts == 0);
}

TEST_CASE("the audience first: going live ends a test, and none begins on air") {
  Rig rig("trap '' TERM; " + progress_line(0.5, true) + "while :; do sleep 0.05; done");
  rig.wish(TestEquipment{});
  REQUIRE(rig.comes([](const Snapshot& s) { return s.equipment.progress == 0.5; }));
  rig.wish(GoLive{});
  CHECK(rig.engine->snapshot().live);
  REQUIRE(rig.comes([](const Snapshot& s) {
    return !s.equipment.running && s.inputs[2].signal != SignalState::Unbound;
  }));
  CHECK(contains(rig.engine->snapshot().equipment.refusal.ja, "配信"));
  CHECK(contains(rig.refusal(TestEquipment{}), "on air"));
  rig.wish(StopLive{});
  rig.wish(StartRecord{});
  CHECK(contains(rig.refusal(TestEquipment{}), "recording"));
}

TEST_CASE("a test that dies leaves the devices open; another event may be loaded meanwhile") {
  Rig rig(progress_line(0.25, true) + "sleep 0.3; kill -SEGV $$");
  rig.wish(TestEquipment{});
  REQUIRE(rig.comes([](const Snapshot& s) { return s.equipment.progress == 0.25; }));
  Show other = event();
  other.id = "other";
  other.inputs[2].id = other.scenes[2].layers[0].input = "cam";
  REQUIRE(rig.engine->load(other).ok());
  REQUIRE(rig.comes([](const Snapshot& s) {
    return !s.equipment.running && s.inputs[2].id == "cam" &&
           s.inputs[2].signal != SignalState::Unbound;
  }));
  CHECK(contains(rig.engine->snapshot().equipment.refusal.ja, "途中で止まりました"));
}

TEST_CASE("the station may end in the middle of a test and of watching") {
  Rig rig("trap '' TERM; " + progress_line(0.5, true) + "while :; do sleep 0.05; done");
  rig.wish(WatchDevices{true});
  rig.wish(TestEquipment{});
  REQUIRE(rig.comes([](const Snapshot& s) { return s.equipment.progress == 0.5; }));
  CHECK_FALSE(rig.engine->snapshot().watching_devices);
  const auto begun = std::chrono::steady_clock::now();
  rig.engine.reset();
  CHECK(std::chrono::steady_clock::now() - begun < 8s);
}
