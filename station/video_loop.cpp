// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/video_loop.h"

#include "core/thread.h"
#include "mixer/switcher.h"

namespace kakehashi {
namespace {

// In use at once at most, every bus showing something else: 4 waiting for the encoder and 1 in it,
// the same of Clean, and of each further encode where it lags behind the first; 4 buses waiting for
// the hall, 4 being copied; one of each kept by the mixer to repeat; 4 being painted; one waiting
// for and one in each of two virtual cameras.
constexpr int kFrames =
    (2 + static_cast<int>(FurtherRoads::kMost)) * (4 + 1) + 4 * (1 + 1 + 1 + 1) + 2 * 2;

}  // namespace

VideoLoop::VideoLoop(Clock& clock, MediaTime epoch, const Canvas& canvas, Roads roads)
    : clock_(clock), epoch_(epoch), canvas_(canvas), roads_(roads), mixer_(canvas, kFrames) {
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

void VideoLoop::count_cuts(const LiveState& live, MediaTime now) {
  const bool taken =
      live.takes != takes_ && !(live.transition && transition_progress(live, now) < 1);
  if (taken || live.emergency != emergency_) ++cuts_;
  takes_ = live.takes;
  emergency_ = live.emergency;
}

void VideoLoop::tick(TickClock& ticks) {
  const auto moment = roads_.moment.load();
  const Stage& stage = *moment->stage;
  const MediaTime begin = clock_.now(), deadline = ticks.time();
  frames_.clear();
  for (const auto& feed : stage.feeds) frames_.push_back(feed->video().at(deadline).frame);
  const auto letters = roads_.letters ? roads_.letters->load() : nullptr;
  const BusSet watched = roads_.watched.load(std::memory_order_relaxed);
  BusSet wanted = watched | bus_bit(Bus::Program);
  if (moment->clean) wanted |= bus_bit(Bus::Clean);
  BusPictures pictures = mixer_.buses(
      {*stage.show, moment->live, frames_, *stage.painted, deadline, letters.get()}, wanted);
  const std::int64_t number = ticks.number();
  const Duration pts = deadline - epoch_;
  genlock_.advance(ticks, *moment, frames_);
  frames_.clear();  // device buffers go back now, not at the next tick
  const MediaTime mixed = clock_.now();
  mix_time_.add(mixed - begin);
  ticks_.add();
  count_cuts(moment->live, deadline);
  const ProgramPicture program{pictures[Bus::Program], number, deadline, pts, cuts_, mixed};
  roads_.to_encoder.push(program);
  if (roads_.further)
    for (const auto further = roads_.further->load(); const auto& road : further->pictures)
      road->push(program);
  if (moment->clean)
    moment->clean->push({pictures[Bus::Clean], number, deadline, pts, cuts_, mixed});
  if (!watched) return;
  for (std::size_t i = 0; i < kBuses; ++i)
    if (!(watched >> i & 1U)) pictures.frame[i] = {};
  roads_.to_venue.put({std::move(pictures.frame), number, deadline});
}

}  // namespace kakehashi
