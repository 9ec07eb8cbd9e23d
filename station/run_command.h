// SPDX-License-Identifier: GPL-3.0-or-later
// `kakehashi-station run`: a whole event without any window.
#pragma once

#include <atomic>
#include <map>
#include <string>

#include "core/text.h"

namespace kakehashi {

// What main returns; the same for every subcommand.
inline constexpr int kExitOk = 0;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitBadEvent = 3;
inline constexpr int kExitDevice = 4;  // a device, a destination or the door failed

struct RunOptions {
  std::string event, venue, secrets;
  bool go_live = false;
  bool script = false;  // perform the event's scripted takes
  double seconds = 0;   // 0: until stopped
  std::string stats;    // JSON file written at the end
  std::string socket;
  std::string record_folder;
  std::map<std::string, std::string> urls;  // destination id -> url
  bool screen = false;                      // open the hall's window
  bool duck_howls = false;
  bool practice_receiver = false;  // start one for a practice destination on this machine
  std::string screen_program;
  std::string station_program;  // this one, for the equipment test; empty: there is none
  Language language = Language::Japanese;
};

// Blocks until the time is over, `stop` turns true or a desk says quit. Says on standard output
// what it does. Returns an exit code.
int run_event(const RunOptions& options, const std::atomic<bool>& stop);

}  // namespace kakehashi
