// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/sound/ears_flat.h"

#include <algorithm>
#include <span>

#include "mixer/sound/ears_table.h"

namespace kakehashi::ears {
namespace {

using Wave = std::array<float, FlatWatch::kFrame * kFine>;

double power(std::span<const float> wave) {
  double sum = 0;
  for (const float v : wave) sum += static_cast<double>(v) * v;
  return sum / static_cast<double>(wave.size());
}

// What four steps of linear prediction leave of the wave's power (Burg's method): of one sine or of
// two nothing, of everything else much.
double unforeseen(const Wave& wave) {
  constexpr std::size_t kSteps = 4;
  Wave ahead = wave, behind = wave;  // errors of foretelling forwards and backwards
  for (std::size_t step = 1; step <= kSteps; ++step) {
    double both = 0, alone = 1e-30;
    for (std::size_t i = step; i < wave.size(); ++i) {
      const double f = ahead[i], b = behind[i - 1];
      both += f * b;
      alone += f * f + b * b;
    }
    const auto k = static_cast<float>(-2 * both / alone);
    for (std::size_t i = wave.size() - 1; i >= step; --i) {
      const float f = ahead[i], b = behind[i - 1];
      ahead[i] = f + k * b;
      behind[i] = b + k * f;
    }
  }
  return power(std::span(ahead).subspan(kSteps));
}

}  // namespace

bool FlatWatch::bent(double mean) const {
  if (decibel(static_cast<double>(peak_) * peak_) - decibel(mean) >= kCrestDb) return false;
  // Too high for a voice: hardly anything of it is in the wave.
  const double heard = std::max(power(wave_), mean / 10);
  return decibel(unforeseen(wave_)) - decibel(heard) >= kToneRestDb;
}

void FlatWatch::add(const SoundSketch& sketch) {
  const std::size_t side = sketch.square[0] >= sketch.square[1] ? 0 : 1;
  peak_ = std::max(peak_, sketch.peak[side]);
  square_ += sketch.square[side];
  std::copy(sketch.fine.begin(), sketch.fine.end(), wave_.data() + blocks_ * kFine);
  if (++blocks_ < kFrame) return;
  const double mean = square_ / kFrame;
  if (decibel(mean) >= kCrestLoudDb) {
    frames_[at_] = bent(mean);
    at_ = (at_ + 1) % frames_.size();
    filled_ = std::min(filled_ + 1, frames_.size());
    const auto flat = std::count(frames_.begin(), frames_.end(), true);
    share_ = static_cast<double>(flat) / static_cast<double>(frames_.size());
    flat_ = filled_ == frames_.size() && share_ >= kCrestShare;
  }
  peak_ = 0;
  square_ = 0;
  blocks_ = 0;
}

}  // namespace kakehashi::ears
