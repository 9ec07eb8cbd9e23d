// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/video_loop.h"

#include "core/thread.h"

namespace kakehashi {
namespace {

// In use at once at most: 4 waiting for the encoder and 1 in it, 1 waiting for the hall and 1 being
// copied, 1 kept by the mixer to repeat, 1 being painted; the rest is air.
constexpr int kProgramFrames = 12;

}  // namespace

VideoLoop::VideoLoop(Clock& clock, MediaTime epoch, const Canvas& canvas, Roads roads)
    : clock_(clock), epoch_(epoch), canvas_(canvas), roads_(roads), mixer_(canvas, kProgramFrames) {
  frames_.reserve(64);
  thread_ = std::thread([this] { run(); });
}

VideoLoop::~VideoLoop() {
  stop_ = true;
  thread_.join();
}

void VideoLoop::run() {
  begin_thread("mix.video", Urgency::Mix);
  TickClock ticks(epoch_, canvas_.rate, clock_.now());
  while (!stop_) {
    clock_.sleep_until(ticks.time());
    if (stop_) break;
    tick(ticks);
    late_.add(ticks.leave_out(clock_.now()));
  }
}

void VideoLoop::tick(TickClock& ticks) {
  const auto moment = roads_.moment.load();
  const Stage& stage = *moment->stage;
  const MediaTime begin = clock_.now(), deadline = ticks.time();
  frames_.clear();
  for (const auto& feed : stage.feeds) frames_.push_back(feed->video().at(deadline).frame);
  const auto letters = roads_.letters ? roads_.letters->load() : nullptr;
  ProgramPicture picture{
      mixer_.program({*stage.show, moment->live, frames_, *stage.painted, deadline, letters.get()}),
      ticks.number(), deadline, deadline - epoch_};
  genlock_.advance(ticks, *moment, frames_);
  frames_.clear();  // device buffers go back now, not at the next tick
  mix_time_.add(clock_.now() - begin);
  ticks_.add();
  if (roads_.venue_wanted.load(std::memory_order_relaxed)) roads_.to_venue.put(picture);
  roads_.to_encoder.push(std::move(picture));
}

}  // namespace kakehashi
