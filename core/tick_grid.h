// SPDX-License-Identifier: GPL-3.0-or-later
// Where the program's ticks fall, for sources that we pace ourselves (screen, test): they take
// their picture just before a tick, also while the ticks follow a camera. Written by mix.video at
// every tick, read by any thread.
#pragma once

#include <mutex>

#include "core/time.h"

namespace kakehashi {

class TickGrid {
 public:
  // At first nominal: epoch + rate.time_of(n).
  TickGrid(MediaTime epoch, Rate rate) : epoch_(epoch), rate_(rate) {}

  // mix.video: the coming ticks are tick, tick + period, ...; as far as known now. Each may still
  // move by 2 % of a period.
  void move(MediaTime tick, Duration period) {
    const std::lock_guard lock(mutex_);
    moved_ = true;
    tick_ = tick;
    period_ = period;
  }
  void nominal() {
    const std::lock_guard lock(mutex_);
    moved_ = false;
  }

  Rate rate() const { return rate_; }
  // The last tick that is not after `t`.
  MediaTime at_or_before(MediaTime t) const {
    const std::lock_guard lock(mutex_);
    if (!moved_) return epoch_ + rate_.time_of(rate_.index_at(t - epoch_));
    std::int64_t k = (t - tick_).ns / period_.ns;
    if (tick_ + period_ * k > t) --k;  // towards minus infinity
    return tick_ + period_ * k;
  }
  // The tick that follows `tick`, which was one when it was asked for.
  MediaTime after(MediaTime tick) const {
    return at_or_before(tick + rate_.period() + rate_.period() / 2);
  }
  // Where `tick` stands now that the ticks may have moved a little.
  MediaTime again(MediaTime tick) const { return at_or_before(tick + rate_.period() / 2); }

 private:
  const MediaTime epoch_;
  const Rate rate_;
  mutable std::mutex mutex_;  // held for three words
  bool moved_ = false;
  MediaTime tick_;
  Duration period_;
};

}  // namespace kakehashi
