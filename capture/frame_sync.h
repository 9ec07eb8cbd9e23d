// SPDX-License-Identifier: GPL-3.0-or-later
// The road from a source to the mix tick: the newest few pictures, oldest dropped, the last one
// repeated when nothing new came. Written by a foreign thread (GStreamer's), read by mix.video and
// by previews.
#pragma once

#include <cstdint>
#include <mutex>
#include <vector>

#include "core/stats.h"
#include "core/time.h"
#include "core/video_frame.h"

namespace kakehashi {

struct PictureAt {
  FramePtr frame;      // empty: none yet, or the newest is older than FrameSync::kHold
  bool fresh = false;  // false: the same picture as the last time mix.video asked
};

class FrameSync {
 public:
  static constexpr int kCapacity = 3;  // pictures, plus what `delay` itself keeps back at 60 fps
  static constexpr Duration kHold = Duration::seconds(2);

  explicit FrameSync(Duration delay);

  // Source thread. Full: the oldest goes and is counted as dropped.
  void push(FramePtr frame);

  // mix.video only: the newest picture with captured + delay <= tick; takes part in the counters
  // (repeated, age). Older ones are let go of (counted as dropped when never shown).
  PictureAt at(MediaTime tick);

  // Any thread: the newest picture that is due at `now`, no counting. Empty after kHold without
  // one.
  FramePtr newest(MediaTime now) const;

  // Source thread, on closing: no picture of a dead device stays for longer than kHold, and device
  // buffers are given back now.
  void clear();

  std::uint64_t captured() const { return captured_.get(); }
  std::uint64_t dropped() const { return dropped_.get(); }
  std::uint64_t repeated() const { return repeated_.get(); }
  const LatencyHistogram& age() const { return age_; }

 private:
  const Duration delay_;
  const std::size_t capacity_;
  mutable std::mutex mutex_;    // held for pointer moves only
  std::vector<FramePtr> ring_;  // oldest first; never longer than capacity_, reserved once
  FramePtr shown_;
  Counter captured_, dropped_, repeated_;
  LatencyHistogram age_;
};

}  // namespace kakehashi
