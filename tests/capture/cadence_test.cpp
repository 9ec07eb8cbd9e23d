// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/cadence.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "tests/support/pretend_camera.h"

using namespace kakehashi;
using kakehashi::testing::PretendCamera;

namespace {

PretendCamera camera(double per_second, double ppm = 0) {
  PretendCamera c;
  c.per_second = per_second;
  c.ppm = ppm;
  c.transit = Duration::milliseconds(5);  // so that jitter goes both ways
  return c;
}

// Pictures from..to-1, none left out.
void run(Cadence& cadence, PretendCamera& c, std::int64_t from, std::int64_t to) {
  for (std::int64_t k = from; k < to; ++k) cadence.add(c.arrived(k));
}

// How far the line stands from where picture `last` arrives on average.
double off_ms(const Cadence& cadence, const PretendCamera& c, std::int64_t last) {
  return std::abs((cadence.line().last - (c.captured(last) + c.transit)).to_milliseconds());
}

}  // namespace

TEST_CASE("pace and phase are found within bounds after one second, ten seconds, a minute") {
  for (const double rate : {30.0, 30000 / 1001.0, 25.0, 60000 / 1001.0, 60.0, 50.0}) {
    for (const double ppm : {0.0, 60.0, -80.0}) {
      CAPTURE(rate);
      CAPTURE(ppm);
      PretendCamera c = camera(rate, ppm);
      Cadence cadence;
      const double real = rate * (1 + ppm * 1e-6);
      const auto upto = [&](double seconds) { return static_cast<std::int64_t>(seconds * rate); };
      run(cadence, c, 0, upto(1.6));
      REQUIRE(cadence.line().settled);
      CHECK(std::abs(cadence.per_second() / real - 1) < 2500e-6);
      CHECK(off_ms(cadence, c, upto(1.6) - 1) < 0.8);
      run(cadence, c, upto(1.6), upto(12));
      CHECK(std::abs(cadence.per_second() / real - 1) < 80e-6);
      CHECK(off_ms(cadence, c, upto(12) - 1) < 0.4);
      run(cadence, c, upto(12), upto(60));
      CHECK(std::abs(cadence.per_second() / real - 1) < 80e-6);
      CHECK(off_ms(cadence, c, upto(60) - 1) < 0.4);
    }
  }
}

TEST_CASE("the jitter shown is that of the last ten seconds") {
  PretendCamera c = camera(30);
  Cadence cadence;
  run(cadence, c, 0, 900);
  // 95 % of a normal distribution lie within 1.96 sigma; the spikes add a little.
  CHECK(cadence.jitter_p95(c.captured(900)).to_milliseconds() == doctest::Approx(1.4).epsilon(0.2));
  c.sigma_ms = 0.1;
  c.spikes = 0;
  run(cadence, c, 900, 1000);
  CHECK(cadence.jitter_p95(c.captured(1000)).to_milliseconds() > 0.8);  // two thirds are old
  run(cadence, c, 1000, 1320);
  CHECK(cadence.jitter_p95(c.captured(1320)).to_milliseconds() < 0.4);
  CHECK(cadence.jitter_p95(c.captured(1320) + Duration::seconds(11)).ns == 0);
}

TEST_CASE("the guard waits for two minutes of proof, then covers the worst of them") {
  PretendCamera c = camera(30);
  Cadence cadence;
  run(cadence, c, 0, 30 * 115);
  CHECK(cadence.line().guard >= Duration::milliseconds(7));
  c.spikes = 0;
  c.sigma_ms = 0.2;
  run(cadence, c, 30 * 115, 30 * 400);
  CHECK(cadence.line().guard == Duration::milliseconds(2));
  c.spikes = 0.01;
  run(cadence, c, 30 * 400, 30 * 430);
  CHECK(cadence.line().guard > Duration::milliseconds(4));
  c.spike_ms = 25;  // what no guard can cover does not cost one either
  c.spikes = 0.0;
  run(cadence, c, 30 * 430, 30 * 800);
  CHECK(cadence.line().guard == Duration::milliseconds(2));
}

