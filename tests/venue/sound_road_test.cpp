// SPDX-License-Identifier: GPL-3.0-or-later
// A mixer and a sound device with hand-made clocks: the device fetches on its own crystal, late and
// in bursts; what it gets must be the sound of the right moment, without a seam.
#include "venue/sound_road.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <numbers>
#include <random>

using namespace kakehashi;

namespace {

constexpr double kTone = 20;  // Hz: left sine, right cosine, so each frame tells its moment
constexpr double kPi = std::numbers::pi;
constexpr double kLag = 0.040;
constexpr MediaTime kEpoch{1'000'000'000};

struct Device {
  int rate = 48000;
  int period = 256;                         // frames
  double ppm = 0;                           // + = fast
  double jitter = 0;                        // seconds, mean of its wake-ups' lateness
  double spikes = 0;                        // part of the wake-ups that come 5 ms late
  double mixer_jitter = 0;                  // seconds
  double gap_every = 0, gap = 0;            // seconds: it stands still and says so
  double mixer_gap_at = -1, mixer_gap = 0;  // the mixer is that late once
  double later_at = 1e12, later = 0;        // from then on it always is
  double step_at = 1e12, step_ppm = 0;
};

struct Heard {
  double start_error = 0;    // seconds, mean of the first seconds after settling
  double worst = 0;          // seconds away from the line's mean, after `settled`
  double worst_bend = 0;     // seconds between neighbouring frames beyond their distance
  std::uint64_t silent = 0;  // frames without sound after the start
  double drift_ppm = 0;
  SoundRoadStatus status;
};

// `settled`: from there on errors count.
Heard run(const Device& d, double seconds, double settled) {
  const std::array<int, 1> first{0};
  SoundRoad road(kEpoch, Duration::from_seconds(kLag), d.rate, first);
  std::mt19937 random(7);
  std::exponential_distribution<double> late(d.jitter > 0 ? 1 / d.jitter : 1);
  std::uniform_real_distribution<double> dice(0, 1);
  Heard heard;
  double mixed = 0;  // time of the next block's mixing
  std::int64_t block_number = 0;
  double device = 0.013;                          // session time at which the next place is free
  double pace = 1 / (1 + d.ppm * 1e-6) / d.rate;  // session seconds per device frame
  double stands_until = 0, next_gap = d.gap_every > 0 ? d.gap_every : 1e12;
  bool underflow = false;
  std::vector<float> out;
  double last_error = 0, mean = 0;
  bool have_last = false;
  std::uint64_t counted = 0;
  const auto mix_until = [&](double t) {
    while (true) {
      double due = static_cast<double>(block_number) * 0.010 + kLag;
      if (d.mixer_jitter > 0) due = std::max(mixed, due + d.mixer_jitter * dice(random));
      if (due > d.mixer_gap_at && due < d.mixer_gap_at + d.mixer_gap)
        due = d.mixer_gap_at + d.mixer_gap;
      if (due > d.later_at) due += d.later;
      if (due > t) return;
      mixed = due;
      AudioBlock b;
      b.position = block_number++ * kBlockSamples;
      for (std::size_t i = 0; i < kBlockSamples; ++i) {
        const double w = 2 * kPi * kTone *
                         (static_cast<double>(b.position) + static_cast<double>(i)) / kSampleRate;
        b.samples[2 * i] = static_cast<float>(0.5 * std::sin(w));
        b.samples[2 * i + 1] = static_cast<float>(0.5 * std::cos(w));
      }
      road.push(0, b);
    }
  };
  while (device < seconds) {
    if (device > d.step_at) pace = 1 / (1 + (d.ppm + d.step_ppm) * 1e-6) / d.rate;
    if (device > next_gap) {
      device += d.gap;
      next_gap += d.gap_every;
      underflow = true;
      stands_until = device + 3;
    }
    double wake = device + d.period * pace;
    if (d.jitter > 0) wake += late(random);
    if (d.spikes > 0 && dice(random) < d.spikes) wake += 0.005;
    const auto frames = static_cast<std::size_t>((wake - device) / pace);
    mix_until(wake);
    out.assign(2 * frames, 7.0F);
    road.fetch(kEpoch + Duration::from_seconds(wake), out.data(), frames, 2, underflow);
    underflow = false;
    for (std::size_t i = 0; i < frames; ++i) {
      const double free_at = device + static_cast<double>(i) * pace;
      const double l = out[2 * i], r = out[2 * i + 1];
      if (free_at < 0.2) continue;
      if (std::hypot(l, r) < 0.4) {
        if (free_at > stands_until) ++heard.silent;
        have_last = false;
        continue;
      }
      // How far the sound is behind the moment of its place.
      double behind = free_at - std::atan2(l, r) / (2 * kPi * kTone);
      behind = std::remainder(behind - 0.0455, 1 / kTone);
      if (have_last) heard.worst_bend = std::max(heard.worst_bend, std::abs(behind - last_error));
      last_error = behind;
      have_last = true;
      if (free_at > settled && free_at < settled + 5) mean += behind, ++counted;
      if (free_at > settled + 5 && free_at > stands_until)
        heard.worst = std::max(heard.worst, std::abs(behind - mean / static_cast<double>(counted)));
    }
    device += static_cast<double>(frames) * pace;
  }
  heard.start_error = mean / static_cast<double>(std::max<std::uint64_t>(1, counted));
  heard.status = road.status();
  return heard;
}

double minutes() {
  const char* hours = std::getenv("KAKEHASHI_DRIFT_HOURS");
  return hours ? std::atof(hours) * 60 : 3;
}

}  // namespace

TEST_CASE("a device fast or slow by 300 ppm, late and jittery, keeps its distance within 1 ms") {
  for (const double ppm : {-300.0, 300.0}) {
    CAPTURE(ppm);
    Device d;
    d.ppm = ppm;
    d.jitter = 0.0005;
    d.spikes = 0.01;
    d.mixer_jitter = 0.002;
    const Heard h = run(d, minutes() * 60, 40);
    MESSAGE("start " << h.start_error * 1000 << " ms, worst " << h.worst * 1000 << " ms, drift "
                     << h.status.drift_ppm << " ppm, buffer " << h.status.buffer_ms << " ms");
    CHECK(h.silent == 0);
    CHECK(std::abs(h.start_error) < 0.001);
    CHECK(h.worst < 0.001);
    CHECK(h.worst_bend < 1e-6);  // seconds per frame: 1000 ppm and the resampler's own noise
    CHECK(h.status.drift_ppm == doctest::Approx(ppm).epsilon(0.2));
    CHECK(h.status.underruns == 0);
    CHECK(h.status.resyncs == 0);
  }
}

TEST_CASE("a step of 200 ppm is followed without a seam") {
  Device d;
  d.ppm = -50;
  d.jitter = 0.0005;
  d.step_at = 60;
  d.step_ppm = 200;
  const Heard h = run(d, 150, 40);
  CHECK(h.silent == 0);
  CHECK(h.worst < 0.0025);
  CHECK(h.worst_bend < 1e-6);
  CHECK(h.status.drift_ppm == doctest::Approx(150).epsilon(0.2));
  CHECK(h.status.resyncs == 0);
}

TEST_CASE("devices of other rates") {
  for (const int rate : {44100, 96000, 16000}) {
    CAPTURE(rate);
    Device d;
    d.rate = rate;
    d.ppm = 80;
    d.jitter = 0.0003;
    const Heard h = run(d, 60, 30);
    CHECK(h.silent == 0);
    CHECK(h.worst < 0.001);
    CHECK(h.status.underruns == 0);
  }
}

TEST_CASE("a device that stands still comes back to its place") {
  Device d;
  d.ppm = 40;
  d.jitter = 0.0003;
  d.gap_every = 20;
  d.gap = 0.030;
  const Heard h = run(d, 110, 40);
  CHECK(h.status.device_underflows == 5);
  CHECK(h.status.resyncs == 5);
  CHECK(h.silent == 0);
  CHECK(h.worst < 0.001);
}

TEST_CASE("a late mixer is heard once, then there is room for it") {
  Device d;
  d.jitter = 0.0002;
  d.mixer_gap_at = 20;
  d.mixer_gap = 0.025;
  const Heard once = run(d, 30, 5);
  CHECK(once.status.underruns == 1);
  CHECK(once.silent > 0);
  CHECK(once.silent < 48000 / 10);
  CHECK(once.status.delay_ms > 50);
  // What was given is given back when it stays calm, by bending: no seam.
  const Heard calm = run(d, 400, 5);
  CHECK(calm.status.underruns == 1);
  CHECK(calm.status.delay_ms < 48);
}

TEST_CASE("a mixer that goes over to mixing much later is heard again within half a second") {
  Device d;
  d.jitter = 0.0002;
  d.later_at = 20;
  d.later = 0.180;
  const Heard h = run(d, 40, 5);
  CHECK(h.silent < 48000 / 2);
  CHECK(h.status.underruns < 4);
  CHECK(h.status.delay_ms > 40 + 180);
}

TEST_CASE("lanes reach their pair of channels, one channel takes the half of both") {
  const std::array<int, 2> first{0, 4};
  SoundRoad road(kEpoch, Duration::from_seconds(kLag), 48000, first);
  std::vector<float> out(480 * 6);
  for (int n = 0; n < 100; ++n) {
    AudioBlock a, b;
    a.position = b.position = n * kBlockSamples;
    for (std::size_t i = 0; i < a.samples.size(); ++i) a.samples[i] = 0.25F, b.samples[i] = 0.5F;
    road.push(0, a);
    road.push(1, b);
    road.fetch(kEpoch + Duration::milliseconds(10 * n + 41), out.data(), 480, 6, false);
  }
  CHECK(out[0] == doctest::Approx(0.25));
  CHECK(out[1] == doctest::Approx(0.25));
  CHECK(out[2] == 0);
  CHECK(out[3] == 0);
  CHECK(out[4] == doctest::Approx(0.5));
  CHECK(out[5] == doctest::Approx(0.5));
}

TEST_CASE("a bus that nobody mixes any more fades and is no underrun") {
  const std::array<int, 1> first{0};
  SoundRoad road(kEpoch, Duration::from_seconds(kLag), 48000, first);
  std::vector<float> out(960);
  float most_step = 0, before = 0;
  for (int n = 0; n < 400; ++n) {
    AudioBlock a;
    a.position = n * kBlockSamples;
    a.samples.fill(0.5F);
    if (n < 100) road.push(0, a);
    road.fetch(kEpoch + Duration::milliseconds(10 * n + 41), out.data(), 480, 2, false);
    for (std::size_t i = 0; i < 480; ++i) {
      most_step = std::max(most_step, std::abs(out[2 * i] - before));
      before = out[2 * i];
    }
  }
  CHECK(before == 0);
  CHECK(most_step < 0.02);
  CHECK(road.status().underruns == 0);
}
