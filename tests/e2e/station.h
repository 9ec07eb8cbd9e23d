// SPDX-License-Identifier: GPL-3.0-or-later
// A running kakehashi-station for end-to-end tests, and what it is asked.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "core/snapshot.h"
#include "station/door/client.h"
#include "tests/support/process.h"
#include "tests/support/wait.h"

namespace kakehashi::testing {

std::string station_program();
// A file of the repository, absolute: "presets/media/clip.mp4".
std::string shipped(const std::string& path);
// `text` with every {@NAME@, value} put in.
std::string filled(std::string text, const std::vector<std::pair<std::string, std::string>>& words);
void write_text(const std::string& path, const std::string& text);
std::string read_text(const std::string& path);

// Microseconds, milliseconds of CLOCK_MONOTONIC: what the station's own times are.
std::int64_t now_us();

// `kakehashi-station run EVENT` with a door, recordings and log of its own in `folder`.
class Station {
 public:
  // Fails the test when its door does not open within 20 s.
  Station(const TempDir& folder, const std::string& event_json,
          const std::vector<std::string>& arguments = {}, const Environment& extra = {});
  ~Station();

  Process& process() { return *process_; }
  const std::string& socket() const { return socket_; }
  DoorClient& desk() { return *desk_; }
  // Of this moment.
  Snapshot look();
  // Fails the test when refused.
  void wish(const Command& command);
  // Asks until `condition(snapshot)` holds.
  template <class Condition>
  bool until(Condition condition, std::chrono::milliseconds limit = std::chrono::seconds(30)) {
    return wait_until([&] { return condition(look()); }, limit);
  }
  // SIGINT as from a terminal; fails the test unless it ends with 0 within 10 s.
  void end();
  std::string log() const { return read_text(log_); }

 private:
  std::string socket_, log_;
  std::unique_ptr<Process> process_;
  std::unique_ptr<DoorClient> desk_;
};

const InputStatus& input_of(const Snapshot& s, const std::string& id);

// Pictures of the program that never became packets because the machine was too slow: left out by
// the mix loop or refused by the encoder's queue. What a test forgives is what was counted here.
std::uint64_t lost_pictures(const Snapshot& s);

}  // namespace kakehashi::testing
