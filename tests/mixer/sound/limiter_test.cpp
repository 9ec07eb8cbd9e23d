// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/sound/limiter.h"

#include <doctest/doctest.h>
#include <ebur128.h>

#include <cstring>
#include <limits>
#include <random>
#include <string>

#include "tests/mixer/sound/ffmpeg_meter.h"
#include "tests/mixer/sound/signals.h"
#include "tests/support/speech_material.h"

namespace kakehashi {
namespace {

using testing::Stereo;

constexpr double kCeiling = -1.5;

Stereo limited(const Stereo& in, double ceiling = kCeiling, double* most = nullptr) {
  TruePeakLimiter limiter;
  Stereo out;
  for (std::size_t n = 0; n < in.blocks(); ++n) {
    AudioBlock b = in.block(n);
    limiter.process(b, ceiling);
    if (most) *most = std::min(*most, limiter.reduction_db());
    out.samples.insert(out.samples.end(), b.samples.begin(), b.samples.end());
  }
  return out;
}

double true_peak_by_libebur128(const Stereo& sound) {
  ebur128_state* state = ebur128_init(2, kSampleRate, EBUR128_MODE_TRUE_PEAK);
  REQUIRE(state);
  ebur128_add_frames_float(state, sound.samples.data(), sound.samples.size() / 2);
  double most = 0;
  for (unsigned c = 0; c < 2; ++c) {
    double peak = 0;
    ebur128_true_peak(state, c, &peak);
    most = std::max(most, peak);
  }
  ebur128_destroy(&state);
  return 20 * std::log10(most);
}

double sample_peak(const Stereo& s) {
  float most = 0;
  for (const float x : s.samples) most = std::max(most, std::abs(x));
  return 20 * std::log10(most);
}

struct Hard {
  std::string name;
  Stereo sound;
};

std::vector<Hard> hard_signals() {
  std::vector<Hard> all;
  // Peaks between the samples: a quarter of the rate at 45 degrees stands 3 dB above them.
  all.push_back({"fs/4 at 45 degrees", Stereo{}.tone(1, 0, 12'000, 45)});
  all.push_back({"fs/6 at 60 degrees", Stereo{}.tone(1, 3, 8'000, 60)});
  all.push_back({"fs/8 at 67.5 degrees", Stereo{}.tone(1, 6, 6'000, 67.5)});
  for (const double hz : {50.0, 997.0, 9'999.0, 15'003.0, 19'001.0})
    all.push_back({"sine " + std::to_string(hz), Stereo{}.tone(1, 6, hz)});
  all.push_back(
      {"square 1 kHz", Stereo{}.add(1, [](std::int64_t i) { return i / 24 % 2 ? -1.0 : 1.0; })});
  all.push_back({"square 440 Hz", Stereo{}.add(1, [](std::int64_t i) {
                   return std::fmod(440.0 * static_cast<double>(i) / kSampleRate, 1) < 0.5 ? 1.4
                                                                                           : -1.4;
                 })});
  all.push_back({"clicks", Stereo{}.add(2, [](std::int64_t i) {
                   return i % 9'973 == 5 ? 4.0 : i % 9'973 == 6 ? -4.0 : 0.0;
                 })});
  all.push_back({"a burst after silence", Stereo{}.silence(0.5).tone(0.3, 12, 3'000).silence(0.5)});
  all.push_back({"fast tremolo", Stereo{}.add(1, [](std::int64_t i) {
                   const double t = static_cast<double>(i) / kSampleRate;
                   return (1.2 + std::sin(2 * M_PI * 35 * t)) * std::sin(2 * M_PI * 7'000 * t);
                 })});
  std::mt19937 random(7);
  std::uniform_real_distribution<double> any(-2, 2);
  all.push_back({"white noise", Stereo{}.add(2, [&](std::int64_t) { return any(random); })});
  // Nothing is worse for the curve between the samples.
  all.push_back({"random signs",
                 Stereo{}.add(2, [&](std::int64_t) { return any(random) < 0 ? -1.0 : 1.0; })});
  const auto& voice = testing::speech(testing::Voice::Host);
  if (!voice.empty()) all.push_back({"a shouting voice", Stereo{}.mono(voice, 24)});
  return all;
}

TEST_CASE("no true peak passes the ceiling, whoever measures it") {
  for (const Hard& hard : hard_signals()) {
    CAPTURE(hard.name);
    double most = 0;
    const Stereo out = limited(hard.sound, kCeiling, &most);
    CHECK(most < -1);
    CHECK(sample_peak(out) <= kCeiling);
    CHECK(true_peak_by_libebur128(out) <= kCeiling + 0.005);
    if (const auto ffmpeg = testing::measured_by_ffmpeg(out.samples)) {
      REQUIRE(!ffmpeg->momentary.empty());
      CHECK(ffmpeg->true_peak_db <= kCeiling + 0.01);  // it tells three digits
    }
  }
}

TEST_CASE("what stays below the ceiling comes out as it went in, 5 ms later") {
  Stereo in = Stereo{}.tone(0.5, -1.6).tone(0.5, -60, 333);
  for (std::size_t i = 1; i < in.samples.size(); i += 2) in.samples[i] *= -0.7F;  // left and right
  SUBCASE("always") {}
  SUBCASE("also after it had to work") {
    in = Stereo{}.tone(0.2, 12, 700);
    in.silence(2).tone(1, -1.6).tone(1, -30, 333);
  }
  const Stereo out = limited(in);
  constexpr std::size_t kLate = 2ULL * TruePeakLimiter::kLatency;
  for (std::size_t i = 0; i < kLate; ++i) REQUIRE(out.samples[i] == 0.0F);
  const std::size_t from = in.samples.size() > 2ULL * kSampleRate ? 4ULL * kSampleRate : kLate;
  CHECK(std::memcmp(&out.samples[from], &in.samples[from - kLate],
                    (out.samples.size() - from) * sizeof(float)) == 0);
}

TEST_CASE("both channels are lowered alike, so that nothing wanders in the picture of sound") {
  Stereo in = Stereo{}.tone(1, 6, 500);
  for (std::size_t i = 1; i < in.samples.size(); i += 2) in.samples[i] *= 0.125F;
  const Stereo out = limited(in);
  for (std::size_t i = 0; i < out.samples.size(); i += 2)
    REQUIRE(out.samples[i + 1] == doctest::Approx(0.125 * out.samples[i]).epsilon(1e-5));
}

TEST_CASE("what is lowered for long is not bent") {
  const Stereo out = limited(Stereo{}.tone(2, 6, 1000));
  // What the second half has besides its 1 kHz.
  double re = 0, im = 0, all = 0;
  const std::size_t begin = out.samples.size() / 2, n = out.samples.size() / 4;
  for (std::size_t i = 0; i < n; ++i) {
    const double x = out.samples[begin + 2 * i];
    const double turn = 2 * std::numbers::pi * static_cast<double>(i) / 48;
    re += x * std::cos(turn);
    im += x * std::sin(turn);
    all += x * x;
  }
  const double tone = 2 * (re * re + im * im) / static_cast<double>(n);
  CHECK(all > 1);
  CHECK(std::abs(all - tone) < 1e-6 * all);  // -60 dB
}

TEST_CASE("the gain glides down before a peak and back after it, it never jumps") {
  // A faint tone shows the gain; one sample high above it makes it work.
  Stereo in = Stereo{}.add(1, [](std::int64_t i) { return i == 24'000 ? 8.0 : 0.01; });
  const Stereo out = limited(in);
  constexpr std::size_t kPeak = 24'000 + TruePeakLimiter::kLatency;
  CHECK(std::abs(out.samples[2 * kPeak]) ==
        doctest::Approx(std::pow(10, -1.63 / 20)).epsilon(0.01));
  double before = 1, steepest = 0, least = 1;
  std::size_t touched = 0;
  for (std::size_t i = TruePeakLimiter::kLatency; i < out.samples.size() / 2; ++i) {
    if (i == kPeak) continue;
    const double gain = out.samples[2 * i] / 0.01;
    steepest = std::max(steepest, std::abs(gain - before));
    least = std::min(least, gain);
    touched += gain < 0.9999 ? 1 : 0;
    if (i + 240 < kPeak) REQUIRE(gain == doctest::Approx(1).epsilon(1e-6));
    before = gain;
  }
  CHECK(least == doctest::Approx(0.105).epsilon(0.02));
  CHECK(steepest < 0.01);  // 0.9 within 216 samples, an S
  CHECK(static_cast<double>(touched) / kSampleRate == doctest::Approx(0.45).epsilon(1));  // seconds
}

TEST_CASE("the reduction is told, and only while there is one") {
  TruePeakLimiter limiter;
  const Stereo in = Stereo{}.tone(1, 4.5, 997).silence(2);
  for (std::size_t n = 0; n < in.blocks(); ++n) {
    AudioBlock b = in.block(n);
    limiter.process(b, kCeiling);
    if (n == 60) CHECK(limiter.reduction_db() == doctest::Approx(-6.13).epsilon(0.01));
  }
  CHECK(limiter.reduction_db() == 0);
}

TEST_CASE("what is not a number is silence, and what is absurd is limited as well") {
  Stereo in = Stereo{}.tone(0.5, -10);
  in.samples[10'000] = std::numeric_limits<float>::quiet_NaN();
  in.samples[10'001] = std::numeric_limits<float>::infinity();
  in.samples[20'000] = 1e30F;
  const Stereo out = limited(in);
  for (const float s : out.samples) {
    REQUIRE(std::isfinite(s));
    REQUIRE(std::abs(s) <= std::pow(10, kCeiling / 20));
  }
}

TEST_CASE("another ceiling holds from the next block on") {
  TruePeakLimiter limiter;
  const Stereo in = Stereo{}.tone(1, 0, 997);
  double most = 0;
  for (std::size_t n = 0; n < in.blocks(); ++n) {
    AudioBlock b = in.block(n);
    limiter.process(b, n < 50 ? -1 : -20);
    if (n > 51)
      for (const float s : b.samples) most = std::max(most, static_cast<double>(std::abs(s)));
  }
  CHECK(20 * std::log10(most) <= -20);
}

}  // namespace
}  // namespace kakehashi
