// SPDX-License-Identifier: GPL-3.0-or-later
// The road from an input to its own recording. The source's thread leaves a reference of each
// picture and a copy of its sound and goes on; nothing here locks or allocates, so that a lane that
// gets no processor time holds nobody up. Full: what is newest is left out and counted.
#pragma once

#include <semaphore.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

#include "capture/input_tap.h"
#include "core/spsc_ring.h"
#include "core/stats.h"

namespace kakehashi {

// Up to two channels, as a device gave them.
struct TappedSound {
  static constexpr int kMost = 240;  // frames
  std::int64_t captured_ns = 0;      // of the first
  std::int32_t rate = 0;
  std::int16_t frames = 0, channels = 0;
  bool broken = false;  // something is missing before it
  std::array<float, 2 * kMost> samples{};
};

class IsoTap final : public InputTap {
 public:
  // A camera has few buffers to lend: two wait here, one more is being read.
  static constexpr std::size_t kPictures = 2;
  static constexpr std::size_t kSounds = 512;  // 2.5 s at 48 kHz

  IsoTap();
  ~IsoTap() override;

  // A source's threads. A second writer (a driver that was left behind and is back) is turned away.
  void picture(const FramePtr& frame) override;
  void sound(std::span<const float> interleaved, int channels, int rate,
             MediaTime captured) override;
  void sound_broken() override { broken_ = true; }

  // The lane. Returns when something may have come, at the latest after `limit`.
  void wait(std::chrono::milliseconds limit);
  FramePtr take_picture();  // empty: none
  bool take_sound(TappedSound& piece) { return sounds_.pop(piece); }

  // Any thread; exact only when nobody brings anything.
  bool empty() const { return put_ == taken_ && sounds_.size() == 0; }

  // From now on everything is let go of, uncounted.
  void close();
  // Any thread.
  std::uint64_t pictures() const { return pictures_.get(); }  // that came
  std::uint64_t left_out() const { return left_out_.get(); }  // of them
  std::uint64_t sounds_left_out() const { return sounds_left_out_.get(); }

 private:
  std::array<FramePtr, kPictures> slots_;
  std::atomic<std::uint64_t> put_{0}, taken_{0};
  SpscRing<TappedSound> sounds_;
  std::atomic_flag picture_writer_, sound_writer_;
  std::atomic<bool> broken_{false}, closed_{false};
  Counter pictures_, left_out_, sounds_left_out_;
  sem_t arrived_{};  // posting it never waits
};

}  // namespace kakehashi
