// SPDX-License-Identifier: GPL-3.0-or-later
// A device with a crystal, jitter, bursts, gaps and a speed step of its own, in virtual time. It
// plays a sine that is a function of the session's time, so the delay error is the phase of what
// comes out.
#pragma once

#include "capture/audio_sync.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <numbers>
#include <random>
#include <vector>

namespace kakehashi::testing {

constexpr double kHz = 100;  // 10 ms period: delay errors up to 5 ms are told apart
constexpr MediaTime kEpoch{5'000'000'000};
constexpr double kLag = 0.040;  // mix.audio reads this much behind the clock

struct Device {
  int rate = 48000;
  int chunk = 480;
  double ppm = 0;
  double jitter = 0;  // seconds, mean of an exponential added to every stamp
  int burst = 1;      // chunks handed over together
  double late = 0;    // seconds between capture and hand-over beyond the chunk itself
  double frequency = kHz;

  double time = 0.1;  // session seconds of the next sample
  std::mt19937 random{42};

  std::vector<float> next(MediaTime& captured) {
    std::vector<float> s(static_cast<std::size_t>(chunk) * 2);
    const double begin = time;
    const double each = 1.0 / (rate * (1 + ppm * 1e-6));
    for (int i = 0; i < chunk; ++i) {
      const auto v =
          static_cast<float>(0.5 * std::sin(2 * std::numbers::pi * frequency * (begin + i * each)));
      s[static_cast<std::size_t>(2 * i)] = s[static_cast<std::size_t>(2 * i + 1)] = v;
    }
    time += chunk * each;
    double stamp = begin;
    if (jitter > 0) {
      stamp += std::exponential_distribution<>(1 / jitter)(random);
      if (std::uniform_real_distribution<>(0, 1)(random) < 0.01) stamp += 0.005;
    }
    captured = kEpoch + Duration::from_seconds(stamp);
    return s;
  }
};

struct Listener {
  std::int64_t position = 0;
  std::vector<float> heard;  // left, from position 0
  std::vector<bool> flowing;

  void until(AudioSync& sync, double seconds) {
    AudioBlock block;
    while (static_cast<double>(position) / kSampleRate + kLag <= seconds) {
      block.position = position;
      flowing.push_back(
          sync.read(block, kEpoch + time_of_sample(position) + Duration::from_seconds(kLag)));
      for (int i = 0; i < kBlockSamples; ++i)
        heard.push_back(block.samples[static_cast<std::size_t>(2 * i)]);
      position += kBlockSamples;
    }
  }
};

// Runs the device until `seconds`; chunks arrive when their last sample exists (a burst: when the
// last chunk of it does), plus `late`.
inline void run(AudioSync& sync, Device& d, Listener& ear, double seconds) {
  std::deque<std::pair<std::vector<float>, MediaTime>> waiting;
  while (d.time < seconds) {
    MediaTime captured;
    auto s = d.next(captured);
    waiting.emplace_back(std::move(s), captured);
    if (static_cast<int>(waiting.size()) < d.burst) continue;
    ear.until(sync, d.time + d.late);
    for (const auto& [samples, at] : waiting) sync.push(samples, 2, d.rate, at);
    waiting.clear();
  }
}

// How late (seconds) the sine is around `at`, by correlation over whole periods; amplitude too.
struct Phase {
  double delay, amplitude;
};
inline Phase phase_at(const Listener& ear, double at, double frequency = kHz) {
  const auto from = static_cast<std::size_t>(at * kSampleRate);
  double re = 0, im = 0;
  const int n = frequency < 50 ? kSampleRate : kSampleRate / 10;  // whole periods
  REQUIRE(from + n <= ear.heard.size());
  for (int i = 0; i < n; ++i) {
    const double t = static_cast<double>(from + static_cast<std::size_t>(i)) / kSampleRate;
    re += ear.heard[from + static_cast<std::size_t>(i)] *
          std::sin(2 * std::numbers::pi * frequency * t);
    im += ear.heard[from + static_cast<std::size_t>(i)] *
          std::cos(2 * std::numbers::pi * frequency * t);
  }
  return {-std::atan2(im, re) / (2 * std::numbers::pi * frequency), 2 * std::hypot(re, im) / n};
}

// The biggest second difference between `from` and `to`: for a sine of amplitude a it is
// a * (2 pi f / 48000)^2; a click is far above it.
inline double roughness(const Listener& ear, double from, double to) {
  double most = 0;
  const auto a = static_cast<std::size_t>(from * kSampleRate) + 1;
  const auto b = std::min(ear.heard.size() - 1, static_cast<std::size_t>(to * kSampleRate));
  for (std::size_t i = a; i < b; ++i)
    most = std::max(most, std::abs(static_cast<double>(ear.heard[i + 1]) - 2 * ear.heard[i] +
                                   ear.heard[i - 1]));
  return most;
}
inline const double kSmooth = 0.5 * std::pow(2 * std::numbers::pi * kHz / kSampleRate, 2);

}  // namespace kakehashi::testing
