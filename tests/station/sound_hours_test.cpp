// SPDX-License-Identifier: GPL-3.0-or-later
// A working day of sound in virtual time, over the whole road: a microphone on its own crystal ->
// AudioSync -> mixer -> program, and -> a loudspeaker on another crystal. Left is a sine, right its
// cosine, so every frame heard tells from which moment it is.
// KAKEHASHI_SOUND_HOURS: how long (hours); without it some minutes.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <complex>
#include <cstdlib>
#include <deque>
#include <numbers>
#include <random>

#include "capture/audio_sync.h"
#include "station/lag_keeper.h"
#include "tests/mixer/sound_desk_rig.h"
#include "venue/sound_road.h"

using namespace kakehashi;

namespace {

using Turn = std::complex<double>;
constexpr double kTone = 20;  // Hz: moments up to 25 ms apart are told apart
constexpr double kWay = 2 * std::numbers::pi * kTone;
constexpr MediaTime kEpoch{1'000'000'000};
constexpr double kSettled = 90;  // seconds from which on the line must hold

struct Day {
  double microphone_ppm = 0, speaker_ppm = 0;
  double step_ppm = 0;     // of the microphone, in the middle
  double burst_every = 0;  // seconds: five chunks at once
  double gap_every = 0;    // seconds: 300 ms are lost, and the device says so
};

// The moment a frame is from, seconds against `at`.
double moment_error(float left, float right, double at) {
  const double turn = std::atan2(left, right) / kWay - at;
  return std::remainder(turn, 1 / kTone);
}

// Errors of frames in time, and whether each joins the one before.
struct Line {
  double begin_sum = 0, worst = 0, worst_ever = 0;
  long begin_count = 0;
  double start() const { return begin_sum / static_cast<double>(std::max(1L, begin_count)); }
  void frame(double at, double error) {
    if (at > kSettled && at < kSettled + 60) begin_sum += error, ++begin_count;
    if (at > kSettled) worst_ever = std::max(worst_ever, std::abs(error));
    if (at > kSettled + 60) worst = std::max(worst, std::abs(error - start()));
  }
};

class Microphone {
 public:
  Microphone(const Day& day, double seconds)
      : day_(day), half_(seconds / 2), ppm_(day.microphone_ppm) {
    if (day.gap_every > 0) next_gap_ = day.gap_every;
    if (day.burst_every > 0) next_burst_ = day.burst_every;
  }
  // What has arrived by `now`.
  void deliver(AudioSync& sync, double now) {
    while (true) {
      if (!waiting_.empty() && waiting_.front().arrives <= now) {
        const Chunk& c = waiting_.front();
        if (c.broken) sync.discontinuity();
        sync.push(c.samples, 2, kSampleRate, kEpoch + Duration::from_seconds(c.stamp));
        waiting_.pop_front();
        continue;
      }
      if (time_ > now) return;
      make();
    }
  }
  double last_gap() const { return last_gap_; }

 private:
  struct Chunk {
    std::vector<float> samples;
    double arrives = 0, stamp = 0;
    bool broken = false;
  };
  void make() {
    constexpr int kFrames = 120;  // 2.5 ms, as devices are asked for
    if (day_.step_ppm != 0 && time_ > half_) ppm_ = day_.microphone_ppm + day_.step_ppm;
    Chunk c;
    if (time_ > next_gap_) {
      last_gap_ = time_;
      time_ += 0.3;
      next_gap_ += day_.gap_every;
      c.broken = true;
    }
    const double each = 1.0 / (kSampleRate * (1 + ppm_ * 1e-6));
    Turn z = std::polar(0.3, kWay * std::fmod(time_, 1.0));
    const Turn step = std::polar(1.0, kWay * each);
    c.samples.reserve(2 * kFrames);
    for (int i = 0; i < kFrames; ++i, z *= step) {
      c.samples.push_back(static_cast<float>(z.imag()));
      c.samples.push_back(static_cast<float>(z.real()));
    }
    const double begin = time_;
    time_ += kFrames * each;
    // A thread that wakes late stamps late, and hands over late.
    double late = late_(random_);
    if (dice_(random_) < 0.01) late += 0.002;
    if (time_ > next_burst_) {
      next_burst_ += day_.burst_every;
      hold_until_ = time_ + 0.010;
    }
    const double arrives = std::max({time_ + late, hold_until_, arrived_});
    arrived_ = arrives;
    c.arrives = arrives;
    c.stamp = begin + (arrives - time_);
    waiting_.push_back(std::move(c));
  }

  const Day day_;
  const double half_;
  double ppm_;
  double time_ = 0.05, arrived_ = 0, hold_until_ = 0, last_gap_ = -100;
  double next_gap_ = 1e12, next_burst_ = 1e12;
  std::deque<Chunk> waiting_;
  std::mt19937 random_{11};
  std::exponential_distribution<double> late_{1 / 0.0004};
  std::uniform_real_distribution<double> dice_{0, 1};
};

// Fetches on its own crystal; what it gets tells moments.
class Speaker {
 public:
  explicit Speaker(double ppm) : each_(1 / (1 + ppm * 1e-6) / kSampleRate) {}
  void fetch(SoundRoad& road, double now, Line& line, bool count) {
    constexpr std::size_t kPeriod = 256;
    while (time_ + kPeriod * each_ < now) {
      const double wake = time_ + kPeriod * each_ + late_(random_);
      out_.assign(2 * kPeriod, 0);
      road.fetch(kEpoch + Duration::from_seconds(wake), out_.data(), kPeriod, 2, false);
      const float left = out_[0], right = out_[1];
      if (count && std::hypot(left, right) > 0.25F)
        line.frame(time_, moment_error(left, right, std::fmod(time_, 1.0)));
      time_ += kPeriod * each_;
    }
  }

 private:
  const double each_;
  double time_ = 0.02;
  std::vector<float> out_;
  std::mt19937 random_{5};
  std::exponential_distribution<double> late_{1 / 0.0003};
};

struct Heard {
  Line program, hall;
  double seam = 0;           // the biggest step beyond the sine's own, away from gaps
  std::uint64_t silent = 0;  // frames away from gaps
  AudioSyncStatus sync;
  SoundRoadStatus road;
  Duration lag;
};

Heard live_through(const Day& day, double seconds) {
  testing::Rig desk({"mic"});
  AudioSync sync(kEpoch, Duration{});
  const std::array<int, 1> first{0};
  SoundRoad road(kEpoch, LagKeeper::kLeast, kSampleRate, first);
  Microphone microphone(day, seconds);
  Speaker speaker(day.speaker_ppm);
  LagKeeper keeper;
  Heard r;
  const Turn step = std::polar(1.0, kWay / kSampleRate);
  Turn before = 0;
  for (std::int64_t n = 0; static_cast<double>(n) * 0.010 < seconds; ++n) {
    const double at = static_cast<double>(n) * 0.010, now = at + keeper.lag().to_seconds();
    microphone.deliver(sync, now);
    const MediaTime tick = kEpoch + Duration::from_seconds(now);
    desk.at = kEpoch + Duration::from_seconds(at);
    desk.in[0].position = n * kBlockSamples + AudioMixer::kLatency;
    (void)sync.read(desk.in[0], tick);
    if (const Duration late = sync.take_lateness(); late > Duration{})
      (void)keeper.came_late(late, tick);
    for (AudioBlock& bus : desk.out) bus.position = n * kBlockSamples;
    desk.run();
    const AudioBlock& program = desk.out[kProgramBus];
    const bool counts = at - microphone.last_gap() > 3;
    if (counts && at > 20) {
      for (std::size_t i = 0; i < kBlockSamples; ++i) {
        const Turn here(program.samples[2 * i + 1], program.samples[2 * i]);
        if (at > kSettled && std::abs(here) < 0.25) ++r.silent;
        if (at > kSettled) r.seam = std::max(r.seam, std::abs(here - before * step));
        before = here;
      }
      r.program.frame(at, moment_error(program.samples[0], program.samples[1], std::fmod(at, 1.0)));
    } else {
      before = Turn(program.samples[2 * kBlockSamples - 1], program.samples[2 * kBlockSamples - 2]);
    }
    road.push(0, program);
    speaker.fetch(road, now, r.hall, counts);
  }
  r.sync = sync.status(kEpoch + Duration::from_seconds(seconds));
  r.road = road.status();
  r.lag = keeper.lag();
  return r;
}

void expect_in_step(const Day& day) {
  const char* hours = std::getenv("KAKEHASHI_SOUND_HOURS");
  const double seconds = hours ? std::atof(hours) * 3600 : 300;
  const Heard r = live_through(day, seconds);
  const double span = seconds / 3600;
  MESSAGE(span << " h: program " << r.program.start() * 1e3 << " ms, then within "
               << r.program.worst * 1e3 << " ms of it, never " << r.program.worst_ever * 1e3
               << " ms off; hall " << r.hall.start() * 1e3 << " ms, then within "
               << r.hall.worst * 1e3 << " ms; " << r.sync.drift_ppm << " ppm; seam " << r.seam
               << "; silent frames " << r.silent << "; underruns " << r.sync.underruns
               << ", resyncs " << r.sync.resyncs << ", room " << r.sync.room_ms
               << " ms; hall underruns " << r.road.underruns << ", resyncs " << r.road.resyncs
               << "; lag " << r.lag.to_milliseconds());
  CHECK(r.program.worst < 0.005);
  CHECK(r.program.worst_ever < 0.003);
  CHECK(r.hall.worst < 0.005);
  CHECK(r.seam < 0.001);  // a click of one thousandth of full scale would show
  CHECK(r.silent == 0);
  CHECK(r.sync.room_ms == 0);
}

}  // namespace

TEST_CASE("a fast microphone and a slow loudspeaker") {
  expect_in_step({.microphone_ppm = 300, .speaker_ppm = -120});
}

TEST_CASE("a slow microphone in bursts, a fast loudspeaker") {
  expect_in_step({.microphone_ppm = -300, .speaker_ppm = 150, .burst_every = 3});
}

TEST_CASE("a microphone that changes its speed by 200 ppm and loses sound now and then") {
  expect_in_step({.microphone_ppm = -80, .speaker_ppm = 40, .step_ppm = 200, .gap_every = 67});
}
