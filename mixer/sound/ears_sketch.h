// SPDX-License-Identifier: GPL-3.0-or-later
// A block boiled down to what the ears look at: every sample is touched once, here, and the
// detectors work on what is left. Pure; one owner.
#pragma once

#include <array>
#include <cstddef>

#include "core/audio_block.h"

namespace kakehashi::ears {

inline constexpr std::size_t kFine = 160;   // samples of a block at 16 kHz
inline constexpr std::size_t kCoarse = 40;  // at 4 kHz
inline constexpr double kFineRate = 16000, kCoarseRate = 4000;

struct SoundSketch {
  std::array<float, 2> square{}, peak{};  // mean square and peak of left and right
  float cross = 0;                        // mean of left times right
  float voice = 0;                        // mean square between 150 and 1800 Hz
  std::array<float, kFine> fine{};        // two thirds left, one third right: a pair that
  std::array<float, kCoarse> coarse{};    // is inverted does not cancel
};

double decibel(double mean_square);  // -120: nothing
inline float louder(const SoundSketch& s) {
  return s.square[0] > s.square[1] ? s.square[0] : s.square[1];
}

class Sketcher {
 public:
  // Samples that are no numbers count as silence.
  void draw(const AudioBlock& block, SoundSketch& sketch);

 private:
  static constexpr std::size_t kTaps = 32;
  std::array<float, kTaps + kBlockSamples> wide_{};
  std::array<float, kTaps + kFine> narrow_{};
  float before_[2] = {0, 0};  // high pass of the voice band
};

}  // namespace kakehashi::ears
