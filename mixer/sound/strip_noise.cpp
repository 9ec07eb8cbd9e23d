// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/sound/strip_noise.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

namespace kakehashi::strip {
namespace {

constexpr std::size_t kWindow = 2 * kNoiseFrame;
constexpr float kTiny = 1e-14F;  // power of a line far under the noise of any converter

constexpr float kSmooth = 0.9F;     // 50 ms
constexpr float kSure = 0.8F;       // 25 ms
constexpr float kOnset = 11.0F;     // the same of a single frame
constexpr float kAverage = 0.985F;  // 0.3 s
constexpr float kSpeech = 3.5F;     // times the minimum; steady noise stays under 3
constexpr float kPast = 0.98F;      // weight of the frame before in the ratio to the noise
constexpr float kLeastRatio = 0.001F;

// The square root of a Hann window before and after: together, overlapped, they are 1.
const std::array<float, kWindow>& window() {
  static const std::array<float, kWindow> table = [] {
    std::array<float, kWindow> w{};
    for (std::size_t i = 0; i < kWindow; ++i)
      w[i] = static_cast<float>(std::sin(M_PI * (static_cast<double>(i) + 0.5) / kWindow));
    return w;
  }();
  return table;
}

// exp(E1(v) / 2) for v of 2^-24 .. 2^3, 32 figures per octave, by the bits of the number.
class Amplitude {
 public:
  Amplitude() {
    for (std::size_t i = 0; i < table_.size(); ++i)
      table_[i] = figure(std::bit_cast<float>((static_cast<std::uint32_t>(i) + kFirst) << kBits));
  }
  float operator()(float v) const {
    const std::uint32_t n = std::bit_cast<std::uint32_t>(v) >> kBits;
    return table_[std::clamp<std::uint32_t>(n, kFirst, kFirst + kCount - 1) - kFirst];
  }

