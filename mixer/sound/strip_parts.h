// SPDX-License-Identifier: GPL-3.0-or-later
// What the parts of a strip share: both channels as one value, and numbers that glide. Thread: the
// strip's owner; nothing here allocates.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>

namespace kakehashi::strip {

// Left and right in one register: every stage treats both alike. In double, so that a high-pass at
// 20 Hz keeps its shape and nothing ever gets near the denormals of float.
using Pair = double __attribute__((vector_size(16)));

inline constexpr Pair pair(double left, double right) { return Pair{left, right}; }
inline constexpr Pair pair(double both) { return Pair{both, both}; }

inline constexpr std::size_t kGlide = 960;  // samples that a change takes: 20 ms
inline constexpr std::size_t kStep = 8;     // samples between two figures of a gain computer
inline constexpr double kDbOfLog2 = 6.020599913279624;  // 20 log10(2)

inline double gain_of(double db) { return std::exp2(db / kDbOfLog2); }

// Below this (-300 dB) a filter's memory is nothing: what rings out of it must not become denormal
// numbers, with which a processor computes many times slower.
inline constexpr double kNothing = 1e-15;
inline Pair without_dust(Pair v) {
  return pair(std::abs(v[0]) < kNothing ? 0 : v[0], std::abs(v[1]) < kNothing ? 0 : v[1]);
}

// A number on its way to another, in equal steps.
class Glide {
 public:
  explicit Glide(double value = 0) : now_(value), goal_(value) {}
  void jump(double value) {
    now_ = goal_ = value;
    left_ = 0;
  }
  void go(double goal, std::size_t steps) {
    if (goal == goal_) return;
    goal_ = goal;
    left_ = steps;
    step_ = (goal - now_) / static_cast<double>(steps);
  }
  double next() {
    if (left_ > 0) now_ = --left_ == 0 ? goal_ : now_ + step_;
    return now_;
  }
  double now() const { return now_; }
  double goal() const { return goal_; }
  bool still() const { return left_ == 0; }

 private:
  double now_;
  double goal_;
  double step_ = 0;
  std::size_t left_ = 0;
};

// Multiplies kStep samples by a gain that goes from one figure to the next in a straight line.
inline void apply_gain(Pair* samples, double from, double to) {
  const double step = (to - from) / static_cast<double>(kStep);
  for (std::size_t i = 0; i < kStep; ++i)
    samples[i] *= pair(from + step * static_cast<double>(i + 1));
}

// Mean power of kStep samples, of the louder channel: both are treated by it, so that the picture
// between the loudspeakers stands still.
inline double louder_power(const Pair* samples) {
  Pair sum = pair(0);
  for (std::size_t i = 0; i < kStep; ++i) sum += samples[i] * samples[i];
  return (sum[0] > sum[1] ? sum[0] : sum[1]) / static_cast<double>(kStep);
}

// dBFS after AES17: a full-scale sine is 0.
inline double level_db(double power) {
  return power > 1e-20 ? kDbOfLog2 / 2 * std::log2(2 * power) : -200;
}

// How much of the old value a one-pole keeps over kStep samples.
inline double kept_over_step(double ms) {
  return std::exp(-static_cast<double>(kStep) / (48.0 * ms));
}

}  // namespace kakehashi::strip
