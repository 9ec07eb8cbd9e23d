// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/client_commands.h"

#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "station/door/client.h"
#include "station/door/codec.h"
#include "station/door/server.h"
#include "station/open_event.h"
#include "station/run_command.h"
#include "station/stage_table.h"

namespace kakehashi {
namespace {

std::string socket_or_default(const std::string& socket) {
  return socket.empty() ? default_socket_path() : socket;
}

// What it is and does, then its counters: captured, lost by the device, dropped by us, repeated,
// late, opened again, age of its picture.
void print_input(const InputStatus& i) {
  std::cout << "  " << i.id << "  " << i.name.ja << "  " << to_string(i.signal) << "  " << i.format
            << (i.device.empty() ? "" : "  " + i.device) << '\n';
  if (!i.stand_in.empty()) std::cout << "      代わり shown instead: " << i.stand_in << '\n';
  if (!i.reason.ja.empty()) std::cout << "      " << i.reason.ja << '\n';
  std::cout << "      取り込み captured " << i.captured << "  機材の欠け lost " << i.lost
            << "  間引き dropped " << i.dropped << "  くり返し repeated " << i.repeated
            << "  遅れ late " << i.late << "  再開 restarts " << i.restarts;
  if (i.video) {
    char age[80];
    std::snprintf(age, sizeof age, "  %.1f fps  age p50 %.0f ms p95 %.0f ms", i.fps, i.age_ms,
                  i.age_p95_ms);
    std::cout << age;
  }
  std::cout << '\n';
}

void print_people(const Snapshot& s) {
  std::cout << s.title.ja << "  "
            << (s.live ? (s.practice ? "練習 practice" : "配信中 on air") : "待機 standby") << "  "
            << (s.record.recording ? "録画中 recording" : "") << '\n';
  std::cout << "本線 program: " << s.program << "   次 preview: " << s.preview
            << (s.emergency ? "   緊急ふた emergency card" : "") << '\n';
  for (const auto& i : s.inputs) print_input(i);
  for (const auto& o : s.outputs)
    std::cout << "  → " << o.id << "  " << to_string(o.state) << "  " << o.video_packets
              << " pictures\n";
  for (const auto& m : s.messages)
    std::cout << "  " << to_string(m.severity) << "  " << m.what.ja << " " << m.action.ja << '\n';
  std::cout << "ticks " << s.health.ticks << ", late " << s.health.late_ticks << ", encoder "
            << s.health.encoder << ", holds " << s.health.encoder_held_frames << '\n'
            << stage_table(s.health.stages);
}

}  // namespace

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
