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

// What a strip is at this block, for judging what is heard on it.
struct HeardStrip {
  bool microphone = false;
  bool open = false;   // heard on program
  bool muted = false;  // by hand
  bool card = false;   // closed because of a card
  ProcessingSet set = ProcessingSet::Speech;
};

struct HeardMoment {
  std::int64_t position = 0;   // samples since the session's zero
  bool card = false;           // on program, emergency included
  bool talk_expected = false;  // a snapshot with an open microphone or line is on, no card
  std::span<const HeardStrip> state;
  std::span<const AudioBlock> strips;  // as they came in, before processing
  std::span<const AudioBlock> buses;   // as they leave, in sound_buses() order
};

class SoundEars {
 public:
  explicit SoundEars(const Show& show);  // allocates everything
  ~SoundEars();

  void hear(const HeardMoment& moment);

  struct Finding {
    std::string strip;  // id; empty: a bus's
    std::string bus;    // id; empty: a strip's
    InputFinding finding;
  };
  // Worst first. "no_sound", "muted_talk", "card_microphone", "clipping", "hum", "howl", "echo",
  // "dropouts", "one_sided", "wrong_channel", "phase", "av_offset".
  std::vector<Finding> findings() const;

  // While a howl lasts: the send that makes it, to be ducked by 12 dB; empty strip: none.
  struct Howl {
    std::string strip, bus;
    double hz = 0;
  };
  Howl howl() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace kakehashi
