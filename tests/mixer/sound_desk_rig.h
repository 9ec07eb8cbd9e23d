// SPDX-License-Identifier: GPL-3.0-or-later
// A sound desk in the hand: a small show, plain strips, and blocks to put into them.
#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <memory>
#include <numbers>
#include <string>
#include <vector>

#include "mixer/audio_mixer.h"
#include "mixer/switcher.h"

namespace kakehashi::testing {

// Nothing is done to it: what goes in comes out.
inline StripSettings plain() {
  StripSettings s = settings_of(ProcessingSet::Media);
  s.high_pass_hz = 0;
  return s;
}

// Inputs of these names, microphones where the name begins with "mic"; scenes "talk", "film" and
// the card scene "break".
inline Show sound_show(const std::vector<std::string>& ids) {
  Show show;
  for (const std::string& id : ids) {
    Input i;
    i.id = id;
    i.name = {id, id};
    i.audio = true;
    i.microphone = id.rfind("mic", 0) == 0;
    i.sound = plain();
    show.inputs.push_back(i);
  }
  for (const char* id : {"talk", "film", "break"}) {
    Scene scene;
    scene.id = id;
    if (scene.id == "break") scene.card = "pause";
    show.scenes.push_back(scene);
  }
  return show;
}

inline AudioBlock sine(double hertz, double dbfs, std::int64_t position) {
  AudioBlock b;
  b.position = position;
  const double peak = std::pow(10.0, dbfs / 20);
  for (int i = 0; i < kBlockSamples; ++i) {
    const double t = static_cast<double>(position + i) / kSampleRate;
    const auto s = static_cast<float>(peak * std::sin(2 * std::numbers::pi * hertz * t));
    b.samples[static_cast<std::size_t>(2 * i)] = s;
    b.samples[static_cast<std::size_t>(2 * i + 1)] = s;
  }
  return b;
}

inline AudioBlock constant(float left, float right) {
  AudioBlock b;
  for (std::size_t i = 0; i < b.samples.size(); ++i) b.samples[i] = i % 2 ? right : left;
  return b;
}

// Runs a mixer block after block, remembering where it was.
struct Rig {
  explicit Rig(const std::vector<std::string>& ids) : show(sound_show(ids)) { begin(); }

  void begin() {  // after a change of `show`
    live = initial_state(show);
    mixer = std::make_unique<AudioMixer>(show);
    in.assign(live.strips.size(), {});
    out.assign(mixer->bus_list().size(), {});
  }
  void run(int blocks = 1) {
    while (blocks-- > 0) {
      mixer->mix(show, live, at, in, out);
      at = at + Duration::milliseconds(10);
    }
  }
  void wish(const Command& c) {
    auto next = apply(show, live, c, at);
    REQUIRE(next.ok());
    live = *next;
  }
  float last(std::size_t bus = kProgramBus) const {
    return out[bus].samples[out[bus].samples.size() - 2];
  }

  Show show;
  LiveState live;
  std::unique_ptr<AudioMixer> mixer;
  std::vector<AudioBlock> in, out;
  MediaTime at{1'000'000'000};
};

}  // namespace kakehashi::testing
