// SPDX-License-Identifier: GPL-3.0-or-later
// mix.video: one picture of each wanted bus per tick, on absolute deadlines, whatever the inputs
// do. Allocates nothing per tick, does no I/O, waits for nobody but the clock.
#pragma once

#include <atomic>
#include <thread>

#include "core/bounded_queue.h"
#include "core/clock.h"
#include "core/mailbox.h"
#include "core/stats.h"
#include "mixer/video_mixer.h"
#include "station/genlock.h"
#include "station/stage.h"

namespace kakehashi {

class VideoLoop {
 public:
  // All outlive the loop. `to_venue` is only fed with the buses of `watched`; a bus that neither it
  // nor the encoder nor Moment::clean wants is not drawn.
  struct Roads {
    const Published<Moment>& moment;
    BoundedQueue<ProgramPicture>& to_encoder;  // full: the picture is skipped and counted there
    Mailbox<TickPictures>& to_venue;
    const std::atomic<BusSet>& watched;
    const Published<MovingLetters>* letters = nullptr;  // of the letter desk; none: nothing moves
    const Published<FurtherRoads>* further = nullptr;   // of Program; none: one encode is all
  };
  VideoLoop(Clock& clock, MediaTime epoch, const Canvas& canvas, Roads roads);
  ~VideoLoop();  // stops after the running tick

  std::uint64_t ticks() const { return ticks_.get(); }
  // Ticks whose picture was ready only after the next one was due, or that were left out
  // altogether.
  std::uint64_t late_ticks() const { return late_.get(); }
  const LatencyHistogram& mix_time() const { return mix_time_; }
  const Genlock& genlock() const { return genlock_; }

 private:
  void run();
  void tick(TickClock& ticks);
  void count_cuts(const LiveState& live, MediaTime now);

  Clock& clock_;
  const MediaTime epoch_;
  const Canvas canvas_;
  const Roads roads_;
  VideoMixer mixer_;
  std::vector<FramePtr> frames_;
  Genlock genlock_;
  std::atomic<bool> stop_{false};
  // For ProgramPicture::cuts; what the last tick saw.
  std::uint64_t cuts_ = 0, takes_ = 0;
  bool emergency_ = false;
  Counter ticks_, late_;
  LatencyHistogram mix_time_;
  std::thread thread_;
};

}  // namespace kakehashi
