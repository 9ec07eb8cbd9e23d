// SPDX-License-Identifier: GPL-3.0-or-later
// A program that the station keeps running: the hall's screen. When it dies it is started again;
// when the station dies, however, it goes too. Or one that runs once and tells what it finds: an
// equipment test.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"

namespace kakehashi {

struct ChildSpec {
  std::string name;               // for the log and the thread: "screen"
  std::vector<std::string> argv;  // argv[0]: a path, or a name to look up in PATH
  // Waits before the 1st, 2nd, ... restart in a row; the last one repeats.
  std::vector<Duration> back_off = {Duration::milliseconds(500), Duration::seconds(1),
                                    Duration::seconds(2), Duration::seconds(5)};
  Duration settled = Duration::seconds(10);  // ran this long: the next wait is the first again
  Duration grace = Duration::seconds(1);     // from SIGTERM to SIGKILL
  bool once = false;  // never started again; what it leaves running in its group ends with it
  // Gets what it writes to standard output, piece by piece; all of it before the status says that
  // it ended. Thread: the child's own. None: the station's standard output.
  std::function<void(std::string_view)> output;
};

struct ChildStatus {
  bool running = false;
  bool ended = false;          // for good: it ran once, or stop() was obeyed
  int pid = 0;                 // 0 when not running
  std::uint64_t restarts = 0;  // starts after the first
  std::string last_end;        // "killed by signal 9", "ended with status 1", "cannot be started:
                               // ..."; empty before the first end
};

// The child inherits standard output (or writes to `output`) and error only, gets /dev/null as
// input, default signal handling, a process group of its own (Ctrl-C in the station's terminal is
// the station's to handle) and SIGTERM when the station dies in whatever way (PR_SET_PDEATHSIG).
class ChildProcess {
 public:
  // Starts at once and returns; own thread ("child.<name>"). Error FixInput: nothing to start.
  static Result<std::unique_ptr<ChildProcess>> start(ChildSpec spec);
  // SIGTERM, after `grace` SIGKILL, and waits for the end: at most a little over `grace`.
  ~ChildProcess();
  // The first half of that; return at once. kill(): without the grace.
  void stop();
  void kill();

  ChildStatus status() const;  // any thread

 private:
  struct Impl;
  explicit ChildProcess(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace kakehashi
