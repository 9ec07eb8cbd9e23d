// SPDX-License-Identifier: GPL-3.0-or-later
// One strip's way to one bus, and the moves of its gain. Private to the audio mixer. Pure.
#pragma once

#include "core/audio_block.h"

namespace kakehashi {

inline constexpr int kRampSamples = kSampleRate / 200;  // 5 ms

// `gate` is what hands and rules do (fader, mute, routing): it ramps within 5 ms. `level` is what
// the mixer does by itself (automix, rider, ducking): it glides over the whole block.
struct Send {
  float gate = 0, level = 1;
  float howl = 1;  // besides, while it howls

  // Adds the block to `out`, moving to `gate_to` and `level_to` as the block goes.
  void add(const AudioBlock& block, float gate_to, float level_to, AudioBlock& out);
};

// The same for a bus's own fader, in place.
void ramp(AudioBlock& block, float& gain, float to);

// Lowers a strip while somebody talks: quick enough for a first word (within 60 ms for 9 dB), held
// through the pauses of speech, back over a second or two. dB, <= 0.
class Ducker {
 public:
  // Once per block; the gain at the end of the block.
  double step(bool somebody_talks, double depth_db);
  double gain_db() const { return gain_db_; }

 private:
  double gain_db_ = 0;
  int hold_ = 0;  // blocks
};

}  // namespace kakehashi
