// SPDX-License-Identifier: GPL-3.0-or-later
// A device with a crystal, jitter, bursts, gaps and a speed step of its own, in virtual time. It
// plays a sine that is a function of the session's time, so the delay error is the phase of what
// comes out.
#include "capture/audio_sync.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <deque>
#include <numbers>
#include <random>
#include <thread>
#include <vector>

using namespace kakehashi;

namespace {

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
void run(AudioSync& sync, Device& d, Listener& ear, double seconds) {
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
Phase phase_at(const Listener& ear, double at, double frequency = kHz) {
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
double roughness(const Listener& ear, double from, double to) {
  double most = 0;
  const auto a = static_cast<std::size_t>(from * kSampleRate) + 1;
  const auto b = std::min(ear.heard.size() - 1, static_cast<std::size_t>(to * kSampleRate));
  for (std::size_t i = a; i < b; ++i)
    most = std::max(most, std::abs(static_cast<double>(ear.heard[i + 1]) - 2 * ear.heard[i] +
                                   ear.heard[i - 1]));
  return most;
}
const double kSmooth = 0.5 * std::pow(2 * std::numbers::pi * kHz / kSampleRate, 2);

}  // namespace

TEST_CASE("sound lands on the sample where it was captured") {
  AudioSync sync(kEpoch, Duration{});
  Device d;
  Listener ear;
  run(sync, d, ear, 3);
  CHECK(std::abs(phase_at(ear, 2).delay) < 20e-6);
  CHECK(phase_at(ear, 2).amplitude == doctest::Approx(0.5).epsilon(0.001));
  CHECK(roughness(ear, 0.2, 2.9) < kSmooth * 1.05);
  CHECK(sync.status(kEpoch + Duration::seconds(3)).underruns == 0);
}

TEST_CASE("lip-sync delay moves the sound and nothing else") {
  AudioSync sync(kEpoch, Duration::milliseconds(3));
  Device d;
  Listener ear;
  run(sync, d, ear, 2);
  CHECK(phase_at(ear, 1).delay == doctest::Approx(0.003).epsilon(0.01));
}

TEST_CASE("a crystal of its own is followed: no delay error, no click, no underrun") {
  for (const double ppm : {300.0, -300.0})
    for (const int chunk : {480, 1024}) {
      CAPTURE(ppm);
      CAPTURE(chunk);
      AudioSync sync(kEpoch, Duration{});
      Device d;
      d.ppm = ppm;
      d.jitter = 0.5e-3;
      d.chunk = chunk;
      Listener ear;
      run(sync, d, ear, 70);
      for (const double at : {60.0, 65.0, 69.0}) CHECK(std::abs(phase_at(ear, at).delay) < 1e-3);
      CHECK(roughness(ear, 0.3, 69.5) < kSmooth * 1.05);
      const auto s = sync.status(kEpoch + Duration::seconds(70));
      CHECK(s.drift_ppm == doctest::Approx(ppm).epsilon(0.2));
      CHECK(s.underruns == 0);
      CHECK(s.resyncs == 0);
      CHECK(s.flowing);
    }
}

TEST_CASE("chunks in bursts and of another rate") {
  AudioSync sync(kEpoch, Duration{});
  Device d;
  d.rate = 44100;
  d.chunk = 441;
  d.burst = 3;
  d.ppm = 150;
  d.jitter = 0.3e-3;
  Listener ear;
  run(sync, d, ear, 62);
  CHECK(std::abs(phase_at(ear, 60).delay) < 1e-3);
  CHECK(roughness(ear, 0.3, 61) < kSmooth * 1.05);
  CHECK(sync.status(kEpoch + Duration::seconds(62)).underruns == 0);
}

TEST_CASE("a crystal that changes its speed by 200 ppm is followed without a click") {
  AudioSync sync(kEpoch, Duration{});
  Device d;
  d.jitter = 0.5e-3;
  Listener ear;
  run(sync, d, ear, 40);
  d.ppm = 200;
  run(sync, d, ear, 110);
  double worst = 0;
  for (double at = 40; at < 109; at += 1)
    worst = std::max(worst, std::abs(phase_at(ear, at).delay));
  CHECK(worst < 2.5e-3);  // on the way
  CHECK(std::abs(phase_at(ear, 108).delay) < 1e-3);
  CHECK(roughness(ear, 0.3, 109) < kSmooth * 1.05);
  CHECK(sync.status(kEpoch + Duration::seconds(110)).resyncs == 0);
}

TEST_CASE("a single stamp that is far off changes nothing") {
  AudioSync sync(kEpoch, Duration{});
  Device d;
  Listener ear;
  run(sync, d, ear, 10);
  MediaTime captured;
  const auto s = d.next(captured);
  ear.until(sync, d.time);
  sync.push(s, 2, d.rate, captured + Duration::milliseconds(90));
  run(sync, d, ear, 12);
  CHECK(sync.status(kEpoch + Duration::seconds(12)).resyncs == 0);
  CHECK(roughness(ear, 9, 11.5) < kSmooth * 1.05);
  CHECK(std::abs(phase_at(ear, 11).delay) < 0.1e-3);
}

TEST_CASE("a gap: silence with soft edges, then in place again") {
  AudioSync sync(kEpoch, Duration{});
  Device d;
  Listener ear;
  run(sync, d, ear, 5);
  d.time += 1.0;  // nobody delivers, nobody counts
  sync.discontinuity();
  run(sync, d, ear, 8);
  CHECK(std::abs(phase_at(ear, 7).delay) < 20e-6);
  double loudest = 0;
  for (std::size_t i = kSampleRate * 51 / 10; i < kSampleRate * 59 / 10; ++i)
    loudest = std::max(loudest, std::abs(static_cast<double>(ear.heard[i])));
  CHECK(loudest == 0);
  // A fade of 5 ms over a sine of 100 Hz; a hard edge of 0.5 would be 0.5.
  CHECK(roughness(ear, 0.3, 7.9) < 0.02);
  const auto s = sync.status(kEpoch + Duration::seconds(8));
  CHECK(s.resyncs == 1);
  CHECK(s.underruns == 1);
  CHECK(std::count(ear.flowing.begin() + 20, ear.flowing.end(), false) > 60);
}

TEST_CASE("lost sound without a word from the device is noticed by its stamps") {
  for (const double jump : {0.1, -0.1}) {
    CAPTURE(jump);
    AudioSync sync(kEpoch, Duration{});
    Device d;
    Listener ear;
    run(sync, d, ear, 5);
    if (jump > 0) d.time += jump;
    // A negative jump: the stamps were 100 ms too late before (a buffer emptied itself).
    const double shift = jump < 0 ? jump : 0;
    for (int i = 0; i < 300; ++i) {
      MediaTime captured;
      const auto s = d.next(captured);
      ear.until(sync, d.time);
      sync.push(s, 2, d.rate, captured + Duration::from_seconds(shift));
    }
    const auto s = sync.status(kEpoch + Duration::from_seconds(d.time));
    CHECK(s.resyncs >= 1);
    CHECK(roughness(ear, 0.3, d.time - 0.1) < 0.02);
    if (jump > 0) CHECK(std::abs(phase_at(ear, 7).delay) < 0.2e-3);
  }
}

TEST_CASE("one chunk that comes 50 ms late is an underrun, and it recovers at once") {
  AudioSync sync(kEpoch, Duration{});
  Device d;
  Listener ear;
  run(sync, d, ear, 5);
  MediaTime captured;
  const auto s = d.next(captured);
  ear.until(sync, d.time + 0.050);
  sync.push(s, 2, d.rate, captured);
  while (d.time < 7) {  // the rest is on time again
    const auto more = d.next(captured);
    ear.until(sync, d.time);
    sync.push(more, 2, d.rate, captured);
  }
  const auto st = sync.status(kEpoch + Duration::seconds(7));
  CHECK(st.underruns >= 1);
  CHECK(st.underruns <= 2);
  CHECK(std::abs(phase_at(ear, 6).delay) < 0.1e-3);
  CHECK(phase_at(ear, 6).amplitude == doctest::Approx(0.5).epsilon(0.001));
  CHECK(roughness(ear, 0.3, 6.9) < 0.02);
}

TEST_CASE("a source that is always 60 ms late is heard, later, instead of never") {
  AudioSync sync(kEpoch, Duration{});
  Device d;
  d.late = 0.060;
  d.frequency = 5;  // a period of 200 ms, so that the shift is told apart
  Listener ear;
  run(sync, d, ear, 10);
  const auto early = sync.status(kEpoch + Duration::seconds(10)).underruns;
  CHECK(early > 0);
  run(sync, d, ear, 20);
  const auto s = sync.status(kEpoch + Duration::seconds(20));
  CHECK(s.underruns == early);  // it has found its room
  Phase p = phase_at(ear, 18, 5);
  CHECK(p.amplitude == doctest::Approx(0.5).epsilon(0.001));
  CHECK(p.delay > 0.030);
  CHECK(p.delay < 0.050);
  d.late = 0;  // the network is well again: the room is given back
  run(sync, d, ear, 90);
  p = phase_at(ear, 88, 5);
  CHECK(p.amplitude == doctest::Approx(0.5).epsilon(0.001));
  CHECK(std::abs(p.delay) < 0.001);
}

TEST_CASE("late sound that must stay with its picture is left out, and what follows is in place") {
  AudioSync sync(kEpoch, Duration{});
  sync.when_late(AudioSync::Late::Skip);
  Device d;
  d.frequency = 5;
  Listener ear;
  run(sync, d, ear, 5);
  d.late = 0.320;  // what gathered on the way while the stream's clock caught up with it
  run(sync, d, ear, 7);
  d.late = 0;
  run(sync, d, ear, 10);
  const Phase p = phase_at(ear, 8, 5);
  CHECK(std::abs(p.delay) < 0.001);
  CHECK(p.amplitude == doctest::Approx(0.5).epsilon(0.001));
}

TEST_CASE("mono goes to both sides, and of more than two channels the first two are heard") {
  for (const int channels : {1, 2, 6}) {
    AudioSync sync(kEpoch, Duration{});
    std::vector<float> s(static_cast<std::size_t>(480 * channels));
    AudioBlock block;
    for (int c = 0; c < 20; ++c) {
      for (int i = 0; i < 480; ++i)
        for (int ch = 0; ch < channels; ++ch)
          s[static_cast<std::size_t>(i * channels + ch)] = 0.1F * static_cast<float>(ch + 1);
      sync.push(s, channels, 48000, kEpoch + time_of_sample(c * 480));
    }
    for (int b = 0; b < 10; ++b) {
      block.position = b * 480;
      CHECK(sync.read(block, kEpoch + time_of_sample(b * 480)));
    }
    CHECK(block.samples[100] == doctest::Approx(0.1).epsilon(0.001));
    CHECK(block.samples[101] == doctest::Approx(channels == 1 ? 0.1 : 0.2).epsilon(0.001));
  }
}

TEST_CASE("without a source: silence, and it says so") {
  AudioSync sync(kEpoch, Duration{});
  AudioBlock block;
  block.samples.fill(1);
  CHECK_FALSE(sync.read(block, kEpoch));
  for (const float v : block.samples) CHECK(v == 0);
  CHECK(sync.status(kEpoch).underruns == 0);
}

TEST_CASE("a device that delivers far ahead is cut, not kept") {
  AudioSync sync(kEpoch, Duration{});
  Listener ear;
  Device d;
  run(sync, d, ear, 1);
  MediaTime captured;
  for (int i = 0; i < 300; ++i) {  // three seconds at once
    const auto s = d.next(captured);
    sync.push(s, 2, d.rate, captured);
  }
  CHECK(sync.status(kEpoch + Duration::seconds(1)).overruns > 0);
  CHECK(sync.status(kEpoch + Duration::seconds(1)).buffer_ms < 1400);
}

TEST_CASE("source and mixer on two threads") {
  AudioSync sync(kEpoch, Duration{});
  std::atomic<std::int64_t> clock{0};  // positions that exist
  std::atomic<bool> done{false};
  std::thread source([&] {
    Device d;
    d.time = 0;
    MediaTime captured;
    for (int i = 0; i < 2000; ++i) {
      const auto s = d.next(captured);
      sync.push(s, 2, 48000, captured);
      clock = (i + 1) * 480;
      while (!done && sync.status(captured).buffer_ms > 500) std::this_thread::yield();
    }
    clock = 1'000'000'000;
  });
  AudioBlock block;
  double most = 0;
  for (std::int64_t p = 0; p < 1900 * 480; p += 480) {
    while (clock < p + 1920) std::this_thread::yield();
    block.position = p;
    (void)sync.read(block, kEpoch + time_of_sample(p));
    for (const float v : block.samples) most = std::max(most, std::abs(static_cast<double>(v)));
  }
  done = true;
  source.join();
  CHECK(most < 0.51);
  CHECK(most > 0.49);
}

TEST_CASE("how late a device came is told once; a network's lateness is its clock's business") {
  for (const auto late : {AudioSync::Late::MakeRoom, AudioSync::Late::Skip}) {
    AudioSync sync(kEpoch, Duration{});
    sync.when_late(late);
    Device d;
    Listener ear;
    run(sync, d, ear, 5);
    CHECK(sync.take_lateness() == Duration{});
    d.late = 0.045;
    run(sync, d, ear, 5.05);
    const double told = sync.take_lateness().to_seconds();
    if (late == AudioSync::Late::Skip) {
      CHECK(told == 0);
      continue;
    }
    CHECK(told > 0.010);
    CHECK(told < 0.036);
    CHECK(sync.take_lateness() == Duration{});
  }
}
