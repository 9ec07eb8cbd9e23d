// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/frame_sync.h"

#include <algorithm>
#include <utility>

namespace kakehashi {
namespace {

// A delayed source has pictures waiting that are not due yet; without room for them the ring would
// drop every picture before its time came. 60 per second is the fastest camera we ask for.
std::size_t capacity_for(Duration delay) {
  const std::int64_t waiting = std::max<std::int64_t>(0, delay.ns) * 60 / 1'000'000'000;
  return static_cast<std::size_t>(FrameSync::kCapacity + waiting);
}

}  // namespace

FrameSync::FrameSync(Duration delay) : delay_(delay), capacity_(capacity_for(delay)) {
  ring_.reserve(capacity_);
}

void FrameSync::push(FramePtr frame) {
  FramePtr out;  // let go of after the lock: recycling may take a pool's or GStreamer's lock
  const std::lock_guard lock(mutex_);
  captured_.add();
  if (ring_.size() == capacity_) {
    out = std::move(ring_.front());
    ring_.erase(ring_.begin());
    dropped_.add();
  }
  ring_.push_back(std::move(frame));
}

PictureAt FrameSync::at(MediaTime tick) {
  FramePtr before;
  std::size_t passed = 0;
  std::unique_lock lock(mutex_);
  std::size_t due = 0;
  while (due < ring_.size() && ring_[due]->info().captured + delay_ <= tick) ++due;
  PictureAt result;
  if (due > 0) {
    before = std::exchange(shown_, std::move(ring_[due - 1]));
    passed = due - 1;
    dropped_.add(passed);
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
  lock.unlock();
  if (!result.fresh) repeated_.add();
  age_.add(age);
  return result;
}

FramePtr FrameSync::newest(MediaTime now) const {
  const std::lock_guard lock(mutex_);
  const FramePtr* best = shown_ ? &shown_ : nullptr;
  for (const FramePtr& f : ring_)
    if (f->info().captured + delay_ <= now) best = &f;
  if (!best || now - (*best)->info().captured > kHold + delay_) return {};
  return *best;
}

void FrameSync::clear() {
  std::vector<FramePtr> ring;
  ring.reserve(capacity_);
  FramePtr shown;
  const std::lock_guard lock(mutex_);
  ring.swap(ring_);
  shown = std::exchange(shown_, FramePtr());
}

}  // namespace kakehashi
