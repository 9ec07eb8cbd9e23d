// SPDX-License-Identifier: GPL-3.0-or-later
// A strip measured with tones: what passes, how loud, how late, and what it adds.
#include <doctest/doctest.h>

#ifdef __SSE__
#include <xmmintrin.h>
#endif

#include <limits>

#include "tests/mixer/sound/strip_rig.h"

namespace kakehashi {
namespace {

using namespace kakehashi::testing;

TEST_CASE("nothing switched on: the same samples, 240 later") {
  const auto in = white_noise(0.2, -20);
  const auto out = through(plain(), in);
  for (std::size_t i = 0; i < 240; ++i) REQUIRE(out[i] == 0.0F);
  for (std::size_t i = 240; i < in.size(); ++i) REQUIRE(out[i] == in[i - 240]);
}

// Where noise that came out fits best over noise that went in.
std::size_t lateness(const StripSettings& settings) {
  const auto in = white_noise(1.6, -20, 7);
  const auto out = through(settings, in);
  std::size_t best = 0;
  double most = 0;
  for (std::size_t lag = 0; lag < 1000; ++lag) {
    double sum = 0;
    for (std::size_t i = 48000; i < 72000; ++i)
      sum += static_cast<double>(out[i]) * static_cast<double>(in[i - lag]);
    if (sum > most) {
      most = sum;
      best = lag;
    }
  }
  return best;
}

TEST_CASE("240 samples late whatever is switched on") {
  for (std::size_t set = 0; set < kProcessingSets; ++set) {
    CAPTURE(kProcessingSetNames[set]);
    CHECK(lateness(settings_of(static_cast<ProcessingSet>(set))) == 240);
  }
  StripSettings s = settings_of(ProcessingSet::Speech);
  s.noise_db = 30;
  s.gate = {-10, 20};
  s.high_pass_hz = 400;
  s.eq[1].gain_db = 6;
  CHECK(lateness(s) == 240);
  s.delay_ms = 10;
  CHECK(lateness(s) == 240 + 480);
}

TEST_CASE("high-pass: 3 dB at its frequency, 12 dB per octave below, nothing above") {
  StripSettings s = plain();
  s.high_pass_hz = 100;
  CHECK(response_db(s, 100) == doctest::Approx(-3.01).epsilon(0.02));
  CHECK(response_db(s, 50) == doctest::Approx(-12.3).epsilon(0.02));
  CHECK(response_db(s, 25) == doctest::Approx(-24.1).epsilon(0.02));
  CHECK(std::abs(response_db(s, 1000)) < 0.01);
}

TEST_CASE("equaliser: bells and shelves are as high and as wide as asked") {
  StripSettings s = plain();
  s.eq[1] = {EqShape::Bell, 1000, 9, 1.0};
  CHECK(response_db(s, 1000) == doctest::Approx(9).epsilon(0.005));
  CHECK(std::abs(response_db(s, 50)) < 0.1);
  CHECK(std::abs(response_db(s, 16000)) < 0.1);
  // Q is between the points of half the gain in dB: 618 and 1618 Hz.
  CHECK(response_db(s, 618) == doctest::Approx(4.5).epsilon(0.03));
  CHECK(response_db(s, 1618) == doctest::Approx(4.5).epsilon(0.03));
  s = plain();
  s.eq[0] = {EqShape::LowShelf, 200, -6, 0.7};
  s.eq[3] = {EqShape::HighShelf, 5000, 6, 0.7};
  CHECK(response_db(s, 20) == doctest::Approx(-6).epsilon(0.02));
  CHECK(response_db(s, 200) == doctest::Approx(-3).epsilon(0.02));
  CHECK(std::abs(response_db(s, 1000)) < 0.1);
  CHECK(response_db(s, 5000) == doctest::Approx(3).epsilon(0.02));
  CHECK(response_db(s, 18000) == doctest::Approx(6).epsilon(0.02));
}

TEST_CASE("bands add up, and in any order of frequencies") {
  StripSettings s = plain();
  for (auto& band : s.eq) band = {EqShape::Bell, 2000, 3, 0.7};
  CHECK(response_db(s, 2000, -24) == doctest::Approx(12).epsilon(0.01));
}

TEST_CASE("trim, polarity, mono and balance") {
  const Stereo in{tone(1000, -20, 0.5), tone(1000, -30, 0.5)};
  const auto levels = [&](const StripSettings& s) {
    SoundStrip strip;
    strip.set(s);
    const Stereo out = through(strip, in);
    return std::pair(amplitude_db(last(out.left, 0.2), 1000),
                     amplitude_db(last(out.right, 0.2), 1000));
  };
  StripSettings s = plain();
  s.trim_db = 7;
  CHECK(levels(s).first == doctest::Approx(-13).epsilon(0.001));
  CHECK(levels(s).second == doctest::Approx(-23).epsilon(0.001));
  s = plain();
  s.mono = true;  // the mean of 0.1 and 0.0316
  CHECK(levels(s).first == doctest::Approx(-23.63).epsilon(0.001));
  CHECK(levels(s).second == doctest::Approx(-23.63).epsilon(0.001));
  s = plain();
  s.pan = -1;
  CHECK(levels(s).first == doctest::Approx(-20).epsilon(0.001));
  CHECK(levels(s).second < -120);
  s.pan = 0.5;
  CHECK(levels(s).first == doctest::Approx(-23.01).epsilon(0.001));
  CHECK(levels(s).second == doctest::Approx(-30).epsilon(0.001));
  s = plain();
  s.invert = true;
  const auto out = through(s, in.left);
  for (std::size_t i = 240; i < in.left.size(); ++i) REQUIRE(out[i] == -in.left[i - 240]);
}

TEST_CASE("the linear part adds less than 0.001 % of its own, also at the edge of full scale") {
  StripSettings s = plain();
  s.high_pass_hz = 80;
  for (auto& band : s.eq) band.gain_db = -3;
  for (const double hz : {100.0, 1000.0, 6000.0}) {
    CAPTURE(hz);
    CHECK(distortion_db(last(through(s, tone(hz, -0.1, 1.5)), 1), hz) < -100);
  }
}

TEST_CASE("clipping: three samples at full scale in a row, as the block came in") {
  SoundStrip strip;
  StripSettings s = plain();
  s.trim_db = -20;
  strip.set(s);
  AudioBlock quiet, loud, between;
  loud.samples[100] = loud.samples[102] = loud.samples[104] = 1.0F;
  strip.process(loud);
  CHECK(strip.work().clipped);
  strip.process(quiet);
  CHECK_FALSE(strip.work().clipped);
  // Two of one channel and one of the other are not three in a row.
  between.samples[100] = between.samples[101] = between.samples[102] = -1.0F;
  strip.process(between);
  CHECK_FALSE(strip.work().clipped);
  // Across the edge of two blocks.
  AudioBlock end, begin;
  end.samples[958] = end.samples[956] = -1.0F;
  begin.samples[0] = -1.0F;
  strip.process(end);
  CHECK_FALSE(strip.work().clipped);
  strip.process(begin);
  CHECK(strip.work().clipped);
  // A loud sound that only touches it.
  const auto full = tone(997, -0.2, 0.5);
  for (std::size_t n = 0; n < 50; ++n) {
    AudioBlock b = testing::block_of(full, n);
    strip.process(b);
    CHECK_FALSE(strip.work().clipped);
  }
}

TEST_CASE("what is no number is silence and leaves nothing behind") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float inf = std::numeric_limits<float>::infinity();
  StripSettings s = settings_of(ProcessingSet::Speech);
  for (auto& band : s.eq) band.gain_db = 3;
  s.delay_ms = 5;
  SoundStrip broken, silent;
  broken.set(s);
  silent.set(s);
  const auto voice = speech_for(Voice::Host, 3);
  REQUIRE_MESSAGE(!voice.empty(), "install espeak-ng (scripts/install_packages)");
  for (std::size_t n = 0; n < 300; ++n) {
    AudioBlock a = testing::block_of(voice, n), b = a;
    if (n % 10 == 5)
      for (std::size_t i = 0; i < a.samples.size(); i += 7) {
        a.samples[i] = i % 3 == 0 ? nan : i % 3 == 1 ? inf : -inf;
        b.samples[i] = 0;
      }
    broken.process(a);
    silent.process(b);
    REQUIRE(a.samples == b.samples);
    for (const float v : a.samples) REQUIRE(std::isfinite(v));
  }
}

TEST_CASE("a fault of a billion times full scale is over when it is over") {
  StripSettings s = settings_of(ProcessingSet::Speech);
  s.eq[1] = {EqShape::Bell, 100, 12, 5};
  SoundStrip strip;
  strip.set(s);
  AudioBlock b;
  b.samples.fill(1e9F);
  strip.process(b);
  for (int n = 0; n < 100; ++n) {
    b.silence();
    strip.process(b);
  }
  for (const float v : b.samples) REQUIRE(std::abs(v) < 1e-3F);
}

TEST_CASE("settings out of range or no numbers at all are brought into it") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto voice = speech_for(Voice::Host, 1);
  for (const double v : {nan, 1e300, -1e300, -1.0, 0.0}) {
    CAPTURE(v);
    StripSettings s;
    s.trim_db = s.high_pass_hz = s.noise_db = s.delay_ms = s.pan = v;
    s.gate = {v, v};
    s.eq.fill({EqShape::HighShelf, v, v, v});
    s.compressor = {v, v, v, v, v};
    for (const float sample : through(s, voice)) REQUIRE(std::abs(sample) < 1000.0F);
  }
}