 private:
  static constexpr std::uint32_t kBits = 18;
  static constexpr std::uint32_t kFirst = (127U - 24U) << 5U;
  static constexpr std::uint32_t kCount = 27U << 5U;
  static float figure(float at) {
    const double v = static_cast<double>(at);
    double term = 1, sum = 0;
    for (int n = 1; n < 60; ++n) {
      term *= -v / n;
      sum += term / n;
    }
    const double e1 = -0.5772156649015329 - std::log(v) - sum;
    return static_cast<float>(std::exp(e1 / 2));
  }
  std::array<float, kCount> table_{};
};

const Amplitude& amplitude() {
  static const Amplitude table;
  return table;
}

}  // namespace

// The tables are made here, not in the first frame.
NoiseChannel::NoiseChannel() : fourier_(kWindow) {
  (void)window();
  (void)amplitude();
}

void NoiseChannel::learn() {
  constexpr int kCounted = 1000;
  if (frames_ == 0) {
    smooth_ = noise_ = lowest_ = power_;
    parts_.fill(power_);
  }
  frames_ = std::min(frames_ + 1, kCounted);
  // Quick at first: the mean of what there is.
  const float average = std::min(kAverage, 1 - 1 / static_cast<float>(frames_));
  for (std::size_t k = 0; k < kLines; ++k) {
    const float p = power_[k];
    smooth_[k] = p + kSmooth * (smooth_[k] - p);
    lowest_[k] = std::min(lowest_[k], smooth_[k]);
    const float least = std::min(minimum_[k], lowest_[k]);
    const bool speech = smooth_[k] > kSpeech * least + kTiny || p > kOnset * least + kTiny;
    // At once, or its beginning became noise; down to nothing, not to denormal numbers.
    voice_[k] = speech ? 1.0F : std::max(kSure * voice_[k] - 0.001F, 0.0F);
    const float keep = average + (1 - average) * voice_[k];
    noise_[k] = p + keep * (noise_[k] - p);
  }
  if (++in_part_ < kPart && frames_ > 1) return;
  in_part_ = 0;
  parts_[part_] = lowest_;
  part_ = (part_ + 1) % kParts;
  lowest_ = smooth_;
  minimum_ = parts_[0];
  for (std::size_t n = 1; n < kParts; ++n)
    for (std::size_t k = 0; k < kLines; ++k) minimum_[k] = std::min(minimum_[k], parts_[n][k]);
}

void NoiseChannel::decide(float floor) {
  Lines wiener, argument;
  for (std::size_t k = 0; k < kLines; ++k) {
    const float part = 1 / (noise_[k] + kTiny);
    const float post = power_[k] * part;
    const float prior =
        std::max(kLeastRatio, kPast * kept_[k] * part + (1 - kPast) * std::max(post - 1, 0.0F));
    wiener[k] = prior / (1 + prior);
    argument[k] = wiener[k] * post;
  }
  const Amplitude& factor = amplitude();
  for (std::size_t k = 0; k < kLines; ++k) wiener[k] *= factor(argument[k]);
  for (std::size_t k = 0; k < kLines; ++k) {
    const float g = std::min(wiener[k], 1.0F);
    kept_[k] = g * g * power_[k];
    gain_[k] = std::max(g, floor);
  }
}

void NoiseChannel::run(std::span<float, kNoiseFrame> samples, float floor) {
  const auto silent = [](const auto& all) {
    return std::all_of(all.begin(), all.end(), [](float v) { return v == 0; });
  };
  // A closed microphone teaches nothing about its room.
  quiet_ = silent(samples) && silent(before_);
  if (quiet_) {
    std::copy(tail_.begin(), tail_.end(), samples.begin());
    tail_.fill(0);
    return;
  }
  const auto& w = window();
  const auto wave = fourier_.wave();
  for (std::size_t i = 0; i < kNoiseFrame; ++i) {
    wave[i] = before_[i] * w[i];
    wave[kNoiseFrame + i] = samples[i] * w[kNoiseFrame + i];
    before_[i] = samples[i];
  }
  fourier_.forward();
  const auto lines = fourier_.spectrum();
  for (std::size_t k = 0; k < lines.size(); ++k) power_[k] = std::norm(lines[k]);
  learn();
  decide(floor);
  // Neighbours together: single lines that come and go would twitter.
  constexpr float kScale = 1.0F / static_cast<float>(kWindow);
  lines.front() *= gain_[0] * kScale;
  for (std::size_t k = 1; k + 1 < lines.size(); ++k)
    lines[k] *= (0.25F * (gain_[k - 1] + gain_[k + 1]) + 0.5F * gain_[k]) * kScale;
  lines.back() *= gain_[lines.size() - 1] * kScale;
  fourier_.back();
  for (std::size_t i = 0; i < kNoiseFrame; ++i) {
    samples[i] = tail_[i] + wave[i] * w[i];
    tail_[i] = wave[kNoiseFrame + i] * w[kNoiseFrame + i];
  }
}

void NoiseSuppressor::set(double db, bool at_once) {
  on_ = db > 0;
  if (!on_) {  // fading out it keeps its amount
    wet_.go(0, kGlide);
    if (at_once) wet_.jump(0);
    return;
  }
  if (wet_.now() == 0) {
    listened_ = 0;
    amount_.jump(db);
  }
  amount_.go(db, kGlide / kFrame);
}

void NoiseSuppressor::run(std::span<Pair, kFrame> samples) {
  if (!on_ && wet_.still() && wet_.now() == 0) {
    std::swap_ranges(samples.begin(), samples.end(), before_.begin());
    return;
  }
  if (on_ && listened_ == kListen) wet_.go(1, kGlide);
  std::array<float, kFrame> middle, side;
  for (std::size_t i = 0; i < kFrame; ++i) {
    middle[i] = static_cast<float>((samples[i][0] + samples[i][1]) / 2);
    side[i] = static_cast<float>((samples[i][0] - samples[i][1]) / 2);
  }
  const auto floor = static_cast<float>(gain_of(-amount_.next()));
  middle_.run(middle, floor);
  side_.run(side, floor);
  if (!middle_.quiet()) listened_ = std::min(listened_ + 1, kListen);
  for (std::size_t i = 0; i < kFrame; ++i) {
    const auto m = static_cast<double>(middle[i]), s = static_cast<double>(side[i]);
    const Pair in = samples[i];
    samples[i] = before_[i] + pair(wet_.next()) * (pair(m + s, m - s) - before_[i]);
    before_[i] = in;
  }
}

}  // namespace kakehashi::strip
