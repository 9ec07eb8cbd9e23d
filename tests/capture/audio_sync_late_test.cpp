// SPDX-License-Identifier: GPL-3.0-or-later
// Sound that comes late, in lumps or not at all.
#include "tests/capture/audio_sync_rig.h"

using namespace kakehashi;
using namespace kakehashi::testing;

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
