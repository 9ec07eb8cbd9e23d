// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/stream_clock.h"

#include <algorithm>
#include <limits>

namespace kakehashi {
namespace {

constexpr std::int64_t kMs = 1'000'000;
constexpr std::int64_t kBin = 100 * kMs;
constexpr std::int64_t kDecoding = 15 * kMs;  // from arriving to ready; more shows as being late
constexpr std::int64_t kHysteresis = 5 * kMs;
// Servers begin with what they kept since the last keyframe: that is caught up with at once.
constexpr Duration kStart = Duration::milliseconds(1500);
constexpr std::int64_t kStartBins = 3;
constexpr std::int64_t kStallBins = 10;    // 1 s of nothing but late data
constexpr std::int64_t kCatchUpBins = 30;  // 3 s of nothing but early data
// Room that nothing needed for 8 s: much of it is given back in one step, which is heard once, a
// little of it so slowly that the sound's resampler follows unheard.
constexpr std::int64_t kMuch = 100 * kMs;
constexpr std::int64_t kCalm = 30 * kMs;
constexpr std::int64_t kSlide = 2 * kMs;  // per second

}  // namespace

std::int64_t StreamClock::most_in(std::int64_t bins) const {
  std::int64_t most = std::numeric_limits<std::int64_t>::min();
  for (const Bin& b : bins_)
    if (b.index >= 0 && b.index > at_ - bins) most = std::max(most, b.most);
  return most;
}

bool StreamClock::all_late(std::int64_t bins) const {
  bool old_enough = false;
  for (const Bin& b : bins_) {
    if (b.index < 0 || b.index <= at_ - bins) continue;
    if (b.least <= offset_) return false;
    old_enough = old_enough || b.index <= at_ - bins + 2;
  }
  return old_enough;
}

std::int64_t StreamClock::wanted(std::int64_t need, Duration now) const {
  const std::int64_t extra = kDecoding + spare_.ns;
  if (policy_ == Policy::Wait) return std::max(offset_, need + kDecoding);
  if (now - first_ < kStart) return most_in(kStartBins) + extra;
  const std::int64_t late = need + kDecoding - offset_;
  if (late > kJitter.ns) return all_late(kStallBins) ? most_in(kStallBins) + extra : offset_;
  if (late > 0) return need + kDecoding + kHysteresis;
  const std::int64_t room = offset_ - extra;
  if (const std::int64_t recent = most_in(kCatchUpBins);
      room - recent > kJitter.ns && now - first_ > kStart * 2)
    return recent + extra;
  const std::int64_t needed = most_in(kBins);
  if (room - needed > kMuch) return needed + extra + kHysteresis;
  if (room - needed > kCalm && now - slid_ >= Duration::seconds(1)) return offset_ - kSlide;
  return offset_;
}

bool StreamClock::set(std::int64_t offset, Duration now) {
  if (offset == offset_) return false;
  if (offset < offset_) slid_ = now;
  offset_ = offset;
  return true;
}

bool StreamClock::arrived(Duration stamp, Duration now) {
  const std::lock_guard lock(mutex_);
  const std::int64_t need = (now - stamp).ns;
  at_ = std::max<std::int64_t>(0, now.ns / kBin);
  Bin& bin = bins_[static_cast<std::size_t>(at_ % kBins)];
  if (bin.index != at_) bin = {at_, need, need};
  bin.most = std::max(bin.most, need);
  bin.least = std::min(bin.least, need);
  if (started_) return set(wanted(need, now), now);
  started_ = true;
  first_ = slid_ = now;
  offset_ = need + kDecoding + spare_.ns;
  return true;
}

bool StreamClock::ready(Duration stamp, Duration now) {
  const std::lock_guard lock(mutex_);
  const std::int64_t late = (now - stamp).ns - offset_;
  if (!started_ || late <= 0) return false;
  if (policy_ == Policy::CatchUp && (late > kJitter.ns || now - first_ < kStart)) return false;
  return set(offset_ + late + kHysteresis, now);
}

Duration StreamClock::offset() const {
  const std::lock_guard lock(mutex_);
  return {offset_};
}

}  // namespace kakehashi
