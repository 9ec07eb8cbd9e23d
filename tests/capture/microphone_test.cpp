// SPDX-License-Identifier: GPL-3.0-or-later
// A microphone that really runs: PortAudio -> ALSA's pulse plug-in -> a sound server of our own.
#include "capture/devices.h"
#include "capture/input_feed.h"
#include "tests/capture/rig.h"

using namespace kakehashi;
using namespace kakehashi::testing;

TEST_CASE("a microphone is heard, in place, and its sentences name what exists") {
  auto pulse = Pulse::start();
  REQUIRE(pulse);
  pulse->use_here();
  auto tone = pulse->play_tone(1000);
  REQUIRE(tone);
  SourceRig rig;
  auto wrong = rig.open("microphone", {{"device", "no-such"}});
  REQUIRE_FALSE(wrong.ok());
  CHECK(wrong.error().message.find("pulse") != std::string::npos);
  const auto devices = list_devices();
  REQUIRE(devices.ok());
  CHECK(std::any_of(devices->begin(), devices->end(),
                    [](const Device& d) { return d.kind == "microphone" && d.id == "pulse"; }));

  auto source = rig.open("microphone", {{"device", "pulse"}});
  if (!source.ok()) MESSAGE(source.error().message);
  REQUIRE(source.ok());
  // The sound server needs a second to fill its buffers.
  REQUIRE(wait_until([&] { return rig.audio.status(rig.clock.now()).flowing; }));
  (void)listen(rig, rig.audio, 0.5);
  AudioSyncStatus s;
  CHECK(in_good_time([&] {
    const Heard h = listen(rig, rig.audio, 3.0);
    CHECK((*source)->poll().ok());
    s = rig.audio.status(rig.clock.now());
    // In pieces: while it settles the pitch may be 0.1 % off, which one long measurement cancels.
    return h.flowing == h.blocks && h.share(1000, 0.1) > 0.95 && std::abs(s.drift_ppm) < 900;
  }));
  MESSAGE("drift " << s.drift_ppm << " ppm, buffer " << s.buffer_ms << " ms, underruns "
                   << s.underruns << ", resyncs " << s.resyncs);
  CHECK((*source)->format().find("48000") != std::string::npos);
}
