// SPDX-License-Identifier: GPL-3.0-or-later
// Strips -> buses, 10 ms at a time. Thread: mix.audio owns it; allocates when it is made and
// arranged, never per block. Each input goes through its SoundStrip, then to every bus that routing
// lets it reach: automix x rider x ducking glide over the block, fader, mute, routing and cards by
// a ramp of 5 ms, so nothing ever clicks; each bus ends in its fader and its true-peak limiter.
// What comes out is one block old: 240 samples of the strip, 240 of the limiter.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "core/audio_block.h"
#include "core/live_state.h"
#include "core/snapshot.h"
#include "core/sound_bus.h"
#include "core/time.h"

namespace kakehashi {

struct SoundStock;  // mixer/sound/stock.h

struct StripMeter {
  double peak_db[2] = {-120, -120};  // this block's, as it came in
  double level_db = -120;            // RMS of this block, same place
  // Gains at work, dB (core/snapshot.h: StripStatus).
  double automix_db = 0, rider_db = 0, duck_db = 0, compressor_db = 0, gate_db = 0;
  bool talks = false;
  bool heard = false;  // on program
};

struct SoundBusMeter {
  double peak_db[2] = {-120, -120};
  double limiter_db = 0;  // <= 0
};

// Meters of one block; plain values, published by the station.
struct AudioMeters {
  std::vector<StripMeter> strips;    // in LiveState::strips order
  std::vector<SoundBusMeter> buses;  // in sound_buses() order
  ProgramSound program;
};

class AudioMixer {
 public:
  static constexpr int kLatency = kBlockSamples;

  explicit AudioMixer(const Show& show);
  ~AudioMixer();

  // Another show, or a changed one, from the next block on. Strips and buses of the same name go on
  // without a gap; one that leaves fades out in the next block. Cheap when strips and buses are the
  // same ones; else allocates, and takes what is new out of the stock (null: makes it).
  void arrange(const Show& show, SoundStock* stock = nullptr);
  const std::vector<SoundBus>& bus_list() const;  // sound_buses() of the show

  // `show`: the one arranged last. inputs[i] is the block of live.strips[i]; buses in sound_buses()
  // order. The caller sets their positions: one block before the inputs'. `at`: the buses' moment.
  // Microphones are closed while a card is on program, under the emergency card every strip is, but
  // for the hall's own loudspeakers.
  void mix(const Show& show, const LiveState& live, MediaTime at,
           std::span<const AudioBlock> inputs, std::span<AudioBlock> buses);

  const AudioMeters& meters() const;  // after mix

  // A send lowered because it howls, besides its fader, until it is told 0. Places in `inputs` and
  // `buses` of mix(); others: nothing happens.
  void duck(std::size_t strip, std::size_t bus, double db);
  // Integrated loudness begins anew.
  void begin_programme();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace kakehashi
