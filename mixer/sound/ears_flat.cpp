// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/sound/ears_flat.h"

#include <algorithm>

#include "mixer/sound/ears_table.h"

namespace kakehashi::ears {

void FlatWatch::add(const SoundSketch& sketch) {
  constexpr int kFrame = 5;  // blocks: 50 ms hold some periods of the lowest voice
  const std::size_t side = sketch.square[0] >= sketch.square[1] ? 0 : 1;
  peak_ = std::max(peak_, sketch.peak[side]);
  square_ += sketch.square[side];
  if (++blocks_ < kFrame) return;
  const double mean = square_ / kFrame;
  if (decibel(mean) >= kCrestLoudDb) {
    frames_[at_] = decibel(static_cast<double>(peak_) * peak_) - decibel(mean) < kCrestDb;
    at_ = (at_ + 1) % frames_.size();
    filled_ = std::min(filled_ + 1, frames_.size());
    const auto bent = std::count(frames_.begin(), frames_.end(), true);
    share_ = static_cast<double>(bent) / static_cast<double>(frames_.size());
    flat_ = filled_ == frames_.size() && share_ >= kCrestShare;
  }
  peak_ = 0;
  square_ = 0;
  blocks_ = 0;
}

}  // namespace kakehashi::ears
