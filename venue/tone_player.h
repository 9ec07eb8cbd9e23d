// SPDX-License-Identifier: GPL-3.0-or-later
// Plays one signal once on a sound output, and remembers when each piece of it was handed over: for
// measuring. PortAudio's callback copies and stamps, nothing else.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "venue/sound_outputs.h"

namespace kakehashi {

class TonePlayer {
 public:
  struct Piece {
    std::int32_t frames = 0;
    MediaTime at;  // CLOCK_MONOTONIC, when its first frame was handed over
  };

  // Nothing sounds yet. May block.
  static Result<std::unique_ptr<TonePlayer>> open(const SoundOutput& output, int wanted_rate,
                                                  Duration buffer = Duration::milliseconds(10));
  ~TonePlayer();

  int rate() const;
  // Interleaved left and right at rate(). Once. Returns at once.
  Status play(std::vector<float> interleaved);
  // All of it was handed over (some of it still waits in the device's buffer).
  bool done() const;
  // It stopped by itself: the device is gone.
  bool broke() const;
  std::uint64_t underflows() const;  // while it played
  std::vector<Piece> pieces() const;

 private:
  TonePlayer() = default;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace kakehashi
