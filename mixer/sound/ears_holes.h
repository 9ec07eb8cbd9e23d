// SPDX-License-Identifier: GPL-3.0-or-later
// Holes in a strip's sound: it breaks off within a block and comes back as it was, again and again.
// Here they are also heard where the device is well and its sound comes too late. Pure.
#pragma once

#include <array>

#include "mixer/sound/ears_sketch.h"

namespace kakehashi::ears {

class HoleWatch {
 public:
  void add(const SoundSketch& sketch);
  bool found() const { return found_; }

 private:
  std::array<double, 5> last_{-120, -120, -120, -120, -120};  // newest first
  int hole_ = 0;              // blocks of nothing so far; -1: not after a sound
  std::array<int, 3> age_{};  // blocks since the last three holes, newest first; 0: none
  bool found_ = false;
};

}  // namespace kakehashi::ears