TEST_CASE("a guard never exceeds ten milliseconds") {
  PretendCamera c = camera(30);
  c.sigma_ms = 3.5;
  Cadence cadence;
  run(cadence, c, 0, 30 * 200);
  CHECK(cadence.line().guard <= Duration::milliseconds(10));
  CHECK(cadence.line().guard > Duration::milliseconds(9));
}

TEST_CASE("lost pictures are counted on the line, and it holds") {
  PretendCamera c = camera(30);
  Cadence cadence;
  std::int64_t first = 0;
  for (std::int64_t k = 0; k < 900; ++k) {
    const MediaTime at = c.arrived(k);
    if (k > 60 && k % 7 == 3) continue;
    const std::int64_t index = cadence.add(at);
    if (k == 60) first = index - k;
    if (k > 60) CHECK(index - k == first);
  }
  CHECK(cadence.line().settled);
  CHECK(std::abs(cadence.per_second() / 30 - 1) < 100e-6);
}

TEST_CASE("a camera that goes to half its rate is learnt anew, and back") {
  PretendCamera c = camera(30);
  Cadence cadence;
  run(cadence, c, 0, 300);
  for (std::int64_t k = 300; k < 420; ++k) {
    const MediaTime at = c.arrived(k);
    if (k % 2 == 0) cadence.add(at);
  }
  REQUIRE(cadence.line().settled);
  CHECK(cadence.per_second() == doctest::Approx(15).epsilon(0.002));
  run(cadence, c, 420, 500);
  REQUIRE(cadence.line().settled);
  CHECK(cadence.per_second() == doctest::Approx(30).epsilon(0.002));
}

TEST_CASE("what has no cadence gets none: changes now and then, bursts, noise") {
  std::mt19937 random(1);
  Cadence cadence;
  MediaTime at{1'000'000'000};
  int now_and_then = 0, lumps = 0, noise = 0;
  for (int i = 0; i < 3000; ++i) {  // a page turned, a window moved
    at = at + Duration::milliseconds(std::uniform_int_distribution<>(33, 3000)(random));
    cadence.add(at);
    now_and_then += cadence.line().settled;
  }
  for (int i = 0; i < 3000; ++i) {  // a network that delivers in lumps
    at = at + Duration::milliseconds(i % 10 == 0 ? 333 : 0);
    cadence.add(at);
    lumps += cadence.line().settled;
  }
  for (int i = 0; i < 3000; ++i) {
    at = at + Duration::microseconds(std::uniform_int_distribution<>(5'000, 60'000)(random));
    cadence.add(at);
    noise += cadence.line().settled;
  }
  CHECK(now_and_then == 0);
  CHECK(lumps == 0);
  CHECK(noise == 0);
}

TEST_CASE("a burst at the start does not spoil the line") {
  PretendCamera c = camera(30);
  Cadence cadence;
  for (int i = 0; i < 3; ++i) cadence.add(c.captured(0) + Duration::milliseconds(i));
  run(cadence, c, 1, 60);
  REQUIRE(cadence.line().settled);
  CHECK(cadence.per_second() == doctest::Approx(30).epsilon(0.002));
}

TEST_CASE("a jump in time starts over, the guard is kept") {
  PretendCamera c = camera(30);
  Cadence cadence;
  run(cadence, c, 0, 30 * 300);
  const Duration guard = cadence.line().guard;
  CHECK(guard != Duration::milliseconds(2));
  c.phase = Duration::seconds(1000) + Duration::milliseconds(13);
  run(cadence, c, 30 * 300, 30 * 300 + 20);
  CHECK_FALSE(cadence.line().settled);
  CHECK(cadence.line().guard == guard);
  run(cadence, c, 30 * 300 + 20, 30 * 300 + 60);
  CHECK(cadence.line().settled);
}
