// SPDX-License-Identifier: GPL-3.0-or-later
// A microphone that really runs: PortAudio -> ALSA's pulse plug-in -> a sound server of our own.
#include <filesystem>
#include <fstream>
#include <future>

#include "capture/devices.h"
#include "capture/input_feed.h"
#include "core/driver_turn.h"
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

TEST_CASE("what other applications play is heard, whatever the microphone is") {
  auto pulse = Pulse::start();
  REQUIRE(pulse);
  pulse->use_here();
  // A microphone of its own is the default, and silent.
  REQUIRE(run({"pactl", "load-module", "module-null-source", "source_name=silence"}, nullptr,
              pulse->environment()) == 0);
  REQUIRE(run({"pactl", "set-default-source", "silence"}, nullptr, pulse->environment()) == 0);
  auto tone = pulse->play_tone(1000);
  REQUIRE(tone);
  const auto devices = list_devices();
  REQUIRE(devices.ok());
  const auto found = std::find_if(devices->begin(), devices->end(),
                                  [](const Device& d) { return d.id == "pc-sound"; });
  REQUIRE(found != devices->end());
  SourceRig rig;
  auto source = rig.open(found->spec.kind, found->spec.settings);
  REQUIRE_MESSAGE(source.ok(), (source.ok() ? "" : source.error().message));
  REQUIRE(wait_until([&] { return rig.audio.status(rig.clock.now()).flowing; }));
  CHECK(in_good_time([&] { return listen(rig, rig.audio, 2.0).tone(1000) > 0.05; }));
  CHECK(rig.audio.channels().levels().size() == 2);
}

namespace {

// "pipewire" reaches the same server and hangs where it is told to (hanging_sound.cpp).
struct HangingDevice {
  explicit HangingDevice(const Pulse& pulse) : home(pulse.environment().at("HOME")) {
    std::ofstream(home + "/asound.conf")
        << "pcm_hook_type.hang { lib \"" HANGING_SOUND "\" install kakehashi_hang_install }\n"
        << "pcm.pipewire {\n  type hooks\n  slave.pcm \"pulse\"\n  hooks.0 { type hang }\n"
        << "  hint { show on description \"x\" }\n}\n";
    // A changed path makes ALSA read its configuration again.
    setenv("ALSA_CONFIG_PATH", ("/usr/share/alsa/alsa.conf:" + home + "/asound.conf").c_str(), 1);
    for (const char* name : {"OPEN", "SET", "CLOSE"})
      setenv(("KAKEHASHI_HANG_" + std::string(name)).c_str(), file(name).c_str(), 1);
  }
  ~HangingDevice() {
    for (const char* name : {"OPEN", "SET", "CLOSE"}) let(name);
    unsetenv("ALSA_CONFIG_PATH");
  }
  std::string file(const std::string& name) const { return home + "/hang-" + name; }
  void hang_in(const std::string& name) const { std::ofstream(file(name)) << "x"; }
  void let(const std::string& name) const { std::filesystem::remove(file(name)); }
  const std::string home;
};

bool opens(const std::string& device) {
  SourceRig rig;
  const auto source = rig.open("microphone", {{"device", device}});
  if (!source.ok()) MESSAGE(source.error().message);
  return source.ok() && wait_until([&] { return rig.audio.status(rig.clock.now()).flowing; });
}

}  // namespace

TEST_CASE("a microphone that hangs keeps no other from running or opening") {
  auto pulse = Pulse::start();
  REQUIRE(pulse);
  pulse->use_here();
  const HangingDevice hanging(*pulse);
  const auto tone = pulse->play_tone(1000);
  SourceRig running;
  auto source = running.open("microphone", {{"device", "pulse"}});
  REQUIRE(source.ok());
  REQUIRE(wait_until([&] { return running.audio.status(running.clock.now()).flowing; }));
  (void)listen(running, running.audio, 0.5);
  const auto still_runs = [&] {
    const Heard h = listen(running, running.audio, 0.6);
    CHECK(h.flowing == h.blocks);
    CHECK((*source)->poll().ok());
  };

  SUBCASE("in closing") {
    SourceRig rig;
    auto closing = rig.open("microphone", {{"device", "pipewire"}});
    REQUIRE(closing.ok());
    REQUIRE(wait_until([&] { return rig.audio.status(rig.clock.now()).flowing; }));
    hanging.hang_in("CLOSE");
    auto closed = std::async(std::launch::async, [&] { closing->reset(); });
    still_runs();
    CHECK(opens("pulse"));
    still_runs();
    CHECK(closed.wait_for(std::chrono::seconds(0)) == std::future_status::timeout);
    hanging.let("CLOSE");
    CHECK(closed.wait_for(std::chrono::seconds(10)) == std::future_status::ready);
    CHECK(opens("pipewire"));
  }
  SUBCASE("while PortAudio opens it: it is named") {
    hanging.hang_in("SET");
    auto opened = std::async(std::launch::async, [] { return opens("pipewire"); });
    REQUIRE(wait_until([] { return !port_audio_turn().hangs(std::chrono::seconds(1)).empty(); }));
    still_runs();
    SourceRig rig;
    const auto other = rig.open("microphone", {{"device", "pulse"}});
    REQUIRE_FALSE(other.ok());
    CHECK(other.error().kind == ErrorKind::TryLater);
    CHECK(other.error().words.ja.find("「pipewire」が応答しない") != std::string::npos);
    still_runs();
    hanging.let("SET");
    CHECK(opened.get());
    CHECK(opens("pulse"));
    still_runs();
  }
  SUBCASE("in opening") {
    hanging.hang_in("OPEN");
    auto opened = std::async(std::launch::async, [] { return opens("pipewire"); });
    still_runs();
    CHECK(opens("pulse"));
    still_runs();
    CHECK(opened.wait_for(std::chrono::seconds(0)) == std::future_status::timeout);
    hanging.let("OPEN");
    CHECK(opened.get());
  }
}
