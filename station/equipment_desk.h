// SPDX-License-Identifier: GPL-3.0-or-later
// The equipment test (機材テスト) as the station carries it out: lets go of the devices, runs the
// test in a process of its own, follows its lines, and takes the devices back however the test
// ended. A test of `only` some items leaves the others as they were. Knows neither devices nor
// shows.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/command.h"
#include "core/equipment_test.h"
#include "core/result.h"
#include "core/time.h"

namespace kakehashi {

class EquipmentDesk {
 public:
  // All but `program` are called on the desk's own thread and may block.
  struct Roads {
    // The test's program and first arguments; "--progress" and the wish's options are added. Empty:
    // this station has none.
    std::function<std::vector<std::string>()> program;
    std::function<Status()> release;  // closes the devices; returns when they are closed
    std::function<Status()> reopen;   // called exactly once for each begun test, whatever happened
    std::function<void()> changed;    // progress() has news
  };
  struct Limits {
    Duration grace = Duration::seconds(5);     // of the test's process, from SIGTERM to SIGKILL
    Duration silence = Duration::seconds(90);  // without a line it hangs
  };
  enum class End : unsigned char { None, Wished, OnAir, Leaving };

  explicit EquipmentDesk(Roads roads) : EquipmentDesk(std::move(roads), Limits()) {}
  EquipmentDesk(Roads roads, Limits limits);
  ~EquipmentDesk();
  // Kills a running test, opens nothing again, begins none any more. Its roads are still when it
  // returns.
  void leave();

  // Any thread, return at once. FixInput: one runs already, the wish makes no sense, or there is no
  // program.
  Status begin(const TestEquipment& wish);
  // Wished: with its grace, what it found stays. OnAir: at once. Nothing when none runs.
  void cancel(End why);
  // From begin() until the devices are open again.
  bool running() const;
  EquipmentProgress progress() const;

 private:
  void run(const std::vector<std::string>& argv);
  void follow(const std::vector<std::string>& argv);
  void hear(std::string_view piece);
  void hear_line(std::string_view line);
  void tell(Text now);
  void break_off(Text why);

  const Roads roads_;
  const Limits limits_;
  std::mutex begin_mutex_;  // taken before mutex_
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  EquipmentProgress now_;
  EquipmentResult before_;  // of a test of some items: what is shown until it has its own
  bool part_ = false;       // it is one
  bool running_ = false, leaving_ = false;
  End end_ = End::None;
  bool told_all_ = false;  // the process's last line said that it is done
  int garbage_ = 0;        // lines that were none
  std::uint64_t lines_ = 0;
  std::string line_;  // the one that has not ended; on the child's thread
  bool too_long_ = false;
  std::thread thread_;
};

}  // namespace kakehashi
