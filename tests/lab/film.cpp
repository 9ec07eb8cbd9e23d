// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab/film.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cmath>
#include <numbers>

#include "core/clock.h"
#include "tests/lab/devices.h"

namespace kakehashi::testing {
namespace {

// Where somebody runs to and fro at `t` seconds: 300 pixels a second.
double walker(double t) {
  const double way = std::fmod(300 * t, 2 * 440.0);
  return 100 + (way < 440 ? way : 2 * 440 - way);
}

// Luma of the hall, 0..1, without noise.
double hall(int x, int y, double t) {
  const double away = std::abs(x - walker(t));
  if (y > 90 && away < 40) return 0.75 - 0.003 * away;
  return 0.25 + 0.25 * x / Film::kWidth + 0.1 * y / Film::kHeight;
}

// Of lamps that pulse at 100 Hz, while a rolling shutter reads line after line in a 60th.
double lamps(int y, double t) {
  const double at = t + static_cast<double>(y) / Film::kHeight / 60;
  return 1 + 0.04 * std::sin(2 * std::numbers::pi * 100 * at);
}

}  // namespace

Film::Film(const std::string& port, Sight sight)
    : yuyv_(std::size_t{2} * kWidth * kHeight, 128), sight_(sight) {
  const int fd = open_feed(port, kWidth, kHeight);
  paint(0, Sight::Hall);
  thread_ = std::thread([this, fd] { run(fd); });
}

Film::~Film() {
  end_ = true;
  thread_.join();
}

void Film::run(int fd) {
  MonotonicClock clock;
  const MediaTime begin = clock.now();
  for (std::int64_t n = 0; !end_; ++n) {
    clock.sleep_until(begin + Duration{n * 1'000'000'000 / kRate});
    const Sight sight = sight_;
    if (sight == Sight::Stopped) continue;
    if (sight != Sight::Frozen) paint(n, sight);
    if (::write(fd, yuyv_.data(), yuyv_.size()) < 0) break;
  }
  ::close(fd);
}

void Film::paint(std::int64_t n, Sight sight) {
  const double t = static_cast<double>(n) / kRate;
  const int bar = sight == Sight::FourThree ? kWidth / 8 : 0;
  for (int y = 0; y < kHeight; ++y) {
    std::uint8_t* line = yuyv_.data() + std::size_t{2} * kWidth * static_cast<std::size_t>(y);
    const double moment = sight == Sight::Comb && y % 2 == 1 ? t + 0.5 / kRate : t;
    const double light = sight == Sight::Flicker ? lamps(y, t) : 1;
    for (int x = 0; x < kWidth; ++x) {
      noise_ = noise_ * 1664525U + 1013904223U;
      const bool dark = sight == Sight::Black || x < bar || x >= kWidth - bar;
      const double luma = 16 + 219 * light * hall(x, y, moment) + (noise_ >> 24) / 64.0;
      line[2 * x] = dark ? 16 : static_cast<std::uint8_t>(luma);
    }
  }
}

}  // namespace kakehashi::testing
