// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/stream_clock.h"

#include <algorithm>
#include <limits>
#include <utility>

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
  std::int64_t most = kNothing;
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

std::int64_t StreamClock::waiting(std::int64_t need, Duration now) {
  const std::int64_t late = need + kDecoding;
  if (late > offset_) return late;
  if (!live_) return offset_;
  const std::int64_t extra = kDecoding + spare_.ns;
  if (!begun_ && now - first_ >= kStart) {
    begun_ = true;
    const std::int64_t burst = offset_ - (most_in(kStartBins) + extra);
    if (*live_ == Live::Newest && burst > 0 && burst < kMostBurst.ns)
      return first_offset_ = offset_ - burst;
  }
  if (now - half_ < kCalmLive / 2) {
    most_ = std::max(most_, need);
    return offset_;
  }
  const std::int64_t needed = std::max(most_, most_before_);
  const bool known = std::exchange(whole_, true);
  half_ = now;
  most_before_ = std::exchange(most_, need);
  if (!known || needed == kNothing) return offset_;
  const std::int64_t enough = std::max({first_offset_, needed + extra, need + extra});
  return offset_ - enough > kMostBehind.ns ? enough : offset_;
}

bool StreamClock::set(std::int64_t offset, Duration now) {
  if (offset == offset_) return false;
  if (offset < offset_) slid_ = now;
  half_ = now;
  whole_ = false;
  most_ = most_before_ = kNothing;
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
  if (started_) return set(policy_ == Policy::Wait ? waiting(need, now) : wanted(need, now), now);
  started_ = true;
  first_ = slid_ = half_ = now;
  offset_ = first_offset_ = need + kDecoding + spare_.ns;
  return true;
}

bool StreamClock::ready(Duration stamp, Duration now) {
  const std::lock_guard lock(mutex_);
  const std::int64_t late = (now - stamp).ns - offset_;
  if (!started_ || late <= 0) return false;
  if (policy_ == Policy::CatchUp && (late > kJitter.ns || now - first_ < kStart)) return false;
  return set(offset_ + late + kHysteresis, now);
}

void StreamClock::live(Live begin) {
  const std::lock_guard lock(mutex_);
  live_ = begin;
}

Duration StreamClock::behind() const {
  const std::lock_guard lock(mutex_);
  return live_ ? Duration{offset_ - first_offset_} : Duration{};
}

Duration StreamClock::offset() const {
  const std::lock_guard lock(mutex_);
  return {offset_};
}

}  // namespace kakehashi
