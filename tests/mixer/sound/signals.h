// SPDX-License-Identifier: GPL-3.0-or-later
// Test signals in stereo, 48 kHz, L R L R, as EBU Tech 3341 and 3342 describe them.
#pragma once

#include <cmath>
#include <cstdint>
#include <functional>
#include <numbers>
#include <vector>

#include "core/audio_block.h"

namespace kakehashi::testing {

struct Stereo {
  std::vector<float> samples;

  // Both channels alike; f(i) of the sample's number within this part.
  Stereo& add(double seconds, const std::function<double(std::int64_t)>& f) {
    const auto n = static_cast<std::int64_t>(std::llround(seconds * kSampleRate));
    for (std::int64_t i = 0; i < n; ++i) samples.insert(samples.end(), 2, static_cast<float>(f(i)));
    return *this;
  }
  // A sine of that peak level in each channel.
  Stereo& tone(double seconds, double dbfs, double hz = 1000, double phase_degrees = 0) {
    const double peak = std::pow(10, dbfs / 20);
    return add(seconds, [=](std::int64_t i) {
      const double turns = hz * static_cast<double>(i) / kSampleRate + phase_degrees / 360;
      return peak * std::sin(2 * std::numbers::pi * turns);
    });
  }
  Stereo& silence(double seconds) {
    return add(seconds, [](std::int64_t) { return 0.0; });
  }
  Stereo& mono(const std::vector<float>& sound, double db = 0) {
    const auto gain = static_cast<float>(std::pow(10, db / 20));
    for (const float s : sound) samples.insert(samples.end(), 2, s * gain);
    return *this;
  }

  std::size_t blocks() const {  // whole ones
    return samples.size() / std::tuple_size_v<decltype(AudioBlock::samples)>;
  }
  AudioBlock block(std::size_t n) const {
    AudioBlock b;
    b.position = static_cast<std::int64_t>(n) * kBlockSamples;
    std::copy_n(samples.begin() + static_cast<std::ptrdiff_t>(n * b.samples.size()),
                b.samples.size(), b.samples.begin());
    return b;
  }
};

}  // namespace kakehashi::testing
