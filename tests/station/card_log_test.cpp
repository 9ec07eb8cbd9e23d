// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/card_log.h"

#include <doctest/doctest.h>

using namespace kakehashi;

namespace {

Snapshot on(const std::string& scene) {
  Snapshot s;
  s.scenes = {{"talk", {"講演", "Talk"}, 1, false, {}}, {"break", {"休憩", "Break"}, 2, true, {}}};
  s.program = scene;
  StripStatus strip;
  strip.id = "mic_mc";
  strip.name = {"司会マイク", "MC microphone"};
  strip.peak_db[0] = strip.peak_db[1] = -90;
  s.strips = {strip};
  return s;
}

}  // namespace

TEST_CASE("what microphones did under cards is counted, and only that") {
  CardLog log;
  MediaTime now{};
  const auto pass = [&](const Snapshot& s, int tenths) {
    for (int i = 0; i < tenths; ++i, now = now + Duration::milliseconds(100)) log.see(s, now);
  };
  Snapshot talk = on("talk");
  talk.strips[0].peak_db[0] = -3;
  pass(talk, 50);
  CHECK(log.cards() == 0);
  pass(on("break"), 100);
  CHECK(log.microphones().empty());
  Snapshot spoken = on("break");
  spoken.microphones_live = {"mic_mc"};
  pass(spoken, 20);
  spoken.strips[0].peak_db[1] = -12;
  pass(spoken, 10);
  pass(on("break"), 10);
  pass(talk, 50);
  Snapshot emergency = on("talk");
  emergency.emergency = true;
  pass(emergency, 10);
  pass(talk, 10);
  CHECK(log.cards() == 2);
  CHECK(log.seconds() == doctest::Approx(15.0));
  REQUIRE(log.microphones().size() == 1);
  CHECK(log.microphones()[0].seconds == doctest::Approx(3.0));
  CHECK(log.microphones()[0].loudest_db == -12);
  CHECK(log.microphones()[0].name.ja == "司会マイク");
}
