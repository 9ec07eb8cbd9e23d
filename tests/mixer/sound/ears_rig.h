// SPDX-License-Identifier: GPL-3.0-or-later
// A small town hall for the ears, in virtual time: two microphones, a desk line, a clip, a partner
// and the hall's air. What is on a strip is set by the test; buses are what the strips add up to.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "mixer/sound/ears.h"
#include "tests/support/speech_material.h"

namespace kakehashi::testing {

struct EarsRig {
  enum Place : std::size_t { kMc, kSpeaker, kLine, kClip, kRemote, kAmbience, kStrips };

  EarsRig() : ears(show()), state(kStrips), sources(kStrips), blocks(kStrips), buses(5) {
    static constexpr ProcessingSet kSets[] = {ProcessingSet::Speech, ProcessingSet::Speech,
                                              ProcessingSet::Line,   ProcessingSet::Media,
                                              ProcessingSet::Remote, ProcessingSet::Ambience};
    for (std::size_t i = 0; i < kStrips; ++i) {
      state[i].set = kSets[i];
      state[i].microphone = i == kMc || i == kSpeaker;
    }
    noise = room_noise(20, -70);
  }

  static Show show() {
    Show s;
    const char* ids[] = {"mic_mc",      "mic_speaker",  "pa_line",
                         "video_audio", "remote_audio", "ambience"};
    const char* ja[] = {"司会マイク",   "講師マイク",   "会場PAライン",
                        "再生映像の音", "リモートの声", "会場の空気音"};
    const char* en[] = {"MC mic",      "Speaker mic",  "PA desk line",
                        "Video audio", "Remote audio", "Ambience mic"};
    for (std::size_t i = 0; i < kStrips; ++i) {
      Input input;
      input.id = ids[i];
      input.name = {ja[i], en[i]};
      input.video = false;
      input.audio = true;
      input.microphone = i == kMc || i == kSpeaker;
      if (i == kRemote) input.partner = "zoom";
      s.inputs.push_back(input);
    }
    return s;
  }

  // Open on program and on the partner's return, as a sound snapshot does it.
  void open(std::size_t strip) {
    EarsStrip& s = state[strip];
    s.wanted = s.open = true;
    s.muted = s.card = false;
    s.buses = 1U << kProgramBus | 1U << kRecordCleanBus | (strip == kRemote ? 0 : 1U << 4);
  }
  void mute(std::size_t strip) {
    state[strip].muted = true;
    state[strip].open = false;
    state[strip].buses = 0;
  }
  void close(std::size_t strip) {
    state[strip].wanted = state[strip].open = false;
    state[strip].buses = 0;
  }

  // The sound of a strip from now on; it begins anew when it ends. `late`: samples.
  void put(std::size_t strip, std::vector<float> mono, double db = 0, std::size_t late = 0) {
    const auto gain = static_cast<float>(std::pow(10, db / 20));
    const std::int64_t since = position;
    sources[strip] = [mono = std::move(mono), gain, since, late](std::int64_t at, AudioBlock& out) {
      const std::size_t n = mono.size(), gone = static_cast<std::size_t>(at - since);
      if (gone < late) return;
      std::size_t from = (gone - late) % n;
      for (std::size_t i = 0; i < kBlockSamples; ++i) {
        const float v = mono[from] * gain;
        out.samples[2 * i] += v;
        out.samples[2 * i + 1] += v;
        if (++from == n) from = 0;
      }
    };
  }
  void silence(std::size_t strip) { sources[strip] = nullptr; }

  // Plays on; `each` after every block, with the seconds since the call, until it says true.
  // Returns those seconds.
  double play(double seconds, const std::function<bool(double)>& each = {}) {
    for (int n = 1; n <= static_cast<int>(seconds * 100 + 0.5); ++n) {
      block();
      if (each && each(n / 100.0)) return n / 100.0;
    }
    return seconds;
  }
  // Until `id` is found; -1: never in that time.
  double until(const std::string& id, double seconds) {
    double found = -1;
    play(seconds, [&](double t) {
      if (has(id)) found = t;
      return found >= 0;
    });
    return found;
  }

  const SoundEars::Finding* find(const std::string& id) {
    last = ears.findings();
    for (const auto& f : last)
      if (f.finding.id == id) return &f;
    return nullptr;
  }
  bool has(const std::string& id) { return find(id) != nullptr; }
  std::string all() {
    std::string ids;
    for (const auto& f : ears.findings()) ids += f.strip + f.bus + ":" + f.finding.id + " ";
    return ids;
  }

  void block() {
    for (std::size_t i = 0; i < kStrips; ++i) {
      blocks[i].silence();
      blocks[i].position = position;
      if (air[i]) {  // every open socket hisses
        const std::size_t n = noise.size() / kBlockSamples;
        const std::size_t from =
            (static_cast<std::size_t>(position) / kBlockSamples + 97 * i) % n * kBlockSamples;
        for (std::size_t k = 0; k < kBlockSamples; ++k)
          for (std::size_t c = 0; c < 2; ++c) blocks[i].samples[2 * k + c] = noise[from + k];
      }
      if (sources[i]) sources[i](position, blocks[i]);
      if (change[i]) change[i](blocks[i]);
    }
    for (std::size_t b = 0; b < buses.size(); ++b) {
      buses[b].silence();
      for (std::size_t i = 0; i < kStrips; ++i)
        if (state[i].buses >> b & 1)
          for (std::size_t k = 0; k < buses[b].samples.size(); ++k)
            buses[b].samples[k] += blocks[i].samples[k];
      if (bus_change) bus_change(b, buses[b]);
    }
    bool expected = false;
    for (const EarsStrip& s : state)
      expected |= s.wanted && (s.microphone || s.set == ProcessingSet::Line);
    ears.hear({position, card, expected && !card, state, blocks, buses});
    position += kBlockSamples;
  }

  SoundEars ears;
  std::vector<EarsStrip> state;
  std::vector<std::function<void(std::int64_t, AudioBlock&)>> sources;
  std::function<void(AudioBlock&)> change[kStrips];
  std::function<void(std::size_t, AudioBlock&)> bus_change;
  bool air[kStrips] = {true, true, true, false, true, true};
  bool card = false;
  std::vector<AudioBlock> blocks, buses;
  std::vector<float> noise;
  std::vector<SoundEars::Finding> last;
  std::int64_t position = 0;
};

}  // namespace kakehashi::testing
