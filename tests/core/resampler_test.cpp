// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/resampler.h"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>
#include <vector>

using namespace kakehashi;

namespace {

// Signal to error in dB for a sine of `hz`, device rate `rate`, output at 48 kHz plus `ppm`.
double quality(int rate, double hz, double ppm) {
  Resampler r(rate);
  const double step = rate / 48000.0 * (1 + ppm * 1e-6);
  double at = 0, worst = 0, power = 0;
  std::size_t n = 0;
  long long fed = 0;
  std::vector<StereoSample> chunk(480);
  for (int c = 0; c < 100; ++c) {
    for (auto& s : chunk) {
      const auto v = static_cast<float>(
          std::sin(2 * std::numbers::pi * hz * static_cast<double>(fed++) / rate));
      s = {v, -v};
    }
    r.feed(chunk.data(), chunk.size());
    StereoSample out;
    while (r.produce(at, out)) {
      if (at > 2000) {
        const double want = std::sin(2 * std::numbers::pi * hz * at / rate);
        worst += (out.left - want) * (out.left - want);
        power += want * want;
        ++n;
        CHECK(out.right == -out.left);
      }
      at += step;
    }
  }
  REQUIRE(n > 10000);
  return 10 * std::log10(power / worst);
}

}  // namespace

TEST_CASE("a sine keeps its shape through the resampler") {
  CHECK(quality(48000, 1000, 200) > 85);
  CHECK(quality(48000, 10000, 200) > 75);
  CHECK(quality(44100, 1000, -300) > 85);
  CHECK(quality(16000, 1000, 0) > 75);
  CHECK(quality(96000, 5000, 50) > 75);
}

TEST_CASE("what 48 kHz cannot carry is removed, not folded down") {
  Resampler r(96000);
  std::vector<StereoSample> chunk(960);
  double at = 0, most = 0;
  long long fed = 0;
  for (int c = 0; c < 50; ++c) {
    for (auto& s : chunk) {
      const auto v = static_cast<float>(
          std::sin(2 * std::numbers::pi * 33000 * static_cast<double>(fed++) / 96000));
      s = {v, v};
    }
    r.feed(chunk.data(), chunk.size());
    StereoSample out;
    while (r.produce(at, out)) {
      if (at > 4000) most = std::max(most, std::abs(static_cast<double>(out.left)));
      at += 2;
    }
  }
  CHECK(most < 0.001);
}
