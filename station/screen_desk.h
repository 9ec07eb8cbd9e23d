// SPDX-License-Identifier: GPL-3.0-or-later
// The windows outside: the hall's screen, and one for each other bus that is wanted (the web
// meeting's computer takes its picture from a window of the Aux bus). Each is a child process that
// is started again when it dies.
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/command.h"
#include "station/child_process.h"

namespace kakehashi {

class ScreenDesk {
 public:
  // `program`: kakehashi-screen; empty: there are no windows. `socket`: the door it looks through.
  ScreenDesk(std::string program, std::string socket);

  // Any thread. A window that is shown again is opened anew (another display). May take a second
  // where one has to end.
  void show(const ShowScreen& wish);
  bool running(Bus bus) const;
  // Names of the buses whose window runs.
  std::vector<std::string> running() const;

 private:
  const std::string program_, socket_;
  mutable std::mutex mutex_;
  std::array<std::unique_ptr<ChildProcess>, kBuses> children_;
};

}  // namespace kakehashi
