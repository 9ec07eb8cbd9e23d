// SPDX-License-Identifier: GPL-3.0-or-later
// Strips -> program bus, 10 ms at a time. Thread: mix.audio owns it. Gains move within a block by a
// ramp of 5 ms, so no fader, mute or card ever clicks; the emergency card is silent within 10 ms.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "core/audio_block.h"
#include "core/live_state.h"
#include "core/snapshot.h"

namespace kakehashi {

struct StripMeter {
  double peak_db[2] = {-120, -120};  // this block's, before fader and mute
  double level_db = -120;            // RMS of this block
};

// Meters of one block; plain values, published by the station.
struct AudioMeters {
  std::vector<StripMeter> strips;  // in LiveState::strips order
  ProgramSound program;
};

class AudioMixer {
 public:
  explicit AudioMixer(std::size_t strips);
  ~AudioMixer();

  // inputs[i] is the block of live.strips[i] (same position as `out`, which the caller sets).
  // Microphones are closed while a card scene is on program; under the emergency card every strip
  // is. The sum is limited to full scale by a soft knee above -1.5 dBFS (a brick-wall limiter with
  // look-ahead comes with the sound desk). Allocates nothing.
  void mix(const Show& show, const LiveState& live, std::span<const AudioBlock> inputs,
           AudioBlock& out);

  const AudioMeters& meters() const;  // after mix, same thread; LUFS by libebur128 (EBU R128)

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace kakehashi
