// SPDX-License-Identifier: GPL-3.0-or-later
// The station's ears at work: mix.audio leaves every block in a ring and goes on; the thread "ears"
// (lowest urgency) hears them a little later and keeps what it found. Nobody waits for it: when it
// falls behind, blocks are left out and counted.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "core/audio_block.h"
#include "core/published.h"
#include "core/snapshot.h"
#include "mixer/sound/ears.h"
#include "station/stage.h"

namespace kakehashi {

struct EarsRing;

class EarsDesk {
 public:
  // `epoch`: the session's zero, where position 0 is. `duck_howls`: duck() tells which send.
  EarsDesk(const Published<Moment>& moment, MediaTime epoch, bool duck_howls = false);
  ~EarsDesk();

  // mix.audio, once per block; copies and returns. `strips`: as they came in, in
  // LiveState::strips order; `buses`: as they leave, in sound_buses() order. Allocates only when
  // `show` is another one than before.
  void hear(const std::shared_ptr<const Show>& show, std::int64_t position,
            std::span<const AudioBlock> strips, std::span<const AudioBlock> buses);

  // The send to be lowered by AudioMixer::duck() now; it stays for a while after the howl, so that
  // it does not come back at once. mix.audio; lock-free. db 0: none.
  struct Duck {
    std::size_t strip = 0, bus = 0;  // places in the spans of hear()
    double db = 0;
    friend bool operator==(const Duck&, const Duck&) = default;
  };
  Duck duck() const;

  // Fills the strips' findings and the buses', and their messages; takes out of the inputs'
  // findings nothing, and of its own what a device's detector says already. Any thread.
  void report(Snapshot& snapshot) const;

  std::uint64_t left_out() const;  // blocks, all in all

 private:
  void run();
  void listen();
  void keep(const EarsRing& ring);

  const Published<Moment>& moment_;
  const MediaTime epoch_;
  const bool duck_howls_;
  Published<EarsRing> ring_;             // written by mix.audio, at another show only
  std::shared_ptr<const EarsRing> now_;  // mix.audio's
  std::atomic<std::uint64_t> left_out_{0};
  std::atomic<std::uint32_t> duck_{0};  // strip << 8 | bus, and the top bit; 0: none

  std::shared_ptr<const Show> heard_show_;  // from here on the thread's own
  std::unique_ptr<SoundEars> ears_;
  std::vector<HeardStrip> state_;
  std::vector<AudioBlock> blocks_;
  int duck_left_ = 0;  // blocks

  mutable std::mutex found_mutex_;  // held for copying a few sentences
  std::vector<SoundEars::Finding> found_;

  std::mutex stop_mutex_;
  std::condition_variable stop_wake_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace kakehashi
