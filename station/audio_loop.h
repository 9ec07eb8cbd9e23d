// SPDX-License-Identifier: GPL-3.0-or-later
// mix.audio: one block of every sound bus every 10 ms, also while no picture moves and no device
// plays. Block p is mixed kLag after its own moment (later where devices need it:
// station/lag_keeper.h), and since every sample is placed by its capture time, the lag delays sound
// without moving it against the picture: timestamps carry the true moment. The mixer hands a block
// out one later than it was given (AudioMixer::kLatency), so the inputs are read one block ahead:
// what devices have for their periods and jitter is kLag less two blocks.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "core/bounded_queue.h"
#include "core/clock.h"
#include "core/stats.h"
#include "mixer/audio_mixer.h"
#include "station/lag_keeper.h"
#include "station/stage.h"

namespace kakehashi {

// One block as it left the mixer, for those who take more than a queue can carry.
struct MixedBlock {
  const Moment& moment;
  AudioMixer& mixer;
  std::span<const AudioBlock> inputs;  // in LiveState::strips order, as they came in, a block ahead
  std::span<const SoundBus> order;     // the buses
  std::span<const AudioBlock> buses;   // one each, same position
};

class AudioLoop {
 public:
  static constexpr Duration kLag = LagKeeper::kLeast;  // to begin with

  // All outlive the loop. The takers are called by mix.audio for every block: they must not wait
  // nor allocate.
  struct Roads {
    const Published<Moment>& moment;
    BoundedQueue<AudioBlock>& to_encoder;
    std::vector<std::function<void(const MixedBlock&)>> takers = {};
    const Published<FurtherRoads>* further = nullptr;  // of Program; none: one encode is all
  };
  AudioLoop(Clock& clock, MediaTime epoch, Roads roads);
  ~AudioLoop();

  std::uint64_t blocks() const { return blocks_.get(); }
  std::uint64_t late_blocks() const { return late_.get(); }
  Duration lag() const { return {lag_ns_.load(std::memory_order_relaxed)}; }  // any thread
  // Loudest peaks since the last call and the newest levels. Any thread, one caller.
  AudioMeters take_meters();
  // Integrated loudness begins anew with the next block. Any thread.
  void begin_programme() { begin_programme_ = true; }

 private:
  void run();
  void block(std::int64_t number);
  void keep_lag(MediaTime now);
  void arrange(std::shared_ptr<const Stage> stage);
  void publish_meters(const AudioMeters& now);

  Clock& clock_;
  const MediaTime epoch_;
  const Roads roads_;
  std::shared_ptr<const Stage> stage_;  // the one mixer_ is arranged for
  std::unique_ptr<AudioMixer> mixer_;
  std::vector<AudioBlock> inputs_, buses_;
  LagKeeper keeper_;
  std::atomic<std::int64_t> lag_ns_{LagKeeper::kLeast.ns};
  std::atomic<bool> stop_{false};
  Counter blocks_, late_;
  std::mutex meters_mutex_;  // only tried by mix.audio, which comes again 10 ms later
  AudioMeters gathered_;     // mix.audio's own: since meters_ was written last
  bool gathering_ = false;
  AudioMeters meters_;
  bool meters_taken_ = true;
  std::atomic<bool> begin_programme_{false};
  std::thread thread_;
};

}  // namespace kakehashi
