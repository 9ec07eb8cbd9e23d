// SPDX-License-Identifier: GPL-3.0-or-later
// A stereo resampler whose ratio may change at any sample: a Kaiser-windowed sinc in 256 phases,
// linearly interpolated between phases (J. O. Smith, "Digital Audio Resampling"). Pure: no clock,
// no thread. Used by AudioSync on the source's thread.
#pragma once

#include <cstddef>
#include <vector>

namespace kakehashi {

struct StereoSample {
  float left = 0;
  float right = 0;
};

class Resampler {
 public:
  static constexpr std::size_t kPiece = 1024;  // most input frames per feed()

  // The one place that allocates. `rate` of the device in Hz, towards 48 kHz.
  explicit Resampler(int rate);

  // What follows does not join on: history becomes silence, the next input frame is number 0.
  void restart();
  // Appends `count` <= kPiece frames; there must be room: produce until it returns false first.
  void feed(const StereoSample* frames, std::size_t count);
  // One output sample at input position `at` (frames since restart, fractional). False: the filter
  // needs input that is not here yet. Positions must not go back by more than the filter's length.
  bool produce(double at, StereoSample& out);

  // Input frames that must lie beyond a position before it can be produced.
  int lookahead() const { return half_; }

 private:
  static constexpr int kPhases = 256;
  void forget();

  int half_ = 0;              // taps on each side
  std::vector<float> table_;  // [phase][tap], kPhases + 1 rows
  std::vector<StereoSample> input_;
  std::size_t held_ = 0;
  long long first_ = 0;  // number of input_[0] since restart
  long long used_ = 0;   // lowest input number a next produce() may need
};

}  // namespace kakehashi
