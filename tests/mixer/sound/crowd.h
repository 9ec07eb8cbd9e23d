// SPDX-License-Identifier: GPL-3.0-or-later
// What is loud in a hall and is no voice: applause and a small band. Mono, 48 kHz, from fixed
// seeds.
#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include "core/time.h"

namespace kakehashi::testing {

inline void level_to(std::vector<float>& sound, double db) {
  double power = 0;
  for (const float s : sound) power += static_cast<double>(s * s);
  const auto gain = static_cast<float>(std::pow(10, db / 20) /
                                       std::sqrt(power / static_cast<double>(sound.size())));
  for (float& s : sound) s *= gain;
}

// `claps` a second, each a burst of some milliseconds around 0.8 to 3 kHz.
inline std::vector<float> applause(double seconds, double db, double claps = 200,
                                   std::uint32_t seed = 1) {
  std::mt19937 random(seed);
  std::vector<float> out(static_cast<std::size_t>(seconds * kSampleRate), 0.0F);
  std::exponential_distribution<double> gap(claps);
  std::uniform_real_distribution<double> pitch(800, 3'000), near(0.2, 1), sign(-1, 1);
  for (double t = gap(random); t < seconds; t += gap(random)) {
    const double w = 2 * std::numbers::pi * pitch(random) / kSampleRate, r = 0.96;
    const double loud = near(random);
    double y1 = 0, y2 = 0;
    const auto begin = static_cast<std::size_t>(t * kSampleRate);
    for (std::size_t i = 0; i < 900 && begin + i < out.size(); ++i) {
      const double in = sign(random) * std::exp(-static_cast<double>(i) / 150);
      const double y = in + 2 * r * std::cos(w) * y1 - r * r * y2;
      y2 = y1;
      y1 = y;
      out[begin + i] += static_cast<float>(loud * y);
    }
  }
  level_to(out, db);
  return out;
}

// Chords on a plucked instrument, a bass and a beat, 120 a minute.
inline std::vector<float> music(double seconds, double db) {
  std::vector<float> out(static_cast<std::size_t>(seconds * kSampleRate), 0.0F);
  std::mt19937 random(3);
  std::uniform_real_distribution<double> hiss(-1, 1);
  const auto note = [&](double at, double hz, double loud, double length) {
    const auto begin = static_cast<std::size_t>(at * kSampleRate);
    for (std::size_t i = 0;
         begin + i < out.size() && static_cast<double>(i) < 3 * length * kSampleRate; ++i) {
      const double t = static_cast<double>(i) / kSampleRate;
      double sum = 0;
      for (int k = 1; k <= 5; ++k) sum += std::sin(2 * std::numbers::pi * hz * k * t) / k;
      out[begin + i] +=
          static_cast<float>(loud * std::min(1.0, t / 0.005) * std::exp(-t / length) * sum);
    }
  };
  const double roots[] = {220, 174.6, 130.8, 196};
  for (int beat = 0; beat * 0.5 < seconds; ++beat) {
    const double root = roots[beat / 4 % 4];
    const double at = beat * 0.5;
    note(at, root / 2, 1, 0.4);
    for (const double step : {1.0, 1.2599, 1.4983})
      note(at + 0.01 * step, 2 * root * step, 0.3, 0.9);
    if (beat % 2)
      for (std::size_t i = 0; i < 4'000; ++i) {
        const auto to = static_cast<std::size_t>(at * kSampleRate) + i;
        if (to < out.size())
          out[to] +=
              static_cast<float>(0.4 * hiss(random) * std::exp(-static_cast<double>(i) / 900));
      }
  }
  level_to(out, db);
  return out;
}

}  // namespace kakehashi::testing
