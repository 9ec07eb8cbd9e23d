// SPDX-License-Identifier: GPL-3.0-or-later
#include <doctest/doctest.h>

#include "tests/mixer/sound/ears_material.h"
#include "tests/mixer/sound/ears_rig.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using Rig = EarsRig;

TEST_CASE("the same voice twice, 5 to 1500 ms apart, is told within 15 s") {
  for (const double ms : {7.0, 30.0, 240.0, 1000.0, 1450.0}) {
    CAPTURE(ms);
    Rig rig;
    rig.open(Rig::kMc);
    rig.open(Rig::kLine);
    // A camera's microphone at the back: the hall's tail, its own noise, lower.
    const auto dry = speech_for(Voice::Host, 30);
    rig.put(Rig::kMc, in_room(dry, 0.5, -14));
    rig.put(Rig::kLine, mixed(in_room(dry, 0.8, -8), room_noise(30, -50)), -8,
            static_cast<std::size_t>(ms * 48));
    const double found = rig.until("echo", 15);
    CHECK(found > 0);
    if (found < 0) continue;
    const auto* f = rig.find("echo");
    CHECK(f->strip == "pa_line");
    CHECK(f->finding.what.ja.find("「司会マイク」") != std::string::npos);
    const std::string& en = f->finding.what.en;
    CHECK(std::atof(en.c_str() + en.find("\", ") + 3) == doctest::Approx(ms).epsilon(1.0 / ms));
  }
}

TEST_CASE("a partner's loudspeaker that sends our own sound back") {
  Rig rig;
  rig.open(Rig::kMc);
  rig.open(Rig::kRemote);
  const auto dry = in_room(speech_for(Voice::Host, 30));
  rig.put(Rig::kMc, dry);
  rig.put(Rig::kRemote, mixed(in_room(dry, 0.4, -10), room_noise(30, -55)), -14, 48 * 420);
  CHECK(rig.until("echo", 20) > 0);
  bool returned = false;
  rig.play(6, [&](double) {
    for (const auto& f : rig.ears.findings())
      returned |=
          f.strip == "remote_audio" && f.finding.action.ja.find("イヤホン") != std::string::npos;
    return returned;
  });
  CHECK(returned);
}

TEST_CASE("what is not double") {
  Rig rig;
  rig.open(Rig::kMc);
  rig.open(Rig::kSpeaker);
  SUBCASE("two people at once") {
    rig.put(Rig::kMc, in_room(speech_for(Voice::Host, 30)));
    rig.put(Rig::kSpeaker, in_room(speech_for(Voice::Guest, 30)));
  }
  SUBCASE("one after the other, each heard in the other's microphone 8 ms later") {
    std::vector<float> a(48000 * 24), b(a.size());
    const auto host = in_room(speech_for(Voice::Host, 24)),
               guest = in_room(speech_for(Voice::Guest, 24));
    for (std::size_t i = 384; i < a.size(); ++i) {
      const bool first = i / 96000 % 2 == 0;
      a[i] = first ? host[i] : guest[i - 384] * 0.12F;
      b[i] = first ? host[i - 384] * 0.12F : guest[i];
    }
    rig.put(Rig::kMc, a);
    rig.put(Rig::kSpeaker, b);
  }
  SUBCASE("the same voice less than 5 ms apart: two microphones on one lectern") {
    const auto dry = in_room(speech_for(Voice::Host, 30));
    rig.put(Rig::kMc, dry);
    rig.put(Rig::kSpeaker, dry, -2, 120);
  }
  SUBCASE("music in one, its singer in the other") {
    rig.put(Rig::kMc, music(30, -24, 11));
    rig.put(Rig::kSpeaker, in_room(speech_for(Voice::Visitor, 30)));
  }
  CHECK(rig.until("echo", 20) == -1);
}
