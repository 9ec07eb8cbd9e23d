// SPDX-License-Identifier: GPL-3.0-or-later
// Devices and roles in a running station.
#include "tests/station/engine_devices_rig.h"

using namespace kakehashi;
using namespace kakehashi::testing;

using Rig = DevicesRig;

TEST_CASE("a role is bound while the show runs: its input opens, the others run on") {
  Rig rig;
  const Snapshot before = rig.engine->snapshot();
  REQUIRE(rig.send(R"({"id":1,"command":"bind","input":"guest","device":"one"})"));
  REQUIRE(rig.live("guest"));
  const Snapshot after = rig.engine->snapshot();
  CHECK(after.devices.at(0).role == "guest");
  CHECK(after.devices.at(1).role.empty());
  CHECK(after.inputs[0].captured >= before.inputs[0].captured);  // never opened again
  CHECK(after.inputs[0].restarts == 0);
  CHECK(wait_until(
      [&] { return rig.written() == std::vector<std::string>{"hall.json guest bound"}; }));

  // The camera that is not there takes it over: who loses it is named.
  REQUIRE(rig.send(R"({"command":"bind","input":"usb","device":"one"})"));
  REQUIRE(rig.live("usb"));
  CHECK(rig.comes([](const Snapshot& s) {
    return s.inputs[1].signal == SignalState::Unbound && s.devices[0].role == "usb";
  }));
  REQUIRE(rig.tells("device.guest.moved"));
  const Snapshot moved = rig.engine->snapshot();
  CHECK(contains(find_by_id(moved.messages, "device.guest.moved")->what.ja,
                 "「guestの名」の機材を「usbの名」に"));
  CHECK(wait_until([&] { return rig.written().size() == 3; }));
  CHECK(rig.written().back() == "hall.json guest free");

  REQUIRE(rig.send(R"({"command":"bind","input":"guest","device":"two"})"));
  REQUIRE(rig.live("guest"));
  CHECK(rig.comes([](const Snapshot& s) { return !find_by_id(s.messages, "device.guest.moved"); }));
  REQUIRE(rig.send(R"({"command":"bind","input":"guest"})"));  // free again
  CHECK(rig.comes([](const Snapshot& s) {
    return s.inputs[1].signal == SignalState::Unbound && s.devices[1].role.empty();
  }));
}

TEST_CASE("a wrong device is taken back with one wish") {
  Rig rig;
  CHECK(contains(rig.refusal(UndoBinding{}), "nothing was bound"));
  CHECK(rig.engine->snapshot().undo_role.empty());
  rig.wish(BindRole{"guest", "one"});
  REQUIRE(rig.live("guest"));
  REQUIRE(rig.comes([](const Snapshot& s) { return s.undo_role == "guest"; }));
  CHECK(rig.engine->snapshot().undo_device.ja.empty());  // it had none
  rig.wish(BindRole{"usb", "one"});                      // takes it from the guest
  REQUIRE(rig.live("usb"));
  REQUIRE(rig.comes([](const Snapshot& s) { return s.undo_role == "usb"; }));
  CHECK(rig.engine->snapshot().undo_device.en == "HD Webcam");  // though it is not plugged in

  REQUIRE(rig.send(R"({"command":"bind_back"})"));
  REQUIRE(rig.comes([](const Snapshot& s) {
    return s.devices[0].role == "guest" && s.undo_role == "guest" &&
           find_by_id(s.messages, "device.usb.missing") &&
           !find_by_id(s.messages, "device.guest.moved");
  }));
  REQUIRE(rig.live("guest"));
  CHECK(wait_until([&] {
    const auto written = rig.written();
    return written.size() == 5 && written[3] == "hall.json usb bound" &&
           written[4] == "hall.json guest bound";
  }));
  rig.wish(UndoBinding{});
  REQUIRE(rig.comes([](const Snapshot& s) {
    return s.inputs[1].signal == SignalState::Unbound && s.undo_role.empty();
  }));
  CHECK(rig.written().back() == "hall.json guest free");

  rig.wish(BindRole{"bars", "one"});
  REQUIRE(rig.comes([](const Snapshot& s) { return s.undo_role == "bars"; }));
  REQUIRE(rig.live("bars"));
  rig.wish(StartRecord{});
  CHECK(contains(rig.refusal(UndoBinding{}), "on air"));
}

