// SPDX-License-Identifier: GPL-3.0-or-later
// How long after its own moment a block of sound is mixed. Short to begin with, for a device read
// every 2.5 ms; longer when devices show that they need it (a sound server, a busy computer). The
// lag delays what is heard but moves nothing: every sample keeps its moment, so growing costs the
// recording and the stream nothing, and an output device one cross-fade. It never shrinks while an
// event runs: two changes are worse than a few milliseconds. Pure.
#pragma once

#include <algorithm>
#include <array>

#include "core/time.h"

namespace kakehashi {

class LagKeeper {
 public:
  // Two blocks of it are the mixer's own (one is gathered, one is the strips' and limiters' look
  // ahead); 5 ms remain: a period of 2.5 ms, a wake-up, the resampler's 0.5 ms.
  static constexpr Duration kLeast = Duration::milliseconds(25);
  // Beyond it, only who is late is played later (AudioSync::Late::MakeRoom).
  static constexpr Duration kMost = Duration::milliseconds(45);
  // Three hiccups within so long; one alone happens to any computer.
  static constexpr Duration kRemembered = Duration::seconds(60);
  static constexpr Duration kOneHiccup = Duration::milliseconds(60);
  static constexpr Duration kMargin = Duration::milliseconds(3);

  Duration lag() const { return lag_; }

  // Some device's sound came `late` after the mixer had read its place. True: the lag grew.
  bool came_late(Duration late, MediaTime now) {
    if (times_ > 0 && now - begun_[times_ - 1] < kOneHiccup) return false;
    if (times_ > 0 && now - begun_[0] > kRemembered) {
      std::copy(begun_.begin() + 1, begun_.end(), begun_.begin());
      std::copy(late_.begin() + 1, late_.end(), late_.begin());
      --times_;
    }
    begun_[times_] = now;
    late_[times_++] = late;
    if (times_ < begun_.size()) return false;
    times_ = 0;
    const Duration least = *std::min_element(late_.begin(), late_.end());
    const Duration before = lag_;
    lag_ = std::min(kMost, lag_ + least + kMargin);
    return lag_ > before;
  }

 private:
  Duration lag_ = kLeast;
  std::array<MediaTime, 3> begun_{};
  std::array<Duration, 3> late_{};
  std::size_t times_ = 0;
};

}  // namespace kakehashi
