// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/sound_listening.h"

#include <algorithm>
#include <cmath>

namespace kakehashi {
namespace {

constexpr int kBlocksPerPiece = 10;
constexpr float kFullScale = 0.999F;
constexpr double kSameSides = 1e-5;  // -50 dB: one cable on both sides, not two microphones
constexpr int kFlatTop = 3;          // samples at full scale in a row (accident table)

double decibel(double square) { return square > 1e-12 ? 10 * std::log10(square) : -120; }

// The value that `fraction` of them lie below.
double quantile(std::vector<double> values, double fraction) {
  if (values.empty()) return 0;
  const auto at = static_cast<std::ptrdiff_t>(fraction * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

}  // namespace

void SoundListening::hear(const AudioBlock& block, MediaTime end) {
  for (int i = 0; i < kBlockSamples; ++i)
    for (int side = 0; side < 2; ++side) {
      const float v = block.samples[static_cast<std::size_t>(i * 2 + side)];
      now_.square[side] += static_cast<double>(v) * v;
      now_.peak = std::max(now_.peak, std::abs(v));
      run_[side] = std::abs(v) >= kFullScale ? run_[side] + 1 : 0;
      if (run_[side] == kFlatTop) ++clips_;
    }
  for (std::size_t i = 0; speaking_ && i < block.samples.size(); i += 2) {
    const double left = block.samples[i], right = block.samples[i + 1];
    apart_ += (left - right) * (left - right);
    both_ += left * left + right * right;
  }
  detector_.hear(block.samples, 2, kSampleRate, end - time_of_sample(kBlockSamples));
  const SoundFigures f = detector_.figures();
  // The detector counts those of the last ten seconds: what is new is added up here.
  dropouts_ += std::max(0, f.dropouts - dropouts_before_);
  dropouts_before_ = f.dropouts;
  if (!speaking_ && f.hum_over_db > hum_over_) {
    hum_over_ = f.hum_over_db;
    hum_db_ = f.hum_db;
    hum_mains_ = f.hum_mains;
  }
  if (++blocks_ < kBlocksPerPiece) return;
  for (double& square : now_.square) square /= kBlocksPerPiece * kBlockSamples;
  (speaking_ ? spoken_ : quiet_).push_back(now_);
  now_ = {};
  blocks_ = 0;
}

void SoundListening::tell(SoundTrialFigures& out) const {
  const auto levels = [](const std::vector<Piece>& pieces, int side) {
    std::vector<double> all;
    for (const Piece& p : pieces)
      all.push_back(side < 0 ? std::max(p.square[0], p.square[1]) : p.square[side]);
    return all;
  };
  out.quiet_s = static_cast<double>(quiet_.size()) / 10;
  out.speaking_s = static_cast<double>(spoken_.size()) / 10;
  // Somebody coughs in the quiet seconds, and breathes in the others.
  out.noise_db = decibel(quantile(levels(quiet_, -1), 0.5));
  out.level_db = decibel(quantile(levels(spoken_, -1), 0.8));
  for (int side = 0; side < 2; ++side)
    out.side_db[side] = decibel(quantile(levels(spoken_, side), 0.8));
  float peak = 0;
  for (const Piece& p : spoken_) peak = std::max(peak, p.peak);
  out.peak_db = peak > 1e-6F ? 20 * std::log10(static_cast<double>(peak)) : -120;
  out.clips = clips_;
  out.dropouts = dropouts_;
  out.hum_over_db = hum_over_;
  out.hum_db = hum_db_;
  out.hum_mains = hum_mains_;
  out.same_sides = both_ > 0 && apart_ < kSameSides * both_;
}

}  // namespace kakehashi
