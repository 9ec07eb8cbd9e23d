// SPDX-License-Identifier: GPL-3.0-or-later
// How busy this computer was while a device was watched, so that what the computer lost is not put
// on the device. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/time.h"

namespace kakehashi {

struct PcLoad {
  double busy = 0;       // share of all processors' time that was used, 0..1
  double waiting = -1;   // share of the time in which somebody waited for a processor; -1: not told
  double late_ms = 0;    // how much later than wanted this program was woken: 99 of 100 times less
  double latest_ms = 0;  // and at most
};

// True when a device's pictures, `period_ms` apart, may well have been lost by the computer.
bool too_busy(const PcLoad& load, double period_ms);

// First line of /proc/stat: all processors together, in ticks.
struct CpuTimes {
  std::uint64_t used = 0, all = 0;
};
std::optional<CpuTimes> parse_cpu_times(std::string_view stat);
// The "some" line of /proc/pressure/cpu: microseconds in all.
std::optional<std::uint64_t> parse_pressure(std::string_view pressure);

class PcLoadWatch {
 public:
  explicit PcLoadWatch(MediaTime now);
  // After each sleep: how much longer than wanted it was.
  void woke(Duration late);
  PcLoad tell(MediaTime now) const;

 private:
  static constexpr int kSteps = 200;  // of 1 ms; the last one holds what is later
  MediaTime begin_;
  std::optional<CpuTimes> times_;
  std::optional<std::uint64_t> pressure_;
  std::uint32_t lates_[kSteps] = {};
  std::uint64_t woken_ = 0;
  Duration latest_;
};

}  // namespace kakehashi
