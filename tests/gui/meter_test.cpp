// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/meter.h"

#include <doctest/doctest.h>

#include <cmath>

namespace kakehashi {

TEST_CASE("the meter's scale goes through its marks and never back") {
  const double marks[][2] = {{-60, 0},   {-40, .2}, {-30, .35}, {-20, .58},
                             {-12, .78}, {-6, .9},  {0, 1}};
  for (const auto& m : marks) CHECK(meter_position(m[0]) == doctest::Approx(m[1]));
  CHECK(meter_position(-120) == 0);
  CHECK(meter_position(6) == 1);
  for (double db = -60; db < 0; db += 0.5) CHECK(meter_position(db + 0.5) > meter_position(db));
}

TEST_CASE("the fader's scale and its inverse") {
  CHECK(fader_position(0) == doctest::Approx(0.8));
  CHECK(fader_position(-60) == 0);
  CHECK(fader_position(12) == 1);
  for (double db = -60; db <= 12; db += 0.5)
    CHECK(fader_level(fader_position(db)) == doctest::Approx(db).epsilon(1e-9));
}

TEST_CASE("the bar rises at once and falls 20 dB a second; the peak stays a second") {
  MeterBar bar;
  bar.feed(-10, -4, 5.0);
  CHECK(bar.level(5.0) == -10);
  bar.feed(-60, -60, 5.1);
  CHECK(bar.level(5.5) == doctest::Approx(-20));
  CHECK(bar.peak(5.9) == -4);
  CHECK(bar.peak(6.5) == doctest::Approx(-14));
  bar.feed(-12, -6, 6.6);
  CHECK(bar.level(6.6) == -12);
  CHECK(bar.peak(6.6) == -6);
}

TEST_CASE("the word follows three seconds of sound, calmly") {
  const auto word_at = [](double db) {
    LevelJudge j;
    for (int i = 0; i < 100; ++i) j.feed(db, db, 10 + i * 0.05);
    return j.word();
  };
  CHECK(word_at(-70) == LevelWord::Quiet);
  CHECK(word_at(-38) == LevelWord::Low);
  CHECK(word_at(-20) == LevelWord::Good);
  CHECK(word_at(-8) == LevelWord::Loud);

  LevelJudge j;
  double t = 10;
  const auto feed = [&](double db, double peak, double seconds) {
    int changes = 0;
    for (const double end = t + seconds; t < end; t += 0.05) {
      const LevelWord before = j.word();
      j.feed(db, peak, t);
      changes += j.word() != before;
    }
    return changes;
  };
  feed(-20, -14, 5);
  CHECK(j.word() == LevelWord::Good);
  feed(-11, -6, 5);  // one dB over the border: hysteresis keeps the word
  CHECK(j.word() == LevelWord::Good);
  feed(-9, -4, 5);
  CHECK(j.word() == LevelWord::Loud);
  feed(-13, -6, 5);  // one dB back under it
  CHECK(j.word() == LevelWord::Loud);
  feed(-16, -8, 5);
  CHECK(j.word() == LevelWord::Good);

  // Wild speech: at most one change a second.
  int changes = 0;
  for (int i = 0; i < 10; ++i) changes += feed(i % 2 ? -6 : -70, -20, 0.5);
  CHECK(changes <= 5);
}

TEST_CASE("repeated full-scale peaks are clipping") {
  LevelJudge j;
  for (int i = 0; i < 40; ++i) j.feed(-14, -0.3, 10 + i * 0.05);
  CHECK(j.word() == LevelWord::Clipping);
  for (int i = 0; i < 120; ++i) j.feed(-14, -8, 12 + i * 0.05);
  CHECK(j.word() == LevelWord::Good);
}

TEST_CASE("program loudness in words") {
  CHECK(loudness_word(-120) == LevelWord::Quiet);
  CHECK(loudness_word(-24) == LevelWord::Low);
  CHECK(loudness_word(-16) == LevelWord::Good);
  CHECK(loudness_word(-9) == LevelWord::Loud);
}

}  // namespace kakehashi
