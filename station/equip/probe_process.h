// SPDX-License-Identifier: GPL-3.0-or-later
// One probe's process: started, listened to line by line, ended in time whatever it does. The
// calling thread must outlive the call; nothing is left running after it, except a process that the
// kernel itself cannot end because a driver holds it.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"

namespace kakehashi {

enum class ProbeEnd : unsigned char {
  Well,     // ended with status 0
  Refused,  // ended with another status
  Died,     // killed by a signal: it crashed
  Hung,     // over its limit; killed
  TooLoud,  // wrote more than any probe does; killed
  Stopped,  // `stop` turned true; ended or killed
  NoStart,  // cannot be started
};

struct ProbeProcess {
  std::vector<std::string> argv;
  Duration limit;
  Duration grace = Duration::milliseconds(1500);  // from SIGTERM to SIGKILL
  bool hear_errors = false;  // its standard error is ours; else it goes nowhere: drivers chatter
};
struct ProbeOutcome {
  ProbeEnd end = ProbeEnd::NoStart;
  int status = 0;  // Refused: exit code; Died: signal
};

// Blocks. `line`: each whole line of standard output, at most kLongestProbeLine; longer ones are
// told as an empty line. `idle`: about every 100 ms.
ProbeOutcome run_process(const ProbeProcess& process, const std::atomic<bool>& stop,
                         const std::function<void(std::string_view)>& line,
                         const std::function<void()>& idle);

}  // namespace kakehashi
