// SPDX-License-Identifier: GPL-3.0-or-later
// A howl: one narrow line that stands alone, keeps its pitch and rises without a pause, since each
// round through the hall makes it louder by the same factor. After van Waterschoot and Moonen
// (2011): peak to neighbours, peak to harmonics, persistence, steady slope. Pure.
#pragma once

#include <array>
#include <cstddef>

#include "mixer/sound/ears_sketch.h"
#include "mixer/sound/fourier.h"

namespace kakehashi::ears {

class HowlWatch {
 public:
  static constexpr std::size_t kLength = 1024;  // 64 ms at 16 kHz
  static constexpr int kEvery = 2;              // blocks between two looks

  // `fourier`: of kLength, shared by all strips of one thread. `look`: every kEvery blocks; strips
  // take turns.
  void add(const SoundSketch& sketch, bool look, Fourier& fourier);
  bool on() const { return on_; }
  double hz() const { return hz_; }
  double level_db() const { return level_; }

 private:
  struct Line {
    double bin = 0, db = -120, over_db = 0, alone_db = 0;
  };
  Line strongest(Fourier& fourier) const;
  void follow(const Line& line);

  std::array<float, kLength> past_{};
  std::size_t at_ = 0;
  int awake_ = 0;  // looks left after the last sound

  // The line that is followed.
  int steps_ = 0, grown_ = 0;
  double lowest_ = 0, highest_ = 0;  // bins
  double first_db_ = 0, most_db_ = 0, last_db_ = 0;

  bool on_ = false;
  double bin_ = 0, hz_ = 0, level_ = -120;
  int gone_ = 0;
};

}  // namespace kakehashi::ears
