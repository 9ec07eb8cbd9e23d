// SPDX-License-Identifier: GPL-3.0-or-later
// The clock on the wall, for the letters that show it. Tests hold it in their hand.
#pragma once

#include "core/clock.h"
#include "mixer/moving_letters.h"

namespace kakehashi {

class WallClock {
 public:
  virtual ~WallClock() = default;
  // Any thread. What the wall clock shows, against session time, as of now.
  virtual WallTime read() const = 0;
};

// The machine's own, in its time zone.
class MachineWallClock final : public WallClock {
 public:
  explicit MachineWallClock(const Clock& clock) : clock_(clock) {}
  WallTime read() const override;

 private:
  const Clock& clock_;
};

}  // namespace kakehashi
