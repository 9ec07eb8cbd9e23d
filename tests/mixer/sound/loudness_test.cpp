// SPDX-License-Identifier: GPL-3.0-or-later
// EBU Tech 3341 (minimum requirements) and 3342 signals. Case 6 has five channels and is done with
// two; cases 7 and 8 are recordings, for which speech, music and applause are made.
#include "mixer/sound/loudness.h"

#include <doctest/doctest.h>

#include <limits>
#include <string>

#include "tests/mixer/sound/ears_material.h"
#include "tests/mixer/sound/ffmpeg_meter.h"
#include "tests/mixer/sound/signals.h"
#include "tests/support/speech_material.h"

namespace kakehashi {
namespace {

using testing::Stereo;

// Our readings each 100 ms.
struct Readings {
  std::vector<double> momentary, short_term, integrated;
  double true_peak = -120;
};

Readings read(const Stereo& sound) {
  LoudnessMeter meter;
  Readings all;
  for (std::size_t n = 0; n < sound.blocks(); ++n) {
    meter.add(sound.block(n));
    all.true_peak = std::max(all.true_peak, meter.true_peak_dbtp());
    if (n % 10 != 9) continue;
    all.momentary.push_back(meter.momentary_lufs());
    all.short_term.push_back(meter.short_term_lufs());
    all.integrated.push_back(meter.integrated_lufs());
  }
  return all;
}

void same_as_ffmpeg(const Stereo& sound, const Readings& ours) {
  const auto ffmpeg = testing::measured_by_ffmpeg(sound.samples);
  if (!ffmpeg) return;
  const std::size_t n = std::min(ours.momentary.size(), ffmpeg->momentary.size());
  REQUIRE(n + 1 >= ours.momentary.size());
  for (std::size_t i = 4; i < n; ++i) {
    CAPTURE(i);
    // Below the absolute gate nobody reads a meter, and each one has its own idea of silence.
    if (ffmpeg->momentary[i] > -70)
      REQUIRE(std::abs(ours.momentary[i] - ffmpeg->momentary[i]) <= 0.1);
    if (i >= 30 && ffmpeg->short_term[i] > -70)
      REQUIRE(std::abs(ours.short_term[i] - ffmpeg->short_term[i]) <= 0.1);
  }
  CHECK(std::abs(ours.integrated[n - 1] - ffmpeg->integrated[n - 1]) <= 0.1);
  const auto linear = [](double db) { return std::pow(10, db / 20); };
  CHECK(std::abs(linear(ours.true_peak) - linear(ffmpeg->true_peak_db)) <= 0.001);
}

TEST_CASE("Tech 3341, cases 1 to 5: integrated, short-term and momentary loudness") {
  struct Case {
    std::string name;
    Stereo sound;
    double integrated;
    bool steady;
  };
  const std::vector<Case> cases{
      {"1", Stereo{}.tone(20, -23), -23, true},
      {"2", Stereo{}.tone(20, -33), -33, true},
      {"3", Stereo{}.tone(10, -36).tone(60, -23).tone(10, -36), -23, false},
      {"4", Stereo{}.tone(10, -72).tone(10, -36).tone(60, -23).tone(10, -36).tone(10, -72), -23,
       false},
      {"5", Stereo{}.tone(20, -26).tone(20.1, -20).tone(20, -26), -23, false},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const Readings r = read(c.sound);
    CHECK(std::abs(r.integrated.back() - c.integrated) <= 0.1);
    if (c.steady) {
      CHECK(std::abs(r.momentary.back() - c.integrated) <= 0.1);
      CHECK(std::abs(r.short_term.back() - c.integrated) <= 0.1);
    }
    same_as_ffmpeg(c.sound, r);
  }
}

TEST_CASE("Tech 3341, case 6: channels count by their powers") {
  // Its five channels, a programme of two has them as it would carry them: left what is in front,
  // right what is behind, which counts 1.41 times.
  const auto power = [](double dbfs) { return std::pow(10, dbfs / 10); };
  const auto peak = [](double p) { return std::sqrt(p); };
  const double front = peak(2 * power(-28) + power(-24)), behind = peak(2 * 1.41 * power(-30));
  Stereo sound;
  sound.tone(20, 0);
  for (std::size_t i = 0; i < sound.samples.size(); i += 2) {
    sound.samples[i] *= static_cast<float>(front);
    sound.samples[i + 1] *= static_cast<float>(behind);
  }
  const Readings r = read(sound);
  CHECK(std::abs(r.integrated.back() + 23) <= 0.1);
  same_as_ffmpeg(sound, r);
}

// Their recordings are not free; these are made, brought to -23 LUFS by another meter's reading.
TEST_CASE("Tech 3341, cases 7 and 8: programmes of narrow and of wide range") {
  const auto& host = testing::speech(testing::Voice::Host);
  REQUIRE(!host.empty());
  Stereo narrow, wide;
  narrow.mono(
      testing::mixed(testing::speech_for(testing::Voice::Guest, 40), testing::music(40, -40, 3)));
  wide.mono(host, -18).mono(testing::music(15, -16, 5)).silence(2);
  wide.mono(testing::applause(10, -30, 6)).mono(testing::speech(testing::Voice::English), -6);
  for (Stereo* sound : {&narrow, &wide}) {
    CAPTURE((sound == &wide));
    const auto before = testing::measured_by_ffmpeg(sound->samples);
    if (!before) continue;
    const auto gain = static_cast<float>(std::pow(10, (-23 - before->integrated.back()) / 20));
    for (float& v : sound->samples) v *= gain;
    const Readings r = read(*sound);
    CHECK(std::abs(r.integrated.back() + 23) <= 0.1);
    same_as_ffmpeg(*sound, r);
  }
}

TEST_CASE("Tech 3341, case 9: short-term loudness stands still after 3 s") {
  Stereo sound;
  for (int i = 0; i < 5; ++i) sound.tone(1.34, -20).tone(1.66, -30);
  const Readings r = read(sound);
  for (std::size_t i = 30; i < r.short_term.size(); ++i)
    REQUIRE(std::abs(r.short_term[i] + 23) <= 0.1);
  same_as_ffmpeg(sound, r);
}

TEST_CASE("Tech 3341, case 10: short-term loudness wherever the 3 s begin") {
  for (int i = 0; i < 20; i += 5) {
    const double wait = 0.15 * i;
    CAPTURE(wait);
    Stereo sound;
    const Readings r = read(sound.silence(wait).tone(3, -23).silence(1));
    CHECK(std::abs(*std::max_element(r.short_term.begin(), r.short_term.end()) + 23) <= 0.1);
  }
}

// The highest reading in each of twenty parts of one programme, read after every block.
template <class Reading>
void expect_tops(double length, double step, Reading reading) {
  LoudnessMeter meter;
  for (int i = 0; i < 20; ++i) {
    CAPTURE(i);
    Stereo part;
    part.silence(step * i).tone(length, -38 + i).silence(length - step * i);
    double top = -120;
    for (std::size_t n = 0; n < part.blocks(); ++n) {
      meter.add(part.block(n));
      top = std::max(top, reading(meter));
    }
    CHECK(std::abs(top - (-38 + i)) <= 0.1);
  }
}

TEST_CASE("Tech 3341, case 11: the highest short-term loudness of parts that grow louder") {
  expect_tops(3, 0.15, [](const LoudnessMeter& m) { return m.short_term_lufs(); });
}

TEST_CASE("Tech 3341, case 12: momentary loudness stands still after 1 s") {
  Stereo sound;
  for (int i = 0; i < 25; ++i) sound.tone(0.18, -20).tone(0.22, -30);
  const Readings r = read(sound);
  for (std::size_t i = 10; i < r.momentary.size(); ++i)
    REQUIRE(std::abs(r.momentary[i] + 23) <= 0.1);
  same_as_ffmpeg(sound, r);
}

TEST_CASE("Tech 3341, case 13: momentary loudness wherever the 400 ms begin") {
  for (int i = 0; i < 20; ++i) {
    CAPTURE(i);
    LoudnessMeter meter;
    Stereo sound;
    sound.silence(0.02 * i).tone(0.4, -23).silence(1);
    double top = -120;
    for (std::size_t n = 0; n < sound.blocks(); ++n) {
      meter.add(sound.block(n));
      top = std::max(top, meter.momentary_lufs());
    }
    CHECK(std::abs(top + 23) <= 0.1);
  }
}

TEST_CASE("Tech 3341, case 14: the highest momentary loudness of parts that grow louder") {
  expect_tops(0.4, 0.02, [](const LoudnessMeter& m) { return m.momentary_lufs(); });
}

TEST_CASE("Tech 3341, cases 15 to 19: true peak within +0.2 and -0.4 dB") {
  struct Case {
    std::string name;
    double hz, degrees, full_scale, dbtp;
  };
  for (const Case& c : {Case{"15", 12'000, 0, 0.5, -6}, Case{"16", 12'000, 45, 0.5, -6},
                        Case{"17", 8'000, 60, 0.5, -6}, Case{"18", 6'000, 67.5, 0.5, -6},
                        Case{"19", 12'000, 45, 1.41, 3}}) {
    CAPTURE(c.name);
    // Faded in and out, as the document's own files are: a beginning is a click.
    Stereo sound;
    const double turns = c.hz / kSampleRate;
    sound.add(2, [&](std::int64_t i) {
      const double t = static_cast<double>(i) / kSampleRate;
      const double fade = std::min({1.0, t / 0.1, (2 - t) / 0.1});
      return fade * c.full_scale *
             std::sin(2 * std::numbers::pi * (turns * static_cast<double>(i) + c.degrees / 360));
    });
    const Readings r = read(sound);
    CHECK(r.true_peak <= c.dbtp + 0.2);
    CHECK(r.true_peak >= c.dbtp - 0.4);
    same_as_ffmpeg(sound, r);
  }
}

TEST_CASE("Tech 3341, cases 20 to 23: a peak between the samples, wherever it lies") {
  for (int quarter = 0; quarter < 4; ++quarter) {
    CAPTURE(quarter);
    // 6 kHz within a bell, its top of 0 dBTP a number of quarters behind a sample.
    Stereo sound;
    sound.silence(0.5).add(0.5, [&](std::int64_t i) {
      const double t = static_cast<double>(i) - 12'000 - quarter / 4.0;
      return std::exp(-t * t / 5'000) * std::cos(2 * std::numbers::pi * t / 8);
    });
    const Readings r = read(sound);
    CHECK(r.true_peak <= 0.2);
    CHECK(r.true_peak >= -0.4);
    same_as_ffmpeg(sound, r);
  }
}

TEST_CASE("Tech 3342, signals 1 to 4: their integrated loudness is ffmpeg's") {
  for (const auto& levels : std::vector<std::vector<double>>{
           {-20, -30}, {-20, -15}, {-40, -20}, {-50, -35, -20, -35, -50}}) {
    CAPTURE(levels.size());
    Stereo sound;
    for (const double l : levels) sound.tone(20, l);
    same_as_ffmpeg(sound, read(sound));
  }
}

TEST_CASE("spoken sentences and applause measure as ffmpeg measures them") {
  const auto& host = testing::speech(testing::Voice::Host);
  REQUIRE(!host.empty());
  Stereo sound;
  sound.mono(host, 3).silence(2).mono(testing::speech(testing::Voice::English), -6);
  sound.mono(testing::white_noise(6, -20));
  for (std::size_t i = 1; i < sound.samples.size(); i += 2) sound.samples[i] *= 0.6F;
  same_as_ffmpeg(sound, read(sound));
}

TEST_CASE("integrated loudness begins anew with the programme") {
  LoudnessMeter meter;
  const auto play = [&](const Stereo& s) {
    for (std::size_t n = 0; n < s.blocks(); ++n) meter.add(s.block(n));
  };
  play(Stereo{}.tone(10, -10));
  CHECK(meter.integrated_lufs() == doctest::Approx(-10).epsilon(0.01));
  meter.begin_programme();
  CHECK(meter.integrated_lufs() == -120);
  CHECK(meter.short_term_lufs() == doctest::Approx(-10).epsilon(0.01));  // goes on
  // Nothing of what was before hangs over into the first window.
  play(Stereo{}.tone(10, -30));
  CHECK(meter.integrated_lufs() == doctest::Approx(-30).epsilon(0.005));
}

TEST_CASE("a long programme keeps its loudness") {
  LoudnessMeter meter;
  const Stereo quiet = Stereo{}.tone(1, -26), loud = Stereo{}.tone(1, -20);
  for (int second = 0; second < 200; ++second) {
    const Stereo& s = second % 2 ? quiet : loud;
    for (std::size_t n = 0; n < s.blocks(); ++n) meter.add(s.block(n));
  }
  CHECK(meter.integrated_lufs() == doctest::Approx(-22.02).epsilon(0.002));
}

TEST_CASE("the highest true peak is forgotten after a second") {
  LoudnessMeter meter;
  Stereo sound;
  sound.tone(0.1, -3, 997).tone(2, -40, 997);
  for (std::size_t n = 0; n < sound.blocks(); ++n) {
    meter.add(sound.block(n));
    if (n == 50) CHECK(meter.true_peak_dbtp() == doctest::Approx(-3).epsilon(0.02));
  }
  CHECK(meter.true_peak_dbtp() == doctest::Approx(-40).epsilon(0.01));
}

TEST_CASE("silence, and what is no number, measure as silence") {
  LoudnessMeter meter;
  AudioBlock b;
  b.samples.fill(std::numeric_limits<float>::quiet_NaN());
  for (int i = 0; i < 400; ++i) meter.add(b);
  CHECK(meter.momentary_lufs() == -120);
  CHECK(meter.short_term_lufs() == -120);
  CHECK(meter.integrated_lufs() == -120);
  CHECK(meter.heard_lufs() == -120);
  CHECK(meter.true_peak_dbtp() == -120);
  const Stereo tone = Stereo{}.tone(1, -23);
  for (std::size_t n = 0; n < tone.blocks(); ++n) meter.add(tone.block(n));
  CHECK(meter.momentary_lufs() == doctest::Approx(-23).epsilon(0.005));
}

TEST_CASE("a speaker's breath does not make him quieter") {
  LoudnessMeter meter;
  Stereo sound;
  for (int i = 0; i < 10; ++i) sound.tone(1.2, -16).silence(0.8);
  double least = 0, least_short = 0;
  for (std::size_t n = 0; n < sound.blocks(); ++n) {
    meter.add(sound.block(n));
    if (n < 400) continue;
    least = std::min(least, meter.heard_lufs());
    least_short = std::min(least_short, meter.short_term_lufs());
  }
  CHECK(least > -18);        // within the target's tolerance
  CHECK(least_short < -18);  // R 128's own short-term loudness is not
}

TEST_CASE("loudness in words") {
  const LoudnessTarget speech{-16, 2};
  CHECK(loudness_word(-120, speech) == LoudnessWord::Silent);
  CHECK(loudness_word(-50.1, speech) == LoudnessWord::Silent);
  CHECK(loudness_word(std::numeric_limits<double>::quiet_NaN(), speech) == LoudnessWord::Silent);
  CHECK(loudness_word(-49.9, speech) == LoudnessWord::Quiet);
  CHECK(loudness_word(-18.1, speech) == LoudnessWord::Quiet);
  CHECK(loudness_word(-17.9, speech) == LoudnessWord::Good);
  CHECK(loudness_word(-14.1, speech) == LoudnessWord::Good);
  CHECK(loudness_word(-13.9, speech) == LoudnessWord::Loud);
  CHECK(loudness_word(-13.9, LoudnessTarget{-14, 2}) == LoudnessWord::Good);

  // A word that stands is left only half a unit beyond its edge.
  CHECK(loudness_word(-18.4, speech, LoudnessWord::Good) == LoudnessWord::Good);
  CHECK(loudness_word(-18.6, speech, LoudnessWord::Good) == LoudnessWord::Quiet);
  CHECK(loudness_word(-17.6, speech, LoudnessWord::Quiet) == LoudnessWord::Quiet);
  CHECK(loudness_word(-17.4, speech, LoudnessWord::Quiet) == LoudnessWord::Good);
  CHECK(loudness_word(-14.4, speech, LoudnessWord::Loud) == LoudnessWord::Loud);
  CHECK(loudness_word(-14.6, speech, LoudnessWord::Loud) == LoudnessWord::Good);
}

}  // namespace
}  // namespace kakehashi