// A strip that was silent for long must not compute with denormal numbers: many times slower.
TEST_CASE("after sound everything comes to rest at exact silence") {
  StripSettings s = settings_of(ProcessingSet::Speech);
  for (auto& band : s.eq) band = {EqShape::Bell, 20, 12, 10};  // rings longest
  s.high_pass_hz = 20;
  SoundStrip strip;
  strip.set(s);
  const auto voice = speech_for(Voice::Host, 2);
  (void)through(strip, voice);
  const auto rest = through(strip, std::vector<float>(20 * 48000));
  for (const float v : last(rest, 1)) REQUIRE(v == 0.0F);
  for (const float v : rest) REQUIRE((v == 0.0F || std::abs(v) > 1e-37F));
}

#ifdef __SSE__
// The processor itself keeps note whether it met one (MXCSR, bit DE).
TEST_CASE("no denormal number in steady noise, a voice, their end, and silence") {
  constexpr unsigned kMet = 2;
  StripSettings s = settings_of(ProcessingSet::Speech);
  for (auto& band : s.eq) band.gain_db = 3;
  SoundStrip strip;
  strip.set(s);
  const auto met = [&](const std::vector<float>& in) {
    const unsigned before = _mm_getcsr();
    _mm_setcsr(before & ~kMet);
    (void)through(strip, in);
    const bool any = _mm_getcsr() & kMet;
    _mm_setcsr(before);
    return any;
  };
  CHECK_FALSE(met(room_noise(6, -60)));
  CHECK_FALSE(met(mixed(speech_for(Voice::Host, 10), room_noise(10, -60))));
  CHECK_FALSE(met(speech_for(Voice::Guest, 5)));
  CHECK_FALSE(met(std::vector<float>(10 * 48000)));
  CHECK_FALSE(met(tone(440, -20, 5)));
  CHECK_FALSE(met(std::vector<float>(5 * 48000)));
}
#endif

}  // namespace
}  // namespace kakehashi
