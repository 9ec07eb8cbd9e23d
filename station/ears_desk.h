// SPDX-License-Identifier: GPL-3.0-or-later
// The station's ears at work: mix.audio leaves every block in a ring and goes on; the thread "ears"
// (lowest urgency) hears them a little later and keeps what it found. Nobody waits for it: when it
// falls behind, blocks are left out and counted.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "core/snapshot.h"
#include "core/stats.h"
#include "mixer/sound/ears.h"
#include "mixer/sound/ears_strips.h"
#include "station/audio_loop.h"

namespace kakehashi {

class EarsDesk {
 public:
  // `epoch`: the session's zero. `duck_howls`: a send that howls is lowered by 12 dB while it does
  // and some seconds after.
  EarsDesk(const Published<Moment>& moment, MediaTime epoch, bool duck_howls = false);
  ~EarsDesk();

  // AudioLoop::Roads::takers; mix.audio only. Copies the block and returns; never waits nor
  // allocates. A block of a show that the ears do not know yet is left out.
  void hear(const MixedBlock& block);

  // Fills StripStatus::findings and Snapshot::sound_findings. What a device's own detectors say of
  // the same thing stays with the device and is left out here; its "one_sided" goes where the strip
  // is mono by now. Also learns here whether anybody listens: before that silence is no fault. Any
  // thread, one caller.
  void report(Snapshot& snapshot);

  std::uint64_t heard() const { return heard_.get(); }        // blocks
  std::uint64_t left_out() const { return left_out_.get(); }  // blocks

 private:
  // Blocks on their way, of one show: one writer, one reader.
  struct Ring {
    explicit Ring(std::shared_ptr<const Show> show);
    static constexpr std::size_t kPlaces = 32;  // 320 ms
    std::shared_ptr<const Show> show;
    std::size_t strips = 0, width = 0;  // blocks of a place: strips, then buses
    std::vector<AudioBlock> blocks;
    std::atomic<std::uint64_t> written{0}, read{0};
  };

  void run();
  bool meet(const Moment& moment);  // the ring and the ears for this show
  void listen(const Moment& moment);
  void keep();

  const Published<Moment>& moment_;
  const MediaTime epoch_;
  const bool duck_howls_;
  std::atomic<bool> on_air_{false};
  Counter heard_, left_out_;

  // Handed to mix.audio as a bare pointer; the thread frees one only after it saw mix.audio outside
  // of hear() with the next one in place.
  std::atomic<Ring*> ring_now_{nullptr};
  std::atomic<bool> in_hear_{false};
  std::atomic<std::uint32_t> howl_{0};  // 1 + strip, bus in the top byte; 0: none
  std::uint32_t ducked_ = 0;            // mix.audio's: what it told the mixer last

  std::unique_ptr<Ring> ring_;  // from here on the thread's own
  std::unique_ptr<SoundEars> ears_;
  EarsStrips strips_;
  std::vector<AudioBlock> inputs_;  // a block older than the ring's, as the buses are
  int duck_left_ = 0;               // blocks

  std::mutex found_mutex_;  // held for copying a few sentences
  std::vector<SoundEars::Finding> found_;

  std::mutex stop_mutex_;
  std::condition_variable stop_wake_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace kakehashi
