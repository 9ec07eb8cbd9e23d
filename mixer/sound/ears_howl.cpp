// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/sound/ears_howl.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "mixer/sound/ears_table.h"

namespace kakehashi::ears {
namespace {

constexpr std::size_t kLength = HowlWatch::kLength;
constexpr double kBin = kFineRate / kLength;  // Hz
constexpr int kOwn = 3;                       // bins on each side that a Hann window gives a line
constexpr int kAroundLeast = 8;               // bins of the neighbourhood, also of low lines
constexpr double kSteps = kSecond / HowlWatch::kEvery;  // looks a second
constexpr double kSameBins = 0.5;                       // from look to look
constexpr double kStillDb = 6;                          // over the others: a howl goes on

const std::array<float, kLength>& hann() {
  static const auto window = [] {
    std::array<float, kLength> w{};
    for (std::size_t i = 0; i < kLength; ++i)
      w[i] = static_cast<float>(
          0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(i) / kLength));
    return w;
  }();
  return window;
}

}  // namespace

void HowlWatch::add(const SoundSketch& sketch, bool look, Fourier& fourier) {
  std::copy(sketch.fine.begin(), sketch.fine.begin() + std::min(kFine, kLength - at_),
            past_.begin() + at_);
  if (kLength - at_ < kFine)
    std::copy(sketch.fine.begin() + (kLength - at_), sketch.fine.end(), past_.begin());
  at_ = (at_ + kFine) % kLength;
  if (decibel(louder(sketch)) > kHowlDb) awake_ = static_cast<int>(kHowlGoneSeconds * kSteps) + 5;
  if (!look || awake_ == 0) return;
  --awake_;
  follow(strongest(fourier));
}

HowlWatch::Line HowlWatch::strongest(Fourier& fourier) const {
  const auto wave = fourier.wave();
  const auto& window = hann();
  for (std::size_t i = 0; i < kLength; ++i) {
    const std::size_t from = at_ + i < kLength ? at_ + i : at_ + i - kLength;
    wave[i] = past_[from] * window[i];
  }
  fourier.forward();
  const auto lines = fourier.spectrum();
  constexpr int kLow = static_cast<int>(kHowlLowestHz / kBin);
  constexpr int kHigh = static_cast<int>(kHowlHighestHz / kBin);
  std::array<float, kHigh + 1> power;
  int top = kLow;
  for (int k = 0; k <= kHigh; ++k) {
    const auto v = lines[static_cast<std::size_t>(k)];
    power[static_cast<std::size_t>(k)] = v.real() * v.real() + v.imag() * v.imag();
    if (k >= kLow && power[static_cast<std::size_t>(k)] > power[static_cast<std::size_t>(top)])
      top = k;
  }
  const auto at = [&](int k) { return static_cast<double>(power[static_cast<std::size_t>(k)]); };
  Line line;
  if (top <= kLow || top >= kHigh || at(top) <= 0) return line;
  const double a = std::log(at(top - 1) + 1e-20), b = std::log(at(top) + 1e-20),
               c = std::log(at(top + 1) + 1e-20);
  const double bend = a - 2 * b + c;
  line.bin = top + (bend < 0 ? 0.5 * (a - c) / bend : 0);
  // A sine's mean square is a half: its line in a Hann window is length/4 high.
  line.db = 10 * std::log10(at(top) / (kLength * kLength / 16.0) / 2);
  double around = 0;
  int n = 0;
  const int lower = std::min(static_cast<int>(top / 1.26), top - kAroundLeast);
  const int upper = std::max(static_cast<int>(top * 1.26), top + kAroundLeast);
  for (int k = std::max(lower, 1); k <= std::min(upper, kHigh); ++k)
    if (std::abs(k - top) > kOwn) {
      around += at(k);
      ++n;
    }
  line.over_db = 10 * std::log10(at(top) * n / (around + 1e-20));
  // A howl that has grown until it is cut off has overtones; before that it has none, and a voice
  // has them from its beginning.
  const bool grown = on_ || (steps_ >= 5 && last_db_ - first_db_ >= kHowlRiseDb);
  double other = 0;
  for (int k = 4; k <= kHigh; ++k) {
    if (std::abs(k - top) <= kOwn) continue;
    if (grown) {
      const double multiple = std::round(k / line.bin);
      if (multiple >= 2 && std::abs(k - multiple * line.bin) <= kOwn + 0.5) continue;
    }
    other = std::max(other, at(k));
  }
  line.alone_db = 10 * std::log10(at(top) / (other + 1e-20));
  return line;
}

void HowlWatch::follow(const Line& line) {
  if (on_) {
    const bool still = std::abs(line.bin - bin_) < 2 * kSameBins && line.alone_db > kStillDb;
    gone_ = still ? 0 : gone_ + 1;
    if (still) level_ = line.db;
    if (gone_ < kHowlGoneSeconds * kSteps) return;
    on_ = false;
    steps_ = 0;
    return;
  }
  const bool tone = line.over_db >= kHowlOverDb && line.alone_db >= kHowlAloneDb;
  const bool same = steps_ > 0 && line.db > most_db_ - kHowlFallDb &&
                    std::max(highest_, line.bin) - std::min(lowest_, line.bin) <= kHowlBins;
  if (!tone || !same || steps_ > kHowlAnewSeconds * kSteps) {
    steps_ = tone ? 1 : 0;
    grown_ = 0;
    lowest_ = highest_ = line.bin;
    first_db_ = most_db_ = last_db_ = line.db;
    return;
  }
  ++steps_;
  if (line.db >= last_db_ + kHowlGrowDb) ++grown_;
  lowest_ = std::min(lowest_, line.bin);
  highest_ = std::max(highest_, line.bin);
  most_db_ = std::max(most_db_, line.db);
  last_db_ = line.db;
  if (steps_ < kHowlSeconds * kSteps || grown_ < kHowlGrowSteps ||
      line.db - first_db_ < kHowlRiseDb || line.db < kHowlDb)
    return;
  on_ = true;
  gone_ = 0;
  bin_ = line.bin;
  hz_ = line.bin * kBin;
  level_ = line.db;
}

}  // namespace kakehashi::ears
