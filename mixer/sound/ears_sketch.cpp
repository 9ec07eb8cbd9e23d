// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/sound/ears_sketch.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace kakehashi::ears {
namespace {

constexpr std::size_t kFrames = static_cast<std::size_t>(kBlockSamples);
constexpr std::size_t kLanes =
    8;  // sums side by side, so that the compiler may use the vector unit

// Low pass: a windowed sine; `cut` in parts of the sampling rate.
template <std::size_t N>
std::array<float, N> low_pass(double cut) {
  std::array<float, N> taps{};
  double sum = 0;
  for (std::size_t i = 0; i < N; ++i) {
    const double x = static_cast<double>(i) - (N - 1) / 2.0;
    const double hann = 0.5 + 0.5 * std::cos(2 * std::numbers::pi * x / N);
    const double v = std::sin(2 * std::numbers::pi * cut * x) / x * hann;
    taps[i] = static_cast<float>(v);
    sum += v;
  }
  for (float& v : taps) v = static_cast<float>(v / sum);
  return taps;
}

template <std::size_t N>
float dot(const float* a, const float* b) {
  float lane[kLanes] = {};
  for (std::size_t i = 0; i < N; i += kLanes)
    for (std::size_t k = 0; k < kLanes; ++k) lane[k] += a[i + k] * b[i + k];
  float sum = 0;
  for (const float v : lane) sum += v;
  return sum;
}

float mean_product(const std::array<float, kFrames>& a, const std::array<float, kFrames>& b) {
  return dot<kFrames>(a.data(), b.data()) / static_cast<float>(kFrames);
}

float peak_of(const std::array<float, kFrames>& a) {
  float lane[kLanes] = {};
  for (std::size_t i = 0; i < kFrames; i += kLanes)
    for (std::size_t k = 0; k < kLanes; ++k) {
      const float v = std::fabs(a[i + k]);
      lane[k] = v > lane[k] ? v : lane[k];
    }
  return *std::max_element(lane, lane + kLanes);
}

}  // namespace

double decibel(double mean_square) { return 10 * std::log10(std::max(mean_square, 1e-12)); }

void Sketcher::draw(const AudioBlock& block, SoundSketch& sketch) {
  static const auto to_fine = low_pass<kTaps>(6800.0 / kSampleRate);
  static const auto to_coarse = low_pass<kTaps>(1700.0 / kFineRate);
  std::array<float, kFrames> left, right;
  for (std::size_t i = 0; i < kFrames; ++i) {
    left[i] = block.samples[2 * i];
    right[i] = block.samples[2 * i + 1];
  }
  sketch.square = {mean_product(left, left), mean_product(right, right)};
  if (!std::isfinite(sketch.square[0] + sketch.square[1])) {
    for (auto* side : {&left, &right})
      for (float& v : *side)
        if (!(std::fabs(v) < 1e6F)) v = 0;
    sketch.square = {mean_product(left, left), mean_product(right, right)};
  }
  sketch.cross = mean_product(left, right);
  sketch.peak = {peak_of(left), peak_of(right)};

  for (std::size_t i = 0; i < kFrames; ++i)
    wide_[kTaps + i] = left[i] * (2.0F / 3) + right[i] * (1.0F / 3);
  for (std::size_t i = 0; i < kFine; ++i)
    sketch.fine[i] = dot<kTaps>(&wide_[3 * i + 3], to_fine.data());
  std::copy_n(wide_.end() - kTaps, kTaps, wide_.begin());
  std::copy(sketch.fine.begin(), sketch.fine.end(), narrow_.begin() + kTaps);
  float voice = 0;
  constexpr float kPole = 0.81F;  // 134 Hz at 4 kHz
  for (std::size_t i = 0; i < kCoarse; ++i) {
    const float v = dot<kTaps>(&narrow_[4 * i + 4], to_coarse.data());
    sketch.coarse[i] = v;
    before_[1] = kPole * (before_[1] + v - before_[0]);
    before_[0] = v;
    voice += before_[1] * before_[1];
  }
  std::copy_n(narrow_.end() - kTaps, kTaps, narrow_.begin());
  sketch.voice = voice / static_cast<float>(kCoarse);
}

}  // namespace kakehashi::ears
