// SPDX-License-Identifier: GPL-3.0-or-later
// One input's sound from its device to its fader: trim, polarity, high-pass, noise, gate,
// equaliser, compressor, delay, pan (core/strip_settings.h). Thread: mix.audio owns it; allocates
// when it is made and never after.
#pragma once

#include <memory>

#include "core/audio_block.h"
#include "core/strip_settings.h"

namespace kakehashi {

// What it does now; dB, <= 0.
struct StripWork {
  double gate_db = 0;        // taken off by the gate
  double compressor_db = 0;  // taken off by the compressor, before its make-up
  bool clipped = false;      // full scale in this block as it came in (three samples in a row)
};

class SoundStrip {
 public:
  // Samples by which process() is later than its input, whatever is switched on and however it is
  // set (besides delay_ms): every strip's sound stays in step with the others'.
  static constexpr int kLatency = 240;

  SoundStrip();
  ~SoundStrip();
  SoundStrip(SoundStrip&&) noexcept;

  // Before a block; cheap when nothing changed. Whatever changes glides within 20 ms, a new delay
  // by a cross-fade: nothing clicks. Only noise suppression that is switched on listens first, for
  // half a second of sound. Before the first block everything is set at once. Values out of range
  // are brought into it.
  void set(const StripSettings& settings);
  // In place. Samples that are not numbers count as silence and leave no trace behind; what is over
  // +24 dBFS is cut there. The result may be over full scale: the buses' limiters see to it.
  void process(AudioBlock& block);
  const StripWork& work() const;  // of the last block

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace kakehashi
