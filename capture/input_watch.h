// SPDX-License-Identifier: GPL-3.0-or-later
// The detectors of one input at work. The source's threads leave a trace of every picture and every
// 10 ms of sound in rings (20 us and 5 us); the feed's own thread judges them at its poll. Nobody
// waits for anybody: a full ring loses a trace, and that is all.
#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "capture/detect_picture.h"
#include "capture/detect_sound.h"
#include "capture/watcher.h"
#include "core/snapshot.h"
#include "core/spsc_ring.h"

namespace kakehashi {

class InputWatch final : public PictureWatcher, public SoundWatcher {
 public:
  explicit InputWatch(InputSort sort);

  // Source threads.
  void picture(const VideoFrame& frame) override;
  void sound(std::span<const float> interleaved, int channels, int rate,
             MediaTime captured) override;

  // The feed's thread, about every 100 ms while the source is open. `newest` may be null.
  void poll(const VideoFrame* newest, MediaTime now);
  // The feed's thread, once the source is closed: what it found went with it.
  void forget();

  // Any thread.
  std::vector<InputFinding> findings() const;

 private:
  const InputSort sort_;
  const bool watches_pictures_, watches_sound_, wants_bands_;

  std::vector<std::uint8_t> scratch_;  // the picture thread's
  SoundCutter cutter_;                 // the sound thread's
  SpscRing<BandSample> bands_;
  SpscRing<SoundPiece> pieces_;

  PictureDetector pictures_;  // the feed's
  SoundDetector sounds_;

  mutable std::mutex mutex_;  // held for a copy
  std::vector<InputFinding> findings_;
};

}  // namespace kakehashi
