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

// Luma of the wall.
float wall(int x, int y) {
  return 219 * (0.25F + 0.25F * static_cast<float>(x) / Film::kWidth +
                0.1F * static_cast<float>(y) / Film::kHeight);
}

// Of lamps that pulse at 100 Hz, while a rolling shutter reads line after line in a 60th.
double lamps(int y, double t) {
  const double at = t + static_cast<double>(y) / Film::kHeight / 60;
  return 1 + 0.04 * std::sin(2 * std::numbers::pi * 100 * at);
}

}  // namespace

Film::Film(const std::string& port, Sight sight)
    : yuyv_(std::size_t{2} * kWidth * kHeight, 128), sight_(sight) {
  for (int y = 0; y < kHeight; ++y)
    for (int x = 0; x < kWidth; ++x) wall_.push_back(wall(x, y));
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
    const float* behind = wall_.data() + std::size_t{kWidth} * static_cast<std::size_t>(y);
    const bool odd = sight == Sight::Comb && y % 2 == 1;
    const int somebody = y < 90 ? 2 * kWidth : static_cast<int>(walker(odd ? t + 0.5 / kRate : t));
    const float light = sight == Sight::Flicker ? static_cast<float>(lamps(y, t)) : 1;
    for (int x = 0; x < kWidth; ++x) {
      noise_ = noise_ * 1664525U + 1013904223U;
      const float luma = std::abs(x - somebody) < 40 ? 160 : behind[x];
      const bool dark = sight == Sight::Black || x < bar || x >= kWidth - bar;
      line[2 * x] = static_cast<std::uint8_t>(
          16 + (dark ? 0 : light * luma + static_cast<float>(noise_ >> 28) / 4));
    }
  }
}

}  // namespace kakehashi::testing
