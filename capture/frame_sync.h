// SPDX-License-Identifier: GPL-3.0-or-later
// The road from a source to the mix tick: the newest few pictures, oldest dropped, the last one
// repeated when nothing new came. Written by a foreign thread (GStreamer's), read by mix.video and
// by previews.
//
// A tick gets the newest picture. A camera that runs at its own pace (follow_pace) is read by the
// line of its Cadence instead of by the accident of each arrival: where its pictures come near the
// tick, jitter would otherwise make pairs of repeated and dropped ones for minutes. So 60 -> 30
// takes exactly every second picture, 30 -> 60 shows each twice, 25 -> 30 repeats every fifth, and
// 29.97 <-> 30 repeats or drops one in 33 s. It costs 1 to 4 ms of mean age. Never blended.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "capture/cadence.h"
#include "capture/input_tap.h"
#include "capture/watcher.h"
#include "core/stats.h"
#include "core/time.h"
#include "core/video_frame.h"

namespace kakehashi {

struct PictureAt {
  FramePtr frame;      // empty: none yet, or the newest is older than FrameSync::kHold
  bool fresh = false;  // false: the same picture as the last time mix.video asked
};

// How a source does, over the last 10 s. Zero where nothing is known.
struct FrameFigures {
  double fps = 0;  // by its cadence; 0 while that is not settled
  Duration age_p50, age_p95;
  Duration jitter_p95;  // of arrivals against the cadence
};

class FrameSync {
 public:
  static constexpr int kCapacity = 3;  // pictures, plus what `delay` itself keeps back at 60 fps
  static constexpr Duration kHold = Duration::seconds(2);
  static constexpr Duration kLate = Duration::milliseconds(300);  // ten pictures are not jitter

  explicit FrameSync(Duration delay);

  // Source thread. Full: the oldest goes and is counted as dropped. `arrived`: when it was there to
  // be shown, decoded (without it: captured + delay); later than now for a picture that is meant
  // for a later moment (the second field of a pair).
  void push(FramePtr frame, std::optional<MediaTime> arrived = {});

  // Before the first push: who looks at every picture; outlives the road. Null: nobody.
  void set_watcher(PictureWatcher* watcher) { watcher_ = watcher; }

  // Before the first push: who takes every picture; outlives the road. Null: nobody.
  void set_tap(InputTap* tap) { tap_ = tap; }

  // Any thread: this source is not paced by us, so the tick has to live with its pace.
  void follow_pace(bool on) { own_pace_ = on; }
  bool own_pace() const { return own_pace_; }

  // mix.video only: the picture of this tick; takes part in the counters (repeated, age; a still
  // picture in neither). Older ones are let go of (counted as dropped when never shown).
  PictureAt at(MediaTime tick);

  // Any thread: the newest picture that is due at `now`, no counting. Empty after kHold without
  // one.
  FramePtr newest(MediaTime now) const;

  // Source thread, on closing: device buffers are given back now, and the picture on air becomes a
  // copy that stays until kHold is over. The cadence is forgotten.
  void clear();

  // Any thread; a copy.
  CadenceLine cadence() const;
  FrameFigures figures(MediaTime now) const;

  std::uint64_t captured() const { return captured_.get(); }
  std::uint64_t dropped() const { return dropped_.get(); }
  std::uint64_t repeated() const { return repeated_.get(); }
  // Ticks that showed a picture older than kLate (beyond the delay that is wanted).
  std::uint64_t late() const { return late_.get(); }

 private:
  struct Waiting {
    FramePtr frame;
    MediaTime due;
    std::int64_t index = 0;  // on the cadence's line
  };
  struct Age {
    std::int64_t tick_ns = 0, age_ns = 0;
  };
  std::size_t due_by_phase(MediaTime tick, std::size_t arrived);

  const Duration delay_;
  const std::size_t capacity_;
  PictureWatcher* watcher_ = nullptr;
  InputTap* tap_ = nullptr;
  std::atomic<bool> own_pace_{false};
  mutable std::mutex mutex_;   // held for pointer moves and a little arithmetic
  std::vector<Waiting> ring_;  // oldest first; never longer than capacity_, reserved once
  FramePtr shown_;
  Cadence cadence_;
  bool phased_ = false;  // place_ is valid
  double place_ = 0;     // where on the line the tick stands, moved without jitter
  MediaTime last_tick_;
  std::array<Age, 640> ages_{};
  std::size_t ages_next_ = 0;
  Counter captured_, dropped_, repeated_, late_;
};

}  // namespace kakehashi
