// SPDX-License-Identifier: GPL-3.0-or-later
// What a connection knows about its line. Its output stores them about ten times a second, also
// while it waits for the line; the rate control and the snapshot read them from other threads.
#pragma once

#include <cstdint>
#include <mutex>

#include "core/time.h"

namespace kakehashi {

struct WireFigures {
  MediaTime at;                   // when they were taken; zero: never
  std::uint64_t handed = 0;       // bytes given to the kernel on this connection
  std::uint64_t unacked = 0;      // bytes in the kernel the other side has not confirmed (SIOCOUTQ)
  std::uint64_t unsent = 0;       // of those, not yet sent (SIOCOUTQNSD)
  std::uint64_t retransmits = 0;  // TCP_INFO tcpi_total_retrans
  double rtt_ms = 0;              // smoothed (tcpi_rtt)
  double least_rtt_ms = 0;        // tcpi_min_rtt
};

class WireMeter {
 public:
  void store(const WireFigures& figures) {
    const std::lock_guard lock(mutex_);
    figures_ = figures;
  }
  WireFigures load() const {
    const std::lock_guard lock(mutex_);
    return figures_;
  }

 private:
  mutable std::mutex mutex_;
  WireFigures figures_;
};

}  // namespace kakehashi
