// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/video_loop.h"

#include "core/thread.h"

namespace kakehashi {
namespace {

// In use at once at most, every bus showing something else: 4 waiting for the encoder and 1 in it,
// the same of Clean; 4 buses waiting for the hall, 4 being copied; one of each kept by the mixer to
// repeat; 4 being painted.
constexpr int kFrames = 2 * (4 + 1) + 4 * (1 + 1 + 1 + 1);

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
  const Rate rate = canvas_.rate;
  std::int64_t next = rate.index_at(clock_.now() - epoch_) + 1;
  while (!stop_) {
    const MediaTime deadline = epoch_ + rate.time_of(next);
    clock_.sleep_until(deadline);
    if (stop_) break;
    tick(next, deadline);
    ++next;
    const std::int64_t current = rate.index_at(clock_.now() - epoch_);
    if (current >= next) {
      late_.add();
      if (current > next) {  // more than a whole period behind: leave pictures out, never send them
                             // in a burst
        late_.add(static_cast<std::uint64_t>(current - next));
        next = current;
      }
    }
  }
}

void VideoLoop::tick(std::int64_t number, MediaTime deadline) {
  const auto moment = roads_.moment.load();
  const Stage& stage = *moment->stage;
  const MediaTime begin = clock_.now();
  frames_.clear();
  for (const auto& feed : stage.feeds) frames_.push_back(feed->video().at(deadline).frame);
  const BusSet watched = roads_.watched.load(std::memory_order_relaxed);
  BusSet wanted = watched | bus_bit(Bus::Program);
  if (moment->clean) wanted |= bus_bit(Bus::Clean);
  BusPictures pictures =
      mixer_.buses({*stage.show, moment->live, frames_, *stage.painted, deadline}, wanted);
  frames_.clear();  // device buffers go back now, not at the next tick
  mix_time_.add(clock_.now() - begin);
  ticks_.add();
  roads_.to_encoder.push({pictures[Bus::Program], number, deadline});
  if (moment->clean) moment->clean->push({pictures[Bus::Clean], number, deadline});
  if (!watched) return;
  for (std::size_t i = 0; i < kBuses; ++i)
    if (!(watched >> i & 1U)) pictures.frame[i] = {};
  roads_.to_venue.put({std::move(pictures.frame), number, deadline});
}

}  // namespace kakehashi
