// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/detect_flicker.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <numbers>

namespace kakehashi {
namespace {

constexpr double kWindowSeconds = 2.1;
constexpr std::size_t kLeast = 24, kMost = 160;  // pictures: 12 to 75 a second
constexpr double kSlowest = 1.5;                 // Hz; slower beats look like passing light
constexpr double kSearch = 0.5, kStep = 0.25;    // Hz around the beat: mains wander, so do cameras
constexpr float kDarkBand = 0.05F;               // no light, no flicker
constexpr Duration kGap = Duration::milliseconds(250);

}  // namespace

double beat_of(double pulse_hz, double fps) {
  return std::abs(pulse_hz - std::round(pulse_hz / fps) * fps);
}

void FlickerMeter::add(const BandSample& sample) {
  // Across a pause the phases do not join.
  if (!samples_.empty() && (sample.captured - samples_.back().captured > kGap ||
                            sample.captured <= samples_.back().captured))
    samples_.clear();
  if (samples_.capacity() < kMost) samples_.reserve(kMost);
  samples_.push_back(sample);
  const double seconds = (sample.captured - samples_.front().captured).to_seconds();
  if (seconds < kWindowSeconds && samples_.size() < kMost) return;
  if (samples_.size() >= kLeast) measure();
  samples_.clear();
}

void FlickerMeter::forget() { *this = FlickerMeter(); }

// Median over the bands of the strength of one frequency: a lamp in a corner or a walking person is
// not the light of the room. Hann window: neighbours 1 Hz away are out of it.
double FlickerMeter::strength_at(double hz, double fps) const {
  const std::size_t n = samples_.size();
  std::array<double, BandSample::kBands> strength{};
  std::size_t bands = 0;
  for (std::size_t b = 0; b < BandSample::kBands; ++b) {
    double mean = 0;
    for (const BandSample& s : samples_) mean += s.mean[b];
    mean /= static_cast<double>(n);
    if (mean < kDarkBand) continue;
    std::complex<double> sum = 0, turn = 1, window_turn = 1;
    const std::complex<double> step = std::polar(1.0, 2 * std::numbers::pi * hz / fps);
    const std::complex<double> window_step =
        std::polar(1.0, 2 * std::numbers::pi / static_cast<double>(n));
    for (const BandSample& s : samples_) {
      sum += (s.mean[b] - mean) * (1 - window_turn.real()) * turn;
      turn *= step;
      window_turn *= window_step;
    }
    strength[bands++] = 2 * std::abs(sum) / static_cast<double>(n) / mean;
  }
  if (bands < BandSample::kBands / 3) return 0;
  const auto middle = strength.begin() + static_cast<std::ptrdiff_t>(bands / 2);
  std::nth_element(strength.begin(), middle, strength.begin() + static_cast<std::ptrdiff_t>(bands));
  return *middle;
}

void FlickerMeter::measure() {
  const double seconds = (samples_.back().captured - samples_.front().captured).to_seconds();
  const double fps = static_cast<double>(samples_.size() - 1) / seconds;
  ++windows_;
  percent_ = 0;
  mains_ = 0;
  clear_ = false;
  for (const int mains : {50, 60}) {
    const double beat = beat_of(2.0 * mains, fps);
    if (beat < kSlowest) continue;
    double best = 0;
    for (double d = -kSearch; d <= kSearch; d += kStep)
      best = std::max(best, strength_at(beat + d, fps));
    double around = 0;
    for (const double d : {-3.2, -2.6, -2.0, 2.0, 2.6, 3.2}) {
      const double hz = beat + d;
      if (hz > 0.5 && hz < fps / 2) around = std::max(around, strength_at(hz, fps));
    }
    const bool is_clear = best > kOverNeighbours * around;
    if (best * 100 > percent_ && (is_clear || !clear_)) {
      percent_ = best * 100;
      mains_ = mains;
      clear_ = is_clear;
    }
  }
}

}  // namespace kakehashi
