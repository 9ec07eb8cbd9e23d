// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/sound/ears_music.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "mixer/sound/ears_table.h"

namespace kakehashi::ears {
namespace {

constexpr double kLowestHz = 150, kHighestHz = 1700;
constexpr std::size_t kRise = 3;                       // blocks a beginning takes
constexpr float kLeastRise = 2, kMostRise = 12;        // dB
constexpr float kFloorDb = -60;                        // rises under it are nobody's
constexpr std::size_t kShortest = 20, kLongest = 110;  // blocks between two beats

}  // namespace

bool MusicSense::music() const { return steady_ >= kMusicSteady || pulse_ >= kMusicPulse; }

void MusicSense::add(const SoundSketch& sketch, bool loud) {
  std::copy(wave_.begin() + kCoarse, wave_.end(), wave_.begin());
  std::copy(sketch.coarse.begin(), sketch.coarse.end(), wave_.end() - kCoarse);
  levels_[blocks_ % kRemember] = std::max(static_cast<float>(decibel(sketch.voice)), kFloorDb);
  lines_[blocks_ % kStill] = loudest_line();
  ++blocks_;
  if (blocks_ > kWindow / kCoarse + kStill && loud) {
    const auto [low, high] = std::minmax_element(lines_.begin(), lines_.end());
    const double still = *high - *low < kMusicStillHz ? 1 : 0;
    steady_ += (still - steady_) / (kTalkSeconds * kSecond);
  }
  if (blocks_ % kSecond == 0 && blocks_ > kRemember) find_pulse();
}

double MusicSense::loudest_line() {
  static const auto hann = [] {
    std::array<float, kWindow> w{};
    for (std::size_t i = 0; i < kWindow; ++i)
      w[i] = static_cast<float>(
          0.5 - 0.5 * std::cos(2 * std::numbers::pi * (static_cast<double>(i) + 0.5) / kWindow));
    return w;
  }();
  const auto wave = fourier_.wave();
  for (std::size_t i = 0; i < kWindow; ++i) wave[i] = wave_[i] * hann[i];
  fourier_.forward();
  const auto lines = fourier_.spectrum();
  constexpr double kBin = kCoarseRate / kWindow;
  std::size_t top = static_cast<std::size_t>(kLowestHz / kBin);
  for (std::size_t k = top; k < static_cast<std::size_t>(kHighestHz / kBin); ++k)
    if (std::norm(lines[k]) > std::norm(lines[top])) top = k;
  // It lies between lines: a parabola through three.
  const auto level = [&](std::size_t k) { return decibel(std::norm(lines[k])); };
  const double before = level(top - 1), here = level(top), after = level(top + 1);
  const double bend = before - 2 * here + after;
  const double shift = bend < 0 ? 0.5 * (before - after) / bend : 0;
  return (static_cast<double>(top) + shift) * kBin;
}

void MusicSense::find_pulse() {
  std::array<float, kRemember> onset{};
  const auto level = [&](std::size_t i) { return levels_[(blocks_ + i) % kRemember]; };
  float mean = 0;
  for (std::size_t i = kRise; i < kRemember; ++i) {
    const float rise = level(i) - level(i - kRise);
    if (rise >= kLeastRise) onset[i] = std::min(rise, kMostRise);
    mean += onset[i] / kRemember;
  }
  float all = 0;
  for (float& v : onset) {
    v -= mean;
    all += v * v;
  }
  const auto alike = [&](std::size_t lag) {
    float sum = 0;
    for (std::size_t i = lag; i < kRemember; ++i) sum += onset[i] * onset[i - lag];
    return sum / (all * static_cast<float>(kRemember - lag) / kRemember);
  };
  pulse_ = 0;
  if (all <= 0) return;
  // Two beats on as well: two words that are alike by chance are no pace.
  for (std::size_t lag = kShortest; lag < kLongest; ++lag)
    pulse_ = std::max<double>(pulse_, std::min(alike(lag), alike(2 * lag)));
}

}  // namespace kakehashi::ears
