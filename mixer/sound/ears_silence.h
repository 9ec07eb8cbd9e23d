// SPDX-License-Identifier: GPL-3.0-or-later
// How long nothing has been heard of a bus. Pure.
#pragma once

#include <algorithm>

#include "mixer/sound/ears_sketch.h"
#include "mixer/sound/ears_table.h"

namespace kakehashi::ears {

class SilenceWatch {
 public:
  // `expected`: somebody should be heard now.
  void add(const SoundSketch& sketch, bool expected) {
    constexpr int kWindow = static_cast<int>(kSoundSeconds * kSecond);
    sum_ += louder(sketch);
    if (++count_ == kWindow) {
      const bool sound = decibel(sum_ / kWindow) >= kSilentDb;
      silent_ = sound ? 0 : silent_ + kWindow;
      sum_ = 0;
      count_ = 0;
    }
    // From the moment it is expected, not from the silence before.
    expected_ = expected ? expected_ + 1 : 0;
  }
  double seconds() const { return static_cast<double>(std::min(silent_, expected_)) / kSecond; }

 private:
  double sum_ = 0;
  int count_ = 0, silent_ = 0, expected_ = 0;  // blocks
};

}  // namespace kakehashi::ears
