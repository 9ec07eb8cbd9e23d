// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/sound/levels.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace kakehashi {

// In eight lanes, which the compiler turns into vectors; even ones are left.
Levels levels_of(const AudioBlock& block) {
  constexpr std::size_t kLanes = 8;
  static_assert(std::tuple_size_v<decltype(AudioBlock::samples)> % kLanes == 0);
  float peak[kLanes] = {}, power[kLanes] = {};
  for (std::size_t i = 0; i < block.samples.size(); i += kLanes)
    for (std::size_t j = 0; j < kLanes; ++j) {
      const float size = std::abs(block.samples[i + j]);
      const float s = size <= std::numeric_limits<float>::max() ? size : 0.0F;
      peak[j] = peak[j] < s ? s : peak[j];
      power[j] += s * s;
    }
  Levels levels;
  for (std::size_t j = 0; j < kLanes; ++j) {
    levels.peak[j % 2] = std::max(levels.peak[j % 2], peak[j]);
    levels.power += power[j];
  }
  levels.power /= static_cast<float>(block.samples.size());
  return levels;
}

}  // namespace kakehashi
