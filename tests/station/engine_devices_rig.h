// SPDX-License-Identifier: GPL-3.0-or-later
// A running station whose devices are plugged by hand: who opens what is counted, what is kept of
// bindings is noted, its equipment test is a line of shell.
#pragma once

#include <algorithm>
#include <map>

#include "station/door/client.h"
#include "station/door/codec.h"
#include "tests/station/engine_rig.h"
#include "tests/station/hand_devices.h"

namespace kakehashi::testing {

using namespace std::chrono_literals;

// Offered as a camera, opened as a test picture.
inline Device device(const std::string& id) {
  Device d;
  d.id = d.name = id;
  d.kind = "camera";
  d.spec = {"test", {{"device", id}, {"pattern", std::string("moving")}, {"beep", false}}};
  return d;
}

inline Device camera(const std::string& serial) {
  Device d;
  d.id = d.name = d.identity.serial = serial;
  d.kind = "camera";
  d.spec = {"camera", {{"serial", serial}}};
  return d;
}

// "bars" on program, "guest" unbound, "usb" a camera that is not there.
inline Show event() {
  Show show = small_show("hall", {"会場", "Hall"});
  show.inputs = {test_input("bars", test_pattern("bars")), test_input("guest", {}),
                 test_input("usb", SourceSpec{"camera",
                                              {{"serial", std::string("046d:0892:A1")},
                                               {"model", std::string("HD Webcam")}}})};
  for (Input& input : show.inputs) {
    input.name.ja += "の名";
    show.scenes.push_back(whole_scene("s_" + input.id, input.id));
  }
  Destination nowhere;
  nowhere.id = "nowhere";
  nowhere.name = {"どこにもない", "Nowhere"};
  nowhere.settings["url"] = "rtmp://127.0.0.1:" + std::to_string(free_port()) + "/live";
  show.destinations.push_back(nowhere);
  return show;
}

inline std::string progress_line(double progress, bool running) {
  EquipmentProgress p;
  p.running = running;
  p.progress = progress;
  return "echo '" + write_equipment(p) + "'; ";
}

struct DevicesRig : EngineRig {
  explicit DevicesRig(const std::string& test_script = "exit 0") {
    EngineOptions options = with_door();
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
    open(event(), std::move(options));
    auto door = DoorClient::connect(folder / "door");
    REQUIRE(door.ok());
    desk = std::move(*door);
    REQUIRE(desk->subscribe(20).ok());
    REQUIRE(comes([](const Snapshot& s) {
      return s.devices.size() == 2 && s.inputs.at(0).signal == SignalState::Live;
    }));
  }
  ~DevicesRig() {
    desk.reset();
    engine.reset();
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

  Plugs plugs;
  std::mutex mutex;
  std::vector<std::string> kept;
  std::map<std::string, SourceKind> kinds;
  std::map<std::string, int> openings;  // by input
  std::map<std::string, std::vector<DeviceIdentity>> others;
  bool disk_full = false;
  std::string last;
  std::unique_ptr<DoorClient> desk;
};

inline bool contains(const std::string& text, const char* part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

}  // namespace kakehashi::testing
