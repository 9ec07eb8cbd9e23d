// SPDX-License-Identifier: GPL-3.0-or-later
// One application's sound out of several, the same on either sound server of Debian.
#pragma once

#include "capture/devices.h"
#include "tests/capture/rig.h"

namespace kakehashi::testing {

// An application of this name that plays a sine until it is destroyed.
inline std::unique_ptr<Process> play_as(const std::string& application, int hz,
                                        const Environment& environment = {}) {
  Environment relaxed = environment;
  relaxed["PULSE_LATENCY_MSEC"] = "300";
  return Process::start({"ffmpeg", "-nostdin", "-loglevel", "quiet", "-re", "-f", "lavfi", "-i",
                         "sine=frequency=" + std::to_string(hz) + ":sample_rate=48000", "-f",
                         "pulse", "-name", application, "-buffer_duration", "500", "tone"},
                        relaxed, "/dev/null");
}

inline const Device* application_in(const std::vector<Device>& devices, const std::string& name) {
  const auto it = std::find_if(devices.begin(), devices.end(), [&](const Device& d) {
    return d.kind == "application" && d.name == name;
  });
  return it == devices.end() ? nullptr : &*it;
}

// A sound server must be reachable, with an output.
inline void check_one_application_is_heard(const Environment& environment = {}) {
  auto meeting = play_as("Meeting", 1000, environment);
  auto music = play_as("Music", 440, environment);
  REQUIRE((meeting && music));
  std::vector<Device> devices;
  REQUIRE(wait_until([&] {
    auto listed = list_devices();
    if (listed.ok()) devices = std::move(*listed);
    return application_in(devices, "Meeting") && application_in(devices, "Music");
  }));
  SourceRig rig;
  const Device& wanted = *application_in(devices, "Meeting");
  CHECK(wanted.id == "Meeting");
  auto source = rig.open(wanted.spec.kind, wanted.spec.settings);
  REQUIRE_MESSAGE(source.ok(), (source.ok() ? "" : source.error().message));
  REQUIRE(wait_until([&] { return rig.audio.status(rig.clock.now()).flowing; }));
  // That one, whole, and nothing of the other.
  CHECK(in_good_time([&] {
    const Heard h = listen(rig, rig.audio, 2.0);
    return h.flowing == h.blocks && h.share(1000, 0.1) > 0.95 && h.tone(440) < 0.001;
  }));
  CHECK((*source)->device() == "Meeting");
  CHECK(rig.audio.channels().levels().size() == 2);

  // A second stream of the same application is heard with the first.
  auto chime = play_as("Meeting", 2500, environment);
  CHECK(in_good_time([&] {
    const Heard h = listen(rig, rig.audio, 2.0);
    return h.tone(1000) > 0.1 && h.tone(2500) > 0.1 && h.tone(440) < 0.001;
  }));

  // It stops: silence, which is no fault; our own reading never ends.
  chime.reset();
  meeting.reset();
  CHECK(in_good_time([&] {
    const Heard h = listen(rig, rig.audio, 1.5);
    return h.flowing == h.blocks && h.tone(1000) < 0.001 && h.tone(440) < 0.001;
  }));
  CHECK((*source)->poll().ok());
  // It plays again: heard without anybody's hand.
  meeting = play_as("Meeting", 1500, environment);
  CHECK(in_good_time([&] { return listen(rig, rig.audio, 1.5).share(1500, 0.1) > 0.6; }));
}

}  // namespace kakehashi::testing
