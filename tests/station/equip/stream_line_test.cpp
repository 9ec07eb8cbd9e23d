// SPDX-License-Identifier: GPL-3.0-or-later
// The clock of a sound card, from wake-ups that come late by chance.
#include "station/equip/stream_line.h"

#include <doctest/doctest.h>

#include <random>

using namespace kakehashi;

namespace {

struct Card {
  double ppm = 0;
  double late_ms = 1;      // evenly spread up to this
  double spike_every = 0;  // seconds; then 30 ms late
  double begins = 100;     // session seconds
};

MediaTime moment(double seconds) { return MediaTime{} + Duration::from_seconds(seconds); }

// Pieces of 10 ms for so many seconds; `frames` goes on counting.
void feed(StreamLine& line, const Card& card, double from, double to, unsigned seed = 3) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> late(0, card.late_ms / 1000);
  const double pace = 1 / (1 + card.ppm * 1e-6);
  int n = static_cast<int>(from * 100);
  double spike = card.spike_every;
  for (; n < static_cast<int>(to * 100); ++n) {
    double at = card.begins + (n + 1) * 0.01 * pace + late(random);
    if (spike > 0 && n * 0.01 > spike) at += 0.03, spike += card.spike_every;
    line.add(480, moment(at));
  }
}

}  // namespace

TEST_CASE("the rate is told within some ppm, and the moment of a frame within a tenth of a ms") {
  for (const double ppm : {-1000.0, -300.0, 0.0, 40.0, 300.0}) {
    CAPTURE(ppm);
    StreamLine line(48000);
    feed(line, {ppm}, 0, 11);
    CHECK(line.seconds() == doctest::Approx(11).epsilon(0.02));
    CHECK(std::abs(line.ppm() - ppm) < 10);
    CHECK(std::abs(line.time_of(0) - 100) < 0.0002);
    CHECK(std::abs(line.time_of(5 * 48000) - 100 - 5 / (1 + ppm * 1e-6)) < 0.0002);
  }
}

TEST_CASE("a machine that stalls now and then changes nothing") {
  StreamLine line(44100);
  std::mt19937 random(1);
  std::uniform_real_distribution<double> late(0, 0.002);
  for (int n = 0; n < 600; ++n) {
    // Half a second in which everything is late, as when another program took the processor.
    const double stall = n > 300 && n < 350 ? (350 - n) * 0.01 : 0;
    line.add(441, moment(1 + (n + 1) * 0.01 + late(random) + stall));
  }
  CHECK(std::abs(line.ppm()) < 40);
}

TEST_CASE("what was lost is no drift") {
  StreamLine line(48000);
  feed(line, {}, 0, 6);
  line.broken();
  Card later;
  later.begins += 0.2;  // a fifth of a second is missing
  feed(line, later, 6, 8);
  CHECK(std::abs(line.ppm()) < 20);
  CHECK(line.seconds() == doctest::Approx(6).epsilon(0.02));
  CHECK(line.time_of(7 * 48000) == doctest::Approx(107.2).epsilon(1e-5));
}

TEST_CASE("nothing came: nothing is known") {
  const StreamLine line(48000);
  CHECK(line.seconds() == 0);
  CHECK(line.ppm() == 0);
}
