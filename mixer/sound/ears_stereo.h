// SPDX-License-Identifier: GPL-3.0-or-later
// Left against right: one of them dead, or the one the other turned upside down, which is lost
// wherever both become one (a phone, a hall's loudspeaker). Pure.
#pragma once

#include "mixer/sound/ears_sketch.h"

namespace kakehashi::ears {

class StereoWatch {
 public:
  void add(const SoundSketch& sketch);
  int dead_side() const { return dead_; }  // 0 left, 1 right, -1 none
  bool inverted() const { return inverted_; }

 private:
  int alone_[2] = {0, 0};  // blocks in which only this side sounded
  int dead_ = -1;
  double cross_ = 0, square_[2] = {0, 0};  // over the last seconds of sound
  int sounding_ = 0, turned_ = 0;
  bool inverted_ = false;
};

}  // namespace kakehashi::ears
