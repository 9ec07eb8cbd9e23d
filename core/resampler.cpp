// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/resampler.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>
#include <numbers>

#include "core/time.h"

namespace kakehashi {
namespace {

// Modified Bessel function of order zero by its series, for the Kaiser window.
double bessel_i0(double x) {
  double sum = 1, term = 1;
  for (int k = 1; k < 40; ++k) {
    term *= (x / (2.0 * k)) * (x / (2.0 * k));
    sum += term;
  }
  return sum;
}

constexpr int kHalf = 24;       // taps on each side at equal rates: 0.5 ms of sound
constexpr double kBeta = 8.0;   // about 80 dB of stop band
constexpr double kEdge = 0.90;  // middle of the transition band, fraction of Nyquist

}  // namespace

Resampler::Resampler(int rate) {
  const double shrink = std::max(1.0, static_cast<double>(rate) / kSampleRate);
  half_ = static_cast<int>(std::ceil(kHalf * shrink));
  const double edge = kEdge / shrink;
  const auto taps = static_cast<std::size_t>(2 * half_);
  table_.resize((kPhases + 1) * taps);
  for (std::size_t phase = 0; phase <= kPhases; ++phase) {
    float* row = &table_[phase * taps];
    double sum = 0;
    for (std::size_t t = 0; t < taps; ++t) {
      // Tap t stands on input floor(at) - half + 1 + t.
      const double x = static_cast<double>(t) - half_ + 1 - static_cast<double>(phase) / kPhases;
      const double window_at = x / half_;
      const double window =
          std::abs(window_at) >= 1
              ? 0.0
              : bessel_i0(kBeta * std::sqrt(1 - window_at * window_at)) / bessel_i0(kBeta);
      const double arg = std::numbers::pi * x * edge;
      const double sinc = std::abs(arg) < 1e-9 ? 1.0 : std::sin(arg) / arg;
      row[t] = static_cast<float>(sinc * window);
      sum += row[t];
    }
    // Every phase passes a constant exactly: no ripple at the speed of the drift.
    for (std::size_t t = 0; t < taps; ++t) row[t] = static_cast<float>(row[t] / sum);
  }
  input_.resize(2 * kPiece + 4 * taps);
  restart();
}

void Resampler::restart() {
  held_ = static_cast<std::size_t>(half_);  // silence before the first sample
  std::fill(input_.begin(), input_.begin() + half_, StereoSample{});
  first_ = -half_;
  used_ = first_;
}

void Resampler::forget() {
  const long long gone = std::clamp<long long>(used_ - first_, 0, static_cast<long long>(held_));
  if (gone == 0) return;
  std::memmove(input_.data(), input_.data() + gone,
               (held_ - static_cast<std::size_t>(gone)) * sizeof(StereoSample));
  held_ -= static_cast<std::size_t>(gone);
  first_ += gone;
}

void Resampler::feed(const StereoSample* frames, std::size_t count) {
  assert(count <= kPiece && "feed in pieces");
  forget();
  if (held_ + count > input_.size()) {  // nobody produced: the oldest goes
    used_ = first_ + static_cast<long long>(held_ + count - input_.size());
    forget();
  }
  std::memcpy(input_.data() + held_, frames, count * sizeof(StereoSample));
  held_ += count;
}

bool Resampler::produce(double at, StereoSample& out) {
  const double whole = std::floor(at);
  const long long start = static_cast<long long>(whole) - half_ + 1;
  if (start < first_) {  // forgotten or before the beginning
    out = {};
    return true;
  }
  const auto taps = static_cast<std::size_t>(2 * half_);
  const auto offset = static_cast<std::size_t>(start - first_);
  if (offset + taps > held_) return false;
  used_ = std::max(used_, start - 1);
  const double phase = (at - whole) * kPhases;
  const auto row = static_cast<std::size_t>(phase);
  const auto mix = static_cast<float>(phase - static_cast<double>(row));
  const float* a = &table_[row * taps];
  const float* b = a + taps;
  const StereoSample* in = &input_[offset];
  float left = 0, right = 0;
  for (std::size_t t = 0; t < taps; ++t) {
    const float c = a[t] + mix * (b[t] - a[t]);
    left += c * in[t].left;
    right += c * in[t].right;
  }
  out = {left, right};
  return true;
}

}  // namespace kakehashi
