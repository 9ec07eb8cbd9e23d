// SPDX-License-Identifier: GPL-3.0-or-later
// The roads of one attempt at a device. A driver left behind may write to its roads as long as it
// likes; the next attempt has others. Private to capture/.
#pragma once

#include <atomic>

#include "capture/audio_sync.h"
#include "capture/frame_sync.h"
#include "capture/input_watch.h"
#include "core/clock.h"

namespace kakehashi {

// The session's clock, until the feed is gone: a driver left behind may ask even later.
class LentClock final : public Clock {
 public:
  explicit LentClock(Clock* from) : from_(from) {}
  void take_back() { from_ = nullptr; }
  MediaTime now() const override {
    const Clock* from = from_;
    return from ? from->now() : own_.now();
  }
  void sleep_until(MediaTime deadline) override {
    Clock* from = from_;
    from ? from->sleep_until(deadline) : own_.sleep_until(deadline);
  }

 private:
  std::atomic<Clock*> from_;
  MonotonicClock own_;
};

struct KeptRoads;

// The tap of an input, for what comes on the roads that count now.
class RoadTap final : public InputTap {
 public:
  RoadTap(const TapPlace& place, const std::atomic<KeptRoads*>& current, const KeptRoads* mine)
      : place_(place), current_(current), mine_(mine) {}
  void picture(const FramePtr& frame) override {
    if (const auto tap = get()) tap->picture(frame);
  }
  void sound(std::span<const float> interleaved, int channels, int rate,
             MediaTime captured) override {
    if (const auto tap = get()) tap->sound(interleaved, channels, rate, captured);
  }
  void sound_broken() override {
    if (const auto tap = get()) tap->sound_broken();
  }

 private:
  std::shared_ptr<InputTap> get() const { return current_ == mine_ ? place_.get() : nullptr; }

  const TapPlace& place_;
  const std::atomic<KeptRoads*>& current_;
  const KeptRoads* const mine_;
};

struct KeptRoads {
  KeptRoads(MediaTime epoch, Duration delay, InputSort sort, const TapPlace& place,
            const std::atomic<KeptRoads*>& current)
      : detectors(sort), tap(place, current, this), video(delay), audio(epoch, delay) {
    video.set_watcher(&detectors);
    audio.set_watcher(&detectors);
    video.set_tap(&tap);
    audio.set_tap(&tap);
  }
  InputWatch detectors;
  RoadTap tap;
  FrameSync video;
  AudioSync audio;
  bool taken = false;  // an attempt that has not ended writes to it
};

}  // namespace kakehashi
