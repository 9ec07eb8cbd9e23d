// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/frame_sync.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "capture/frame_copy.h"

namespace kakehashi {
namespace {

constexpr Duration kWindow = Duration::seconds(10);
// How far the smooth place may stand from the measured one: wider than the line's own noise
// (0.1 ms), narrower than half the least guard of soft genlock.
constexpr Duration kSlack = Duration::microseconds(500);
constexpr Duration kSpare = Duration::microseconds(250);  // beyond the usual lateness

// A delayed source has pictures waiting that are not due yet; without room for them the ring would
// drop every picture before its time came. 60 per second is the fastest camera we ask for.
std::size_t capacity_for(Duration delay) {
  const std::int64_t waiting = std::max<std::int64_t>(0, delay.ns) * 60 / 1'000'000'000;
  return static_cast<std::size_t>(FrameSync::kCapacity + waiting);
}

// Two rates that belong together (1:1, 2:1, 5:6, ...) as exactly that, else as measured: 29.97
// against 30 is 1, and the slow slip between them is taken up at the edge of kSlack.
double plain_ratio(double measured) {
  for (int below = 1; below <= 12; ++below) {
    const double above = std::round(measured * below);
    if (above >= 1 && std::abs(measured * below - above) < 0.003 * above) return above / below;
  }
  return measured;
}

}  // namespace

FrameSync::FrameSync(Duration delay) : delay_(delay), capacity_(capacity_for(delay)) {
  ring_.reserve(capacity_);
}

void FrameSync::push(FramePtr frame, std::optional<MediaTime> arrived) {
  if (watcher_) watcher_->picture(*frame);
  if (tap_) tap_->picture(frame);
  const FrameInfo& info = frame->info();
  const MediaTime due = std::max(info.captured + delay_, arrived.value_or(info.captured + delay_));
  FramePtr out;  // let go of after the lock: recycling may take a pool's or GStreamer's lock
  const std::lock_guard lock(mutex_);
  captured_.add();
  const std::int64_t index = info.still ? 0 : cadence_.add(due);
  if (ring_.size() == capacity_) {
    out = std::move(ring_.front().frame);
    ring_.erase(ring_.begin());
    dropped_.add();
  }
  ring_.push_back({std::move(frame), due, index});
}

// How many pictures of the ring's first `arrived` the tick may go forward by.
std::size_t FrameSync::due_by_phase(MediaTime tick, std::size_t arrived) {
  const CadenceLine& line = cadence_.line();
  if (!own_pace_ || !line.settled) {
    phased_ = false;
    return arrived;
  }
  const Duration margin = line.usual_lateness + kSlack + kSpare;
  const double measured = static_cast<double>(line.index) +
                          static_cast<double>((tick - margin - line.last).ns) / line.period_ns;
  const double slack = static_cast<double>(kSlack.ns) / line.period_ns;
  if (phased_) place_ += plain_ratio(static_cast<double>((tick - last_tick_).ns) / line.period_ns);
  // A line drawn anew counts from another zero; what is far off is not followed, it is replaced.
  if (!phased_ || std::abs(place_ - measured) > 2) place_ = measured;
  place_ = std::clamp(place_, measured - slack, measured + slack);
  phased_ = true;
  last_tick_ = tick;
  const auto target = static_cast<std::int64_t>(std::floor(place_));
  std::size_t due = arrived;
  while (due > 0 && ring_[due - 1].index > target) --due;
  return due;
}

PictureAt FrameSync::at(MediaTime tick) {
  FramePtr before;
  std::unique_lock lock(mutex_);
  std::size_t due = 0;
  while (due < ring_.size() && ring_[due].due <= tick) ++due;
  due = due_by_phase(tick, due);
  PictureAt result;
  if (due > 0) {
    before = std::exchange(shown_, std::move(ring_[due - 1].frame));
    dropped_.add(due - 1);
    // The passed ones leave with the lock held only when a source is faster than the program.
    ring_.erase(ring_.begin(), ring_.begin() + static_cast<std::ptrdiff_t>(due));
    result.fresh = true;
  }
  if (!shown_) return result;
  const Duration age = tick - shown_->info().captured;
  if (age > kHold + delay_) {
    before = std::exchange(shown_, FramePtr());  // a device buffer is not kept for a dark input
    lock.unlock();
    return {};
  }
  result.frame = shown_;
  const bool still = shown_->info().still;
  if (!still) ages_[ages_next_++ % ages_.size()] = {tick.ns, age.ns};
  lock.unlock();
  if (still) return result;
  if (!result.fresh) repeated_.add();
  if (age > kLate + delay_) late_.add();
  return result;
}

FramePtr FrameSync::newest(MediaTime now) const {
  const std::lock_guard lock(mutex_);
  const FramePtr* best = shown_ ? &shown_ : nullptr;
  for (const Waiting& w : ring_)
    if (w.due <= now) best = &w.frame;
  if (!best || now - (*best)->info().captured > kHold + delay_) return {};
  return *best;
}

void FrameSync::clear() {
  std::vector<Waiting> ring;
  ring.reserve(capacity_);
  FramePtr shown;
  {
    const std::lock_guard lock(mutex_);
    ring.swap(ring_);
    shown = shown_;
    cadence_.reset();
    phased_ = false;
  }
  if (!shown) return;
  FramePtr copy = copy_of(*shown);  // a millisecond; mix.video goes on with the old one meanwhile
  const std::lock_guard lock(mutex_);
  if (shown_ == shown)
    copy = std::exchange(shown_, std::move(copy));  // else it grew too old just now
}

CadenceLine FrameSync::cadence() const {
  const std::lock_guard lock(mutex_);
  return cadence_.line();
}

FrameFigures FrameSync::figures(MediaTime now) const {
  Cadence cadence;
  std::array<Age, 640> ages{};
  {
    const std::lock_guard lock(mutex_);  // copies of some kilobytes: sorted without the lock
    cadence = cadence_;
    ages = ages_;
  }
  FrameFigures f;
  if (now - cadence.line().last <= kHold) {
    f.fps = cadence.per_second();
    f.jitter_p95 = cadence.jitter_p95(now);
  }
  std::array<std::int64_t, 640> recent{};
  std::size_t n = 0;
  for (const Age& a : ages)
    if (a.tick_ns != 0 && now - MediaTime{a.tick_ns} <= kWindow) recent[n++] = a.age_ns;
  if (n == 0) return f;
  const auto end = recent.begin() + static_cast<std::ptrdiff_t>(n);
  std::sort(recent.begin(), end);
  const auto at = [&](double fraction) {
    return Duration{recent[static_cast<std::size_t>(static_cast<double>(n - 1) * fraction)]};
  };
  f.age_p50 = at(0.5);
  f.age_p95 = at(0.95);
  return f;
}

}  // namespace kakehashi
