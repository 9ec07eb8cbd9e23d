// SPDX-License-Identifier: GPL-3.0-or-later
// Compressor and gate, measured as their makers' data sheets would show them.
#include <doctest/doctest.h>

#include "tests/mixer/sound/strip_rig.h"

namespace kakehashi {
namespace {

using namespace kakehashi::testing;

StripSettings compressed(double makeup = 0) {
  StripSettings s = plain();
  s.compressor = {3, -24, 10, 150, makeup};
  return s;
}

// Text books: nothing below, a third of the dB above, a soft knee of 6 dB between.
double by_the_book(double level) {
  const double over = level + 24;
  if (over <= -3) return 0;
  if (over >= 3) return -over * 2 / 3;
  return -(over + 3) * (over + 3) / 12 * 2 / 3;
}

TEST_CASE("compressor: the static curve") {
  for (double level = -48; level <= 0; level += 3) {
    CAPTURE(level);
    CHECK(std::abs(response_db(compressed(), 1000, level) - by_the_book(level)) < 0.15);
    CHECK(std::abs(response_db(compressed(), 100, level) - by_the_book(level)) < 0.3);
  }
}

TEST_CASE("compressor: make-up is half of what full scale would lose, at most what is allowed") {
  CHECK(response_db(compressed(30), 1000, -48) == doctest::Approx(8).epsilon(0.01));
  CHECK(response_db(compressed(6), 1000, -48) == doctest::Approx(6).epsilon(0.01));
  CHECK(response_db(compressed(6), 1000, -12) == doctest::Approx(-2).epsilon(0.05));
}

TEST_CASE("compressor: both channels by the louder one") {
  SoundStrip strip;
  strip.set(compressed());
  const Stereo out = through(strip, {tone(1000, -6, 1.5), tone(700, -40, 1.5)});
  const double left = amplitude_db(last(out.left, 1), 1000) + 6;
  const double right = amplitude_db(last(out.right, 1), 700) + 40;
  CHECK(left == doctest::Approx(-12).epsilon(0.02));
  CHECK(std::abs(left - right) < 0.02);
  CHECK(strip.work().compressor_db == doctest::Approx(-12).epsilon(0.02));
}

// Gain over time for a tone whose level jumps; a figure per 5 ms.
std::vector<double> gains(const StripSettings& s, double first_db, double second_db) {
  auto in = tone(1000, first_db, 1);
  const auto second = tone(1000, second_db, 2);
  in.insert(in.end(), second.begin(), second.end());
  const auto out = in_step(s, in);
  std::vector<double> db;
  for (std::size_t at = 48000; at + 240 <= in.size(); at += 240)
    db.push_back(amplitude_db(std::span(out).subspan(at, 240), 1000) - second_db);
  return db;
}

TEST_CASE("compressor: as fast as it says, down and up") {
  const auto down = gains(compressed(), -40, -6);
  CHECK(down.front() > -4);      // the first 5 ms are still through
  CHECK(down[5] < -12 * 0.63);   // 30 ms
  CHECK(down[12] < -12 * 0.95);  // 60 ms
  const auto up = gains(compressed(), -6, -40);
  CHECK(up[10] < -6);          // 50 ms: still down
  CHECK(up[38] > -12 * 0.37);  // 190 ms
  CHECK(up[140] > -0.2);       // 700 ms
}

TEST_CASE("compressor at work: hardly any distortion of a voice's frequencies") {
  CHECK(distortion_db(last(through(compressed(), tone(1000, -6, 2)), 1), 1000) < -60);
  CHECK(distortion_db(last(through(compressed(), tone(200, -6, 2)), 1), 200) < -45);
}

StripSettings gated() {
  StripSettings s = plain();
  s.gate = {-50, 12};
  return s;
}

TEST_CASE("gate: open above, softly down below, never further than its range") {
  CHECK(std::abs(response_db(gated(), 1000, -49)) < 0.05);
  CHECK(response_db(gated(), 1000, -51.5) == doctest::Approx(-3).epsilon(0.1));
  CHECK(response_db(gated(), 1000, -53) == doctest::Approx(-6).epsilon(0.1));
  CHECK(response_db(gated(), 1000, -70) == doctest::Approx(-12).epsilon(0.02));
  CHECK(response_db(gated(), 1000, -90) == doctest::Approx(-12).epsilon(0.02));
}

TEST_CASE("gate: once open it stays open down to 4 dB under the threshold") {
  CHECK(std::abs(gains(gated(), -40, -53).back()) < 0.05);
  CHECK(gains(gated(), -40, -55).back() < -9);
}

TEST_CASE("gate: holds, closes slowly, opens at once") {
  const auto closing = gains(gated(), -30, -70);
  CHECK(std::abs(closing[35]) < 0.1);  // 180 ms
  CHECK(closing[60] > -8);             // 300 ms: on its way
  CHECK(closing[60] < -0.5);
  CHECK(closing[200] < -11.5);  // 1 s
  for (std::size_t i = 1; i < closing.size(); ++i) CHECK(closing[i - 1] - closing[i] < 0.6);
  const auto opening = gains(gated(), -70, -30);
  CHECK(opening[0] > -3);
  CHECK(opening[1] > -0.1);
}

TEST_CASE("gate: the beginning of words is there") {
  const auto voice = speech_for(Voice::Guest, 20);
  REQUIRE_MESSAGE(!voice.empty(), "install espeak-ng (scripts/install_packages)");
  StripSettings s = plain();
  s.gate = settings_of(ProcessingSet::Speech).gate;
  const auto out = in_step(s, voice);
  const auto flags = speaking(voice);
  for (std::size_t f = 1; f < flags.size(); ++f) {
    if (!flags[f] || flags[f - 1]) continue;
    const auto before = std::span(voice).subspan(f * 960, 960);
    const auto after = std::span(out).subspan(f * 960, 960);
    CHECK(power_db(after) - power_db(before) > -1);
  }
}

}  // namespace
}  // namespace kakehashi
