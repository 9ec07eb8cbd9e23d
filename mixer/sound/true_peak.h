// SPDX-License-Identifier: GPL-3.0-or-later
// How high the curve between the samples goes: four-fold oversampling (ITU-R BS.1770-4 annex 2).
// The annex's own 12 taps a phase lose 0.5 dB and more above 15 kHz; 32 taps are flat to 20 kHz.
// Both channels together. Pure; allocates nothing.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "core/audio_block.h"

namespace kakehashi {

class TruePeak {
 public:
  static constexpr int kTaps = 32;   // a phase
  static constexpr int kDelay = 16;  // samples by which a peak is known later

  TruePeak();

  // peaks[i]: the highest magnitude from sample i - kDelay up to the next one, of either channel.
  // One that cannot exceed `care` may be told too low, but never above its true value: what is far
  // below costs little. Samples must be finite.
  void measure(const AudioBlock& block, float care,
               std::span<float, static_cast<std::size_t>(kBlockSamples)> peaks);
  // By how much the curve may stand above every sample around it, at most.
  float most_overshoot() const { return overshoot_; }

 private:
  static constexpr std::size_t kKept = kTaps - 1;  // samples of the block before
  std::array<std::array<float, kTaps>, 3> phases_{};
  std::array<std::array<float, kKept + static_cast<std::size_t>(kBlockSamples)>, 2> channels_{};
  float overshoot_ = 1;
};

}  // namespace kakehashi
