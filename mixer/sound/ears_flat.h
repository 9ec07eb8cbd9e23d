// SPDX-License-Identifier: GPL-3.0-or-later
// Sound that was bent before it came to us: flat tops below our full scale, as a mixing desk's line
// in a microphone's socket gives them. A voice has peaks far above its mean; a bent one has not.
// Nor has a tone, which is not bent: what one sine or two explain is left out. Pure.
#pragma once

#include <array>

#include "mixer/sound/ears_sketch.h"
#include "mixer/sound/ears_table.h"

namespace kakehashi::ears {

class FlatWatch {
 public:
  static constexpr std::size_t kFrame = 5;  // blocks: 50 ms hold some periods of the lowest voice

  void add(const SoundSketch& sketch);
  bool flat() const { return flat_; }
  double share() const { return share_; }  // of the loud frames of late

 private:
  bool bent(double mean) const;  // the frame just gathered

  float peak_ = 0;
  double square_ = 0;
  std::size_t blocks_ = 0;
  std::array<float, kFrame * kFine> wave_{};
  std::array<bool, kCrestFrames> frames_{};  // the last loud ones
  std::size_t at_ = 0, filled_ = 0;
  double share_ = 0;
  bool flat_ = false;
};

}  // namespace kakehashi::ears
