// SPDX-License-Identifier: GPL-3.0-or-later
// A stream that stops without an error. Pure; one owner.
#pragma once

#include <algorithm>

#include "core/time.h"

namespace kakehashi {

class StallWatch {
 public:
  // `first`: how long the first picture or sound may take after opening.
  StallWatch(MediaTime opened, Duration first) : alive_(opened), first_(first) {}

  // From time to time. progress: something that can be shown came since the last call; resting:
  // silence is no fault now (a still picture); period: between two pictures, zero where unknown: a
  // camera of one picture a second is not silent for its own second.
  bool stalled(MediaTime now, bool progress, bool resting, Duration patience, Duration period) {
    if (progress) began_ = true;
    if (progress || resting) {
      alive_ = now;
      return false;
    }
    const Duration limit = began_ ? std::max(patience, period * 4) : first_;
    return now - alive_ > limit;
  }
  bool began() const { return began_; }

 private:
  MediaTime alive_;
  Duration first_;
  bool began_ = false;
};

}  // namespace kakehashi