TEST_CASE("binding one role touches no other picture, on air or on a desk") {
  Rig rig;
  rig.plugs.set({device("one"), camera("046d:0892:B2")});
  REQUIRE(rig.comes([](const Snapshot& s) { return s.devices.size() == 2; }));
  auto views = rig.desk->pictures();
  REQUIRE(views.ok());
  const auto newest = [&](const char* name) {
    for (const auto& view : *views)
      if (view->name() == name) return view->newest_time();
    return MediaTime{};
  };
  REQUIRE(wait_until([&] { return newest("input.bars").ns > 0; }));
  const Snapshot before = rig.engine->snapshot();
  CHECK(rig.opened("bars") == 1);

  rig.wish(BindRole{"guest", "one"});
  REQUIRE(rig.live("guest"));
  rig.wish(BindRole{"guest", ""});
  REQUIRE(rig.comes([](const Snapshot& s) { return s.devices.at(0).role.empty(); }));
  rig.wish(BindRole{"guest", "046d:0892:B2"});
  REQUIRE(rig.comes([](const Snapshot& s) { return s.devices.at(1).role == "guest"; }));

  CHECK(rig.opened("bars") == 1);
  const auto captured = rig.engine->snapshot().inputs[0].captured;
  CHECK(captured > before.inputs[0].captured);
  CHECK(rig.comes([&](const Snapshot& s) { return s.inputs[0].captured > captured; }));
  // The boards that this desk has mapped go on; guest's picture is on the one it had.
  CHECK(rig.engine->snapshot().boards == before.boards);
  const MediaTime bars = newest("input.bars"), guest = newest("input.guest");
  CHECK(wait_until([&] { return newest("input.bars") > bars && newest("input.guest") > guest; }));
  // A role that still looks for its own camera learns which ones are others' by now.
  CHECK(wait_until([&] {
    const auto others = rig.others_of("usb");
    return others.size() == 1 && others[0].serial == "046d:0892:B2";
  }));
}

TEST_CASE("what cannot be bound is refused with its reason") {
  Rig rig;
  CHECK(contains(rig.refusal(BindRole{"nobody", "one"}), "no input is called \"nobody\""));
  CHECK(contains(rig.refusal(BindRole{"guest", "three"}), "\"three\" is not plugged in"));
  CHECK(rig.send(R"({"command":"bind","input":"bars","device":"two"})"));  // nobody looks yet
  REQUIRE(rig.comes([](const Snapshot& s) { return s.devices[1].role == "bars"; }));
  REQUIRE(rig.live("bars"));
  rig.wish(StartRecord{});
  CHECK(contains(rig.refusal(BindRole{"bars", "one"}), "\"bars\" is on air"));
  CHECK(contains(rig.refusal(BindRole{"guest", "two"}), "\"bars\" is on air"));  // it would lose it
  CHECK_FALSE(rig.send(R"({"command":"bind","input":"bars","device":"one"})"));
  CHECK(contains(rig.last, "on air"));
  rig.wish(BindRole{"guest", "one"});  // nobody sees it
  CHECK(rig.live("guest"));
}

TEST_CASE("a binding that cannot be kept holds for now, and that is said") {
  Rig rig;
  rig.disk_full = true;
  rig.wish(BindRole{"guest", "one"});
  CHECK(rig.live("guest"));
  CHECK(rig.tells("device.guest.unsaved"));
  rig.disk_full = false;
  rig.wish(BindRole{"guest", "two"});
  CHECK(
      rig.comes([](const Snapshot& s) { return !find_by_id(s.messages, "device.guest.unsaved"); }));
}

TEST_CASE("a bound device that is not plugged in is named") {
  Rig rig;
  REQUIRE(rig.tells("device.usb.missing"));
  const Snapshot s = rig.engine->snapshot();
  CHECK(contains(find_by_id(s.messages, "device.usb.missing")->what.ja,
                 "「usbの名」の機材（HD Webcam）"));
  CHECK_FALSE(find_by_id(s.messages, "input.usb.lost"));
}

TEST_CASE("devices without a role are shown while roles are bound, until the show begins") {
  Rig rig;
  rig.wish(BindRole{"guest", "one"});
  REQUIRE(rig.live("guest"));
  REQUIRE(rig.send(R"({"command":"devices","on":true})"));
  REQUIRE(wait_until([&] { return rig.has_board("device.two"); }));
  CHECK(rig.engine->snapshot().watching_devices);
  CHECK_FALSE(rig.has_board("device.one"));  // its picture is the role's
  const auto boards = rig.engine->snapshot().boards;
  rig.plugs.set({device("one"), device("two"), device("three")});
  REQUIRE(wait_until([&] { return rig.has_board("device.three"); }));
  CHECK(rig.engine->snapshot().boards > boards);
  rig.plugs.set({device("one"), device("two")});
  REQUIRE(wait_until([&] { return !rig.has_board("device.three"); }));
  rig.wish(BindRole{"usb", "two"});
  REQUIRE(rig.live("usb"));
  REQUIRE(wait_until([&] { return !rig.has_board("device.two"); }));

  rig.wish(GoLive{});
  CHECK_FALSE(rig.engine->snapshot().watching_devices);
  CHECK(contains(rig.refusal(WatchDevices{true}), "on air"));
  rig.wish(WatchDevices{false});
  rig.wish(StopLive{});
  rig.wish(WatchDevices{true});
  CHECK(rig.engine->snapshot().watching_devices);
}
