// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/tick_clock.h"

#include <algorithm>
#include <cmath>

namespace kakehashi {
namespace {

constexpr double kMostDeviation = 0.005;   // of the rate, to begin with ...
constexpr double kLooseDeviation = 0.006;  // ... and to let go: no hopping at the edge
constexpr Duration kHold = Duration::seconds(2);
constexpr Duration kGone = Duration::milliseconds(250);  // without a picture the line is a guess
constexpr Duration kInPhase = Duration::milliseconds(1);
constexpr Duration kArrived = Duration::microseconds(20);
// Part of the error taken up by each tick: 16.7 ms take 28 ticks, and a line that is noisy by 0.1
// ms moves no tick by more than 0.03 ms.
constexpr std::int64_t kGainPercent = 30;

// The shortest way from `at` to one of the points base + k * spacing.
Duration way_to(MediaTime at, MediaTime base, Duration spacing) {
  std::int64_t rest = (base - at).ns % spacing.ns;
  if (rest < 0) rest += spacing.ns;
  return {rest * 2 >= spacing.ns ? rest - spacing.ns : rest};
}

}  // namespace

TickClock::TickClock(MediaTime epoch, Rate rate, MediaTime now)
    : epoch_(epoch),
      rate_(rate),
      number_(rate.index_at(now - epoch) + 1),
      place_(number_),
      time_(epoch + rate.time_of(number_)),
      period_(rate.period()) {}

double TickClock::ticks_per_picture(const CadenceLine& line) const {
  if (!line.settled || time_ - line.last > kGone) return 0;
  const double most = mode_ == Mode::Following ? kLooseDeviation : kMostDeviation;
  const auto nominal = static_cast<double>(rate_.period().ns);
  for (const double ratio : {1.0, 2.0, 0.5})
    if (std::abs(line.period_ns * ratio / nominal - 1) <= most) return ratio;
  return 0;
}

void TickClock::follow(const CadenceLine& line, double ratio) {
  const auto pace = Duration{std::llround(line.period_ns * ratio)};
  const auto picture = Duration{std::llround(line.period_ns)};
  const MediaTime expected = time_ + pace;
  const Duration error = way_to(expected, line.last + line.guard, std::min(pace, picture));
  const Duration move = std::clamp(error * kGainPercent / 100, -most_slew(), most_slew());
  calm_ = error < kInPhase && -error < kInPhase ? std::min(calm_ + 1, kCalm) : 0;
  mode_ = Mode::Following;
  followed_ = time_;
  period_ = pace;
  time_ = expected + move;
  ppm_ = (static_cast<double>(rate_.period().ns) / (line.period_ns * ratio) - 1) * 1e6;
}

void TickClock::go_back() {
  const MediaTime expected = time_ + rate_.period();
  const std::int64_t near = rate_.index_at(expected - epoch_ + rate_.period() / 2);
  const Duration error = epoch_ + rate_.time_of(near) - expected;
  const Duration most = rate_.period() / 200;
  period_ = rate_.period();
  if (error <= kArrived && -error <= kArrived) {
    mode_ = Mode::Free;
    place_ = near;
    time_ = epoch_ + rate_.time_of(near);
    return;
  }
  mode_ = Mode::Returning;
  time_ = expected + std::clamp(error * kGainPercent / 100, -most, most);
}

void TickClock::advance(const Wish& wish) {
  ++number_;
  const double ratio = wish.follow ? ticks_per_picture(wish.line) : 0;
  if (ratio > 0) {
    follow(wish.line, ratio);
    return;
  }
  calm_ = 0;
  if (mode_ == Mode::Free) {
    time_ = epoch_ + rate_.time_of(++place_);
    return;
  }
  const bool hold = wish.follow && mode_ != Mode::Returning && time_ - followed_ < kHold;
  if (hold) {
    mode_ = Mode::Holding;
    time_ = time_ + period_;
    return;
  }
  go_back();
}

std::uint64_t TickClock::leave_out(MediaTime now) {
  if (time_ > now) return 0;
  std::int64_t passed = 0;  // whole periods: the newest tick that is due is the one to make
  if (mode_ == Mode::Free) {
    passed = std::max<std::int64_t>(0, rate_.index_at(now - epoch_) - place_);
    place_ += passed;
    time_ = epoch_ + rate_.time_of(place_);
  } else {
    passed = (now - time_).ns / period_.ns;
    time_ = time_ + period_ * passed;
  }
  number_ += passed;
  return static_cast<std::uint64_t>(1 + passed);
}

}  // namespace kakehashi
