// SPDX-License-Identifier: GPL-3.0-or-later
#include <doctest/doctest.h>

#include "mixer/sound/ears_table.h"
#include "tests/mixer/sound/ears_material.h"
#include "tests/mixer/sound/ears_rig.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using Rig = EarsRig;

namespace {

// Seconds from when the line is as loud as `from_db` until it is told; -1: never.
double heard_after(double hz, double db_per_s, double from_db, Rig& rig) {
  rig.put(Rig::kMc, howl(8, hz, db_per_s));
  const double loud = (from_db + 70) / db_per_s;
  const double found = rig.until("howl", 7.9);
  return found < 0 ? -1 : found - loud;
}

}  // namespace

TEST_CASE("a howl is told at most 500 ms after it stands out, low or high, slow or fast") {
  for (const double hz : {220.0, 630.0, 1000.0, 2515.3, 6300.0})
    for (const double db_per_s : {20.0, 40.0, 80.0, 150.0}) {
      CAPTURE(hz);
      CAPTURE(db_per_s);
      Rig rig;
      rig.open(Rig::kMc);
      rig.play(1);
      const double after = heard_after(hz, db_per_s, -45, rig);
      CHECK(after < 0.5);
      CHECK(after > -0.5);
      CHECK(rig.find("howl")->strip == "mic_mc");
      CHECK(rig.ears.howl().hz == doctest::Approx(hz).epsilon(0.01));
    }
}

TEST_CASE("a howl that begins while somebody speaks is told before it has taken over") {
  Rig rig;
  rig.open(Rig::kMc);
  auto x = mixed(in_room(speech_for(Voice::Host, 8)), howl(8, 1800, 40));
  rig.put(Rig::kMc, x);
  const double found = rig.until("howl", 7.9);
  REQUIRE(found > 0);
  CHECK(-70 + 40 * found < 0);  // still below full scale, were it not cut off
}

TEST_CASE("it names the send that closes the loop") {
  Rig rig;
  rig.open(Rig::kMc);
  SUBCASE("the hall's loudspeakers are not ours") {
    CHECK(heard_after(1200, 40, -45, rig) < 0.5);
    CHECK(rig.ears.howl().bus == kProgramBus);
    CHECK(rig.find("howl")->finding.action.ja == "まず会場の音量を下げてください。");
  }
  SUBCASE("through us into the hall") {
    rig.state[Rig::kMc].buses |= 1U << kVenueBus;
    CHECK(heard_after(1200, 40, -45, rig) < 0.5);
    CHECK(rig.ears.howl().bus == kVenueBus);
    CHECK(rig.find("howl")->finding.what.ja.find("会場へ返す音") != std::string::npos);
  }
  SUBCASE("through the partner, who is heard in the hall") {
    rig.open(Rig::kRemote);
    rig.state[Rig::kRemote].buses |= 1U << kVenueBus;
    CHECK(heard_after(1200, 40, -45, rig) < 0.5);
    CHECK(rig.ears.howl().bus == 4);
    CHECK(rig.find("howl")->finding.what.ja.find("リモートの声への返し") != std::string::npos);
  }
  CHECK(rig.ears.howl().strip == Rig::kMc);
}

TEST_CASE("it is over a second after it ended") {
  Rig rig;
  rig.open(Rig::kMc);
  CHECK(heard_after(1000, 60, -45, rig) < 0.5);
  rig.silence(Rig::kMc);
  CHECK(rig.play(3, [&](double) { return !rig.ears.howl().on; }) < 1.4);
}

TEST_CASE("what only looks like a howl") {
  Rig rig;
  rig.open(Rig::kMc);
  const auto tone = [](double hz, double db, double rise_s, double vibrato) {
    std::vector<float> x(48000 * 4);
    double phase = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double t = static_cast<double>(i) / 48000;
      phase += 2 * M_PI * hz * (1 + vibrato * std::sin(2 * M_PI * 5 * t)) / 48000;
      x[i] =
          static_cast<float>(std::pow(10, db / 20) * std::min(t / rise_s, 1.0) * std::sin(phase));
    }
    return x;
  };
  SUBCASE("a test tone that is switched on") { rig.put(Rig::kMc, tone(1000, -20, 0.005, 0)); }
  SUBCASE("a flute's attack") { rig.put(Rig::kMc, tone(880, -20, 0.06, 0.004)); }
  SUBCASE("somebody whistles, louder and louder") { rig.put(Rig::kMc, tone(1500, -15, 3.9, 0.01)); }
  SUBCASE("a bell") {
    auto x = tone(2000, -12, 0.002, 0);
    for (std::size_t i = 0; i < x.size(); ++i)
      x[i] *= static_cast<float>(std::exp(-static_cast<double>(i) / 48000));
    rig.put(Rig::kMc, x);
  }
  CHECK(rig.until("howl", 10) == -1);
}
