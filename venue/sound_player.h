// SPDX-License-Identifier: GPL-3.0-or-later
// A sound output that plays buses: PortAudio's callback fetches from a SoundRoad and returns.
// Opening and destroying may hang in the driver: on a thread that nobody waits for.
#pragma once

#include <memory>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "venue/sound_outputs.h"
#include "venue/sound_road.h"

namespace kakehashi {

class SoundPlayer {
 public:
  static constexpr Duration kBuffer = Duration::milliseconds(20);

  struct Wish {
    SoundOutput output;
    std::vector<int> first_channels;  // counted from 0: one lane of the road each
    MediaTime epoch;                  // the session's zero
    Duration lag;                     // a block is mixed that long after its own moment
    Duration buffer = kBuffer;        // the device's
  };
  // It plays at once, silence while nobody pushes. FixInput: the device lacks a channel; FixSetup:
  // it is in use; NotFound: it is gone.
  static Result<std::unique_ptr<SoundPlayer>> open(const Wish& wish);
  ~SoundPlayer();

  SoundRoad& road();
  // Any thread. False: it stopped by itself or has not fetched for a second.
  bool running() const;
  // From a frame's being fetched to its being heard, as the driver tells; smoothed.
  Duration device_latency() const;
  int channels_most() const;
  int rate() const;

 private:
  SoundPlayer() = default;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace kakehashi
