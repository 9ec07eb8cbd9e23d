// SPDX-License-Identifier: GPL-3.0-or-later
// How fast a connection takes what it is given. Private to encoder/; one owner at a time.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "core/time.h"

namespace kakehashi {

// Bits per second over the last whole half seconds, at most 3 s of them.
class KbpsMeter {
 public:
  void add(MediaTime now, std::size_t bytes) {
    Slot& s = slot(now);
    s.bytes += bytes;
  }
  double kbps(MediaTime now) {
    const std::int64_t current = now.ns / kStep;
    std::int64_t oldest = current;
    std::size_t bytes = 0;
    for (const Slot& s : slots_)
      if (s.number > current - kSlots && s.number < current && s.number >= 0) {
        bytes += s.bytes;
        oldest = std::min(oldest, s.number);
      }
    if (oldest == current) return 0;
    return static_cast<double>(bytes) * 8e-3 /
           (static_cast<double>((current - oldest) * kStep) * 1e-9);
  }
  void clear() { slots_ = {}; }

 private:
  static constexpr std::int64_t kStep = 500'000'000, kSlots = 7;
  struct Slot {
    std::int64_t number = -1;
    std::size_t bytes = 0;
  };
  Slot& slot(MediaTime now) {
    const std::int64_t number = now.ns / kStep;
    Slot& s = slots_[static_cast<std::size_t>(number % kSlots)];
    if (s.number != number) s = {number, 0};
    return s;
  }
  std::array<Slot, kSlots> slots_{};
};

}  // namespace kakehashi
