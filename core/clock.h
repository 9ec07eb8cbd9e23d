// SPDX-License-Identifier: GPL-3.0-or-later
// Who may ask "now". Only capture and the program's two clocks do; everything else is given a time.
// Tests hold a ManualClock (tests/support) in their hand.
#pragma once

#include "core/time.h"

namespace kakehashi {

class Clock {
 public:
  virtual ~Clock() = default;
  // Any thread. Never goes back.
  virtual MediaTime now() const = 0;
  // Blocks the calling thread until `deadline` (returns at once when it has passed).
  virtual void sleep_until(MediaTime deadline) = 0;
};

// CLOCK_MONOTONIC with absolute sleeps (clock_nanosleep, TIMER_ABSTIME): no drift from re-arming.
class MonotonicClock final : public Clock {
 public:
  MediaTime now() const override;
  void sleep_until(MediaTime deadline) override;
};

}  // namespace kakehashi
