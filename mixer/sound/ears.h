// SPDX-License-Identifier: GPL-3.0-or-later
// The station's ears: hear what people do not notice in time. Fed with every block by a thread of
// low urgency (station/ears_desk), never by mix.audio itself; pure, so a test plays hours to it.
// Thresholds: mixer/sound/ears_table.h, all in one place (domain: accidents 1-8, 29-30).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/audio_block.h"
#include "core/show.h"
#include "core/snapshot.h"
#include "core/sound_bus.h"

namespace kakehashi {

// What a strip is at this block, for judging what is heard on it. Made by ears_strips().
struct EarsStrip {
  bool microphone = false;
  bool wanted = false;  // the sound snapshot opens it, and no card closes it: it may speak
  bool open = false;    // heard on program
  bool muted = false;   // by hand, or its fader is down
  bool card = false;    // closed because of a card
  bool cued = false;  // a cue opened it under the card: ふた中・マイク生き is said already
  bool mono = false;  // both channels become one: a dead side does no harm
  ProcessingSet set = ProcessingSet::Speech;
  std::uint32_t buses = 0;  // bit n: it reaches sound_buses()[n]
};

struct EarsMoment {
  std::int64_t position = 0;   // samples since the session's zero
  bool card = false;           // on program, emergency included
  bool talk_expected = false;  // the snapshot opens a microphone or a line, and no card is on
  std::span<const EarsStrip> state;
  std::span<const AudioBlock> strips;  // as they came in, before processing
  std::span<const AudioBlock> buses;   // as they leave, in sound_buses() order
};

class SoundEars {
 public:
  explicit SoundEars(const Show& show);  // allocates everything
  ~SoundEars();

  void hear(const EarsMoment& moment);

  struct Finding {
    std::string strip;  // id; empty: a bus's
    std::string bus;    // id; empty: a strip's
    InputFinding finding;
  };
  // Worst first. "no_sound", "muted_talk", "card_microphone", "wrong_channel", "clipping", "howl",
  // "echo", "dropouts", "one_sided", "phase". Hum and a silent device are the device's own
  // detectors' (capture/detect_sound.h); of "clipping", "dropouts" and "one_sided" each tells what
  // it alone can hear, and where both say the same the device's word stands (station/ears_desk.h).
  std::vector<Finding> findings() const;

  // While a howl lasts: the send that makes it, to be ducked by kHowlDuckDb. `bus`: the hall's or a
  // partner's that the strip reaches, else the program, where the audience hears it.
  struct Howl {
    bool on = false;
    std::size_t strip = 0, bus = 0;  // places in EarsMoment
    double hz = 0;
  };
  Howl howl() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace kakehashi
