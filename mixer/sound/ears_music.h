// SPDX-License-Identifier: GPL-3.0-or-later
// What comes and goes like speech and is music: its loudest line keeps its pitch longer than any
// mouth does, or its beginnings come at a steady pace ("pulse metric", Scheirer and Slaney, ICASSP
// 1997). Pure.
#pragma once

#include <array>
#include <cstddef>

#include "mixer/sound/ears_sketch.h"
#include "mixer/sound/fourier.h"

namespace kakehashi::ears {

class MusicSense {
 public:
  // `loud`: the block is near the loudest of the last seconds.
  void add(const SoundSketch& sketch, bool loud);

  bool music() const;
  // For setting the thresholds.
  double steady() const { return steady_; }  // share of loud blocks whose loudest line stands still
  double pulse() const { return pulse_; }    // 0..1: how alike two beats are

 private:
  double loudest_line();  // Hz, of the last 64 ms
  void find_pulse();

  static constexpr std::size_t kWindow = 256;    // coarse samples
  static constexpr std::size_t kStill = 6;       // blocks
  static constexpr std::size_t kRemember = 600;  // blocks: 6 s
  Fourier fourier_{kWindow};
  std::array<float, kWindow> wave_{};
  std::array<double, kStill> lines_{};
  std::array<float, kRemember> levels_{};  // dB
  std::size_t blocks_ = 0;
  double steady_ = 0, pulse_ = 0;
};

}  // namespace kakehashi::ears
