// SPDX-License-Identifier: GPL-3.0-or-later
// Sound of a device with a crystal of its own, on the session clock.
#include <atomic>
#include <thread>

#include "tests/capture/audio_sync_rig.h"

using namespace kakehashi;
using namespace kakehashi::testing;

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
