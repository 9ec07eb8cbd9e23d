// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/client_commands.h"

#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "capture/devices.h"
#include "station/door/client.h"
#include "station/door/codec.h"
#include "station/door/server.h"
#include "station/open_event.h"
#include "station/run_command.h"

namespace kakehashi {
namespace {

std::string socket_or_default(const std::string& socket) {
  return socket.empty() ? default_socket_path() : socket;
}

nlohmann::json to_json(const Device& d) {
  nlohmann::json settings = nlohmann::json::object();
  for (const auto& [name, value] : d.spec.settings)
    std::visit([&, key = name](const auto& v) { settings[key] = v; }, value);
  settings["kind"] = d.spec.kind;
  return {{"id", d.id},
          {"name", d.name},
          {"kind", d.kind},
          {"formats", d.formats},
          {"source", settings}};
}

void print_people(const Snapshot& s) {
  std::cout << s.title.ja << "  "
            << (s.live ? (s.practice ? "練習 practice" : "配信中 on air") : "待機 standby") << "  "
            << (s.record.recording ? "録画中 recording" : "") << '\n';
  std::cout << "本線 program: " << s.program << "   次 preview: " << s.preview
            << (s.emergency ? "   緊急ふた emergency card" : "") << '\n';
  for (const auto& i : s.inputs)
    std::cout << "  " << i.id << "  " << i.name.ja << "  " << to_string(i.signal) << "  "
              << i.format << '\n';
  for (const auto& o : s.outputs)
    std::cout << "  → " << o.id << "  " << to_string(o.state) << "  " << o.video_packets
              << " pictures\n";
  for (const auto& m : s.messages)
    std::cout << "  " << to_string(m.severity) << "  " << m.what.ja << " " << m.action.ja << '\n';
  std::cout << "ticks " << s.health.ticks << ", late " << s.health.late_ticks << ", encoder "
            << s.health.encoder << ", holds " << s.health.encoder_held_frames << '\n';
}

}  // namespace

int print_devices(bool json) {
  const auto devices = list_devices();
  if (!devices) {
    std::cerr << devices.error().message << '\n';
    return kExitDevice;
  }
  if (json) {
    nlohmann::json list = nlohmann::json::array();
    for (const auto& d : *devices) list.push_back(to_json(d));
    std::cout << list.dump(2) << '\n';
    return kExitOk;
  }
  if (devices->empty()) std::cout << "機器が見つかりません。／No devices found.\n";
  for (const auto& d : *devices) {
    std::cout << d.kind << "  " << d.name << "  [" << d.id << "]\n";
    for (const auto& f : d.formats) std::cout << "    " << f << '\n';
  }
  return kExitOk;
}

int validate_event(const std::string& event, const std::string& venue, Language language) {
  const OpenedEvent opened = open_event(event, venue, "");
  print_faults(std::cout, event, opened.notices, language);
  if (!opened.faults.empty()) {
    print_faults(std::cerr, event, opened.faults, language);
    return kExitBadEvent;
  }
  std::cout << event << (language == Language::Japanese ? ": 問題ありません" : ": no faults")
            << '\n';
  return kExitOk;
}

int send_line(const std::string& socket, const std::string& line) {
  auto client = DoorClient::connect(socket_or_default(socket));
  if (!client) {
    std::cerr << client.error().message << '\n';
    return kExitDevice;
  }
  const auto answer = (*client)->exchange(line);
  if (!answer) {
    std::cerr << answer.error().message << '\n';
    return kExitDevice;
  }
  std::cout << *answer << '\n';
  const auto parsed = nlohmann::json::parse(*answer, nullptr, false);
  return parsed.is_object() && parsed.value("ok", false) ? kExitOk : kExitUsage;
}

int print_snapshot(const std::string& socket, bool json) {
  auto client = DoorClient::connect(socket_or_default(socket));
  if (!client) {
    std::cerr << client.error().message << '\n';
    return kExitDevice;
  }
  const auto s = (*client)->snapshot();
  if (!s) {
    std::cerr << s.error().message << '\n';
    return kExitDevice;
  }
  if (json)
    std::cout << write_snapshot(*s) << '\n';
  else
    print_people(*s);
  return kExitOk;
}

}  // namespace kakehashi
