// SPDX-License-Identifier: GPL-3.0-or-later
// mix.audio: one block of program sound every 10 ms, also while no picture moves and no device
// plays. Block p is mixed kLag after its own moment: that is the devices' buffer (their periods
// plus jitter), and since every sample is placed by its capture time, the lag delays sound without
// moving it against the picture: timestamps carry the true moment.
#pragma once

#include <atomic>
#include <mutex>
#include <thread>

#include "core/bounded_queue.h"
#include "core/clock.h"
#include "core/stats.h"
#include "mixer/audio_mixer.h"
#include "station/stage.h"

namespace kakehashi {

class AudioLoop {
 public:
  static constexpr Duration kLag = Duration::milliseconds(40);

  AudioLoop(Clock& clock, MediaTime epoch, const Published<Moment>& moment,
            BoundedQueue<AudioBlock>& to_encoder);
  ~AudioLoop();

  std::uint64_t blocks() const { return blocks_.get(); }
  std::uint64_t late_blocks() const { return late_.get(); }
  // Loudest peaks since the last call and the newest levels. Any thread, one caller.
  AudioMeters take_meters();

 private:
  void run();
  void block(std::int64_t number);
  void publish_meters(const AudioMeters& now);

  Clock& clock_;
  const MediaTime epoch_;
  const Published<Moment>& moment_;
  BoundedQueue<AudioBlock>& to_encoder_;
  std::shared_ptr<const Stage> stage_;  // the one mixer_ was made for
  std::unique_ptr<AudioMixer> mixer_;
  std::vector<AudioBlock> inputs_;
  std::atomic<bool> stop_{false};
  Counter blocks_, late_;
  std::mutex meters_mutex_;  // held for a copy of some hundred bytes
  AudioMeters meters_;
  bool meters_taken_ = true;
  std::thread thread_;
};

}  // namespace kakehashi
