// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/sound/true_peak.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>

namespace kakehashi {
namespace {

constexpr std::size_t kBlock = kBlockSamples;
constexpr std::size_t kStep = 16;  // samples judged together
static_assert(kBlock % kStep == 0);
constexpr std::size_t kCentre = TruePeak::kTaps / 2 - 1;  // the sample a peak begins at
constexpr double kBeta = 8;  // of the Kaiser window: side lobes at -80 dB

using Four = float __attribute__((vector_size(16)));

double bessel(double x) {  // I0
  double sum = 1, term = 1;
  for (int k = 1; k < 40; ++k) {
    term *= (x / 2 / k) * (x / 2 / k);
    sum += term;
  }
  return sum;
}

double tap(double t) {  // t: samples from the place asked for
  const double half = TruePeak::kTaps / 2.0;
  if (std::abs(t) >= half) return 0;
  const double window = bessel(kBeta * std::sqrt(1 - t * t / half / half)) / bessel(kBeta);
  const double x = std::numbers::pi * t;
  return window * (x == 0 ? 1 : std::sin(x) / x);
}

Four load(const float* from) {
  Four v;
  std::memcpy(&v, from, sizeof v);
  return v;
}

Four magnitude(Four v) { return v < 0 ? -v : v; }
Four higher(Four a, Four b) { return a > b ? a : b; }

}  // namespace

TruePeak::TruePeak() {
  for (std::size_t p = 0; p < phases_.size(); ++p) {
    const double place = (static_cast<double>(p) + 1) / 4;
    double sum = 0, most = 0;
    const auto at = [&](int k) { return tap(k - static_cast<int>(kCentre) - place); };
    for (int k = 0; k < kTaps; ++k) sum += at(k);
    for (int k = 0; k < kTaps; ++k) {
      const double h = at(k) / sum;
      phases_[p][static_cast<std::size_t>(k)] = static_cast<float>(h);
      most += std::abs(h);
    }
    overshoot_ = std::max(overshoot_, static_cast<float>(most));
  }
}

void TruePeak::measure(const AudioBlock& block, float care, std::span<float, kBlock> peaks) {
  // 16 samples are left alone when neither they nor what the taps reach can lift the curve so far.
  std::array<float, (kKept + kBlock) / kStep + 2> highest{};
  for (std::size_t c = 0; c < 2; ++c) {
    auto& x = channels_[c];
    std::copy(x.end() - static_cast<std::ptrdiff_t>(kKept), x.end(), x.begin());
    for (std::size_t i = 0; i < kBlock; ++i) x[kKept + i] = block.samples[2 * i + c];
    for (std::size_t i = 0; i < x.size(); ++i)
      highest[i / kStep] = std::max(highest[i / kStep], std::abs(x[i]));
  }
  for (std::size_t at = 0; at < kBlock; at += kStep) {
    const std::size_t group = at / kStep;
    const float around = std::max({highest[group], highest[group + 1], highest[group + 2]});
    const bool matters = around * overshoot_ > care;
    for (std::size_t i = 0; i < kStep; ++i)
      peaks[at + i] = std::max(std::abs(channels_[0][at + i + kCentre]),
                               std::abs(channels_[1][at + i + kCentre]));
    if (!matters) continue;
    for (const auto& x : channels_) {
      constexpr std::size_t kWide = kStep / 4;
      Four sums[3][kWide] = {};
      for (std::size_t k = 0; k < kTaps; ++k) {
        Four in[kWide];
        for (std::size_t v = 0; v < kWide; ++v) in[v] = load(&x[at + k + 4 * v]);
        for (std::size_t p = 0; p < 3; ++p)
          for (std::size_t v = 0; v < kWide; ++v) sums[p][v] += in[v] * phases_[p][k];
      }
      for (std::size_t v = 0; v < kWide; ++v) {
        Four peak = load(&peaks[at + 4 * v]);
        for (auto& sum : sums) peak = higher(peak, magnitude(sum[v]));
        std::memcpy(&peaks[at + 4 * v], &peak, sizeof peak);
      }
    }
  }
}

}  // namespace kakehashi
