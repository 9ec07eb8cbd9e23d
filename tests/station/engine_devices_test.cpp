// SPDX-License-Identifier: GPL-3.0-or-later
// A running station whose devices are test pictures with names: roles are bound, devices watched
// and tested through the door.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "station/door/client.h"
#include "station/door/codec.h"
#include "station/engine.h"
#include "tests/station/hand_devices.h"
#include "tests/support/process.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;

namespace {

// Offered as a camera, opened as a test picture.
Device device(const std::string& id) {
  Device d;
  d.id = d.name = id;
  d.kind = "camera";
  d.spec = {"test", {{"device", id}, {"pattern", std::string("moving")}, {"beep", false}}};
  return d;
}

Device camera(const std::string& serial) {
  Device d;
  d.id = d.name = d.identity.serial = serial;
  d.kind = "camera";
  d.spec = {"camera", {{"serial", serial}}};
  return d;
}

Input input(const char* id, std::optional<SourceSpec> source) {
  Input i;
  i.id = id;
  i.name = {std::string(id) + "の名", id};
  i.source = std::move(source);
  return i;
}

Scene whole(const char* id, const char* shows) {
  Scene scene;
  scene.id = id;
  scene.name = {id, id};
  Layer layer;
  layer.input = shows;
  layer.rect = {0, 0, 320, 180};
  scene.layers.push_back(layer);
  return scene;
}

// "bars" on program, "guest" unbound, "usb" a camera that is not there.
Show event() {
  Show show;
  show.id = "hall";
  show.title = {"会場", "Hall"};
  show.canvas = {320, 180, Rate{30, 1}};
  show.inputs = {
      input("bars", SourceSpec{"test", {{"pattern", std::string("bars")}, {"beep", false}}}),
      input("guest", {}),
      input("usb", SourceSpec{"camera",
                              {{"serial", std::string("046d:0892:A1")},
                               {"model", std::string("HD Webcam")}}})};
  show.scenes = {whole("s_bars", "bars"), whole("s_guest", "guest"), whole("s_usb", "usb")};
  show.encode.video_kbps = 500;
  show.record.with_stream = false;
  Destination nowhere;
  nowhere.id = "nowhere";
  nowhere.name = {"どこにもない", "Nowhere"};
  nowhere.settings["url"] = "rtmp://127.0.0.1:" + std::to_string(free_port()) + "/live";
  show.destinations.push_back(nowhere);
  return show;
}

std::string progress_line(double progress, bool running) {
  EquipmentProgress p;
  p.running = running;
  p.progress = progress;
  return "echo '" + write_equipment(p) + "'; ";
}

struct Rig {
  explicit Rig(const std::string& test_script = "exit 0") {
    EngineOptions options;
    options.socket_path = folder / "door";
    options.outputs.record_folder = folder.path();
    options.event_path = "hall.json";
    options.device_list = [this](std::function<void()> changed) {
      return std::make_unique<HandList>(plugs, std::move(changed));
    };
    options.find_kind = [this](const std::string& name) { return counted(name); };
    options.own_source = [](const std::string&, const std::string&) {
      return std::optional<SourceSpec>();
    };
    options.keep_binding = [this](const std::string& path, const Binding& binding) -> Status {
      const std::lock_guard lock(mutex);
      kept.push_back(path + " " + binding.role + (binding.device ? " bound" : " free"));
      if (disk_full) return Error{ErrorKind::FixSetup, "disk full"};
      return {};
    };
    options.equipment_test = [test_script](const std::string& path) {
      return std::vector<std::string>{"sh", "-c", "test " + path + " = hall.json && " + test_script,
                                      "equip-test"};
    };
    plugs.set({device("one"), device("two")});
    auto opened = Engine::open(event(), std::move(options), clock);
    REQUIRE_MESSAGE(opened.ok(), (opened.ok() ? "" : opened.error().message));
    engine = std::move(*opened);
    auto door = DoorClient::connect(folder / "door");
    REQUIRE(door.ok());
    desk = std::move(*door);
    REQUIRE(desk->subscribe(20).ok());
    REQUIRE(comes([](const Snapshot& s) {
      return s.devices.size() == 2 && s.inputs.at(0).signal == SignalState::Live;
    }));
  }
  // As `kakehashi-station send` does.
  bool send(const std::string& line) {
    const auto answer = desk->exchange(line, 5s);
    REQUIRE(answer.ok());
    last = *answer;
    return answer->find("\"ok\":true") != std::string::npos;
  }
  void wish(const Command& command) {
    const auto ok = desk->send(command, 5s);
    REQUIRE_MESSAGE(ok.ok(), (ok.ok() ? "" : ok.error().message));
  }
  std::string refusal(const Command& command) {
    const auto refused = desk->send(command, 5s);
    CHECK_FALSE(refused.ok());
    if (refused.ok()) return "";
    const Text& words = refused.error().words;  // what an operator reads: cause and one action
    CHECK_MESSAGE(words.ja.find("→ ") != std::string::npos, words.ja);
    CHECK_MESSAGE(words.en.find("-> ") != std::string::npos, words.en);
    CHECK_MESSAGE(words.ja.find("内容を確認") == std::string::npos, words.ja);  // its own words
    return refused.error().message;
  }
  template <class Condition>
  bool comes(Condition condition) {
    return wait_until([&] { return condition(engine->snapshot()); }, 20s);
  }
  bool live(const std::string& id) {
    return comes(
        [&](const Snapshot& s) { return find_by_id(s.inputs, id)->signal == SignalState::Live; });
  }
  bool tells(const std::string& message) {
    return comes([&](const Snapshot& s) { return find_by_id(s.messages, message) != nullptr; });
  }
  bool has_board(const std::string& name) {
    auto views = desk->pictures();
    REQUIRE(views.ok());
    for (const auto& view : *views)
      if (view->name() == name) return view->newest_time().ns > 0;
    return false;
  }
  // The table's kind, and it is noted who opens what beside whom.
  const SourceKind* counted(const std::string& name) {
    const SourceKind* real = find_source_kind(name);
    if (!real) return nullptr;
    const std::lock_guard lock(mutex);
    auto [it, fresh] = kinds.try_emplace(name, *real);
    if (fresh)
      it->second.open = [this, real](const Settings& settings, const SourceContext& c) {
        {
          const std::lock_guard noting(mutex);
          ++openings[c.input];
          others[c.input] = c.others;
        }
        return real->open(settings, c);
      };
    return &it->second;
  }
  int opened(const std::string& id) {
    const std::lock_guard lock(mutex);
    return openings[id];
  }
  std::vector<DeviceIdentity> others_of(const std::string& id) {
    const std::lock_guard lock(mutex);
    return others[id];
  }
  std::vector<std::string> written() {
    const std::lock_guard lock(mutex);
    return kept;
  }

  TempDir folder;
  Plugs plugs;
  MonotonicClock clock;
  std::mutex mutex;
  std::vector<std::string> kept;
  std::map<std::string, SourceKind> kinds;
  std::map<std::string, int> openings;  // by input
  std::map<std::string, std::vector<DeviceIdentity>> others;
  bool disk_full = false;
  std::string last;
  std::unique_ptr<Engine> engine;
  std::unique_ptr<DoorClient> desk;
};

bool contains(const std::string& text, const char* part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

}  // namespace

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
  REQUIRE(rig.live("bars"));
  REQUIRE(rig.comes([](const Snapshot& s) { return s.undo_role == "bars"; }));
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
  CHECK(s.inputs[0].captured > pictures);
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
