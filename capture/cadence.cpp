// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/cadence.h"

#include <algorithm>
#include <cmath>

namespace kakehashi {
namespace {

constexpr double kMs = 1e6;  // in ns
constexpr double kMemorySeconds = 10;
constexpr double kRegular = 0.12;       // mean stray, in periods: more is no cadence
constexpr double kFits = 0.35;          // of a period: further away is not the picture expected
constexpr double kSlowest = 260e6;      // ns: fewer than 4 pictures a second are no camera
constexpr double kNoGuardHelps = 12e6;  // ns: later than that a guard of 10 ms is no use
constexpr double kLongWait = 2.5e9;     // ns without settling
constexpr int kPatience = 8;            // pictures in a row that do not fit the line
constexpr std::int64_t kLongest = 30;   // periods without a picture: start over
constexpr Duration kBucket = Duration::seconds(10);
constexpr Duration kWindow = Duration::seconds(10);
constexpr Duration kProven = Duration::seconds(120);
constexpr Duration kUnproven = Duration::milliseconds(7);
constexpr Duration kMargin = Duration::milliseconds(1);
constexpr Duration kLeastGuard = Duration::milliseconds(2), kMostGuard = Duration::milliseconds(10);
constexpr Duration kLeastUsual = Duration::microseconds(300);
constexpr Duration kMostUsual = Duration::milliseconds(4);

}  // namespace

void Cadence::reset() { *this = Cadence(); }

std::int64_t Cadence::begin(MediaTime arrived) {
  first_[static_cast<std::size_t>(seen_++)] = arrived;
  if (seen_ < static_cast<int>(kStart)) return seen_ - 1;
  // The middle one of the first intervals: a source's first pictures often come in a burst.
  std::array<std::int64_t, kStart - 1> gaps{};
  for (std::size_t i = 0; i + 1 < kStart; ++i) gaps[i] = (first_[i + 1] - first_[i]).ns;
  std::nth_element(gaps.begin(), gaps.begin() + gaps.size() / 2, gaps.end());
  const auto period = static_cast<double>(gaps[gaps.size() / 2]);
  if (period < kMs || period > kSlowest) return start_over(arrived);
  line_.period_ns = period;
  line_.last = origin_ = arrived;
  line_.index = static_cast<std::int64_t>(kStart) - 1;
  at_ns_ = 0;
  memory_ = 3;
  stray_mean_ns_ = 0;
  bucket_since_ = second_since_ = settled_since_ = arrived;
  return line_.index;
}

std::int64_t Cadence::start_over(MediaTime arrived) {
  const CadenceLine old = line_;
  reset();
  line_.guard = old.guard;  // of the same device: a better guess than none
  first_[0] = arrived;
  seen_ = 1;
  return 0;
}

std::int64_t Cadence::add(MediaTime arrived) {
  if (seen_ < static_cast<int>(kStart)) return begin(arrived);
  const double since = static_cast<double>((arrived - origin_).ns) - at_ns_;
  const auto steps = static_cast<std::int64_t>(std::llround(since / line_.period_ns));
  const double error = since - static_cast<double>(steps) * line_.period_ns;
  if (steps > kLongest || steps < -1) return start_over(arrived);
  const bool fits = steps > 0 && std::abs(error) < kFits * line_.period_ns;
  strange_ = fits ? 0 : strange_ + 1;
  gaps_ = steps > 1 ? gaps_ + 1 : 0;  // each time one missing: the camera went to half its rate
  if (strange_ >= kPatience || gaps_ >= kPatience) return start_over(arrived);
  // Another pace can lie so that most of its pictures fit the old line now and then.
  if (!line_.settled && memory_ * line_.period_ns > kLongWait) return start_over(arrived);
  note(arrived, error);
  if (steps > 0) learn(arrived, steps, error);
  each_second(arrived);
  // A picture that comes twice within a period shares a number with the one before it.
  return line_.index;
}

void Cadence::learn(MediaTime arrived, std::int64_t steps, double error) {
  const auto n = static_cast<double>(steps);
  const double most = std::max(64.0, kMemorySeconds * 1e9 / line_.period_ns);
  memory_ = std::min(memory_ + 1, most);
  // A spike must not bend the line: it counts as a stray of ordinary size.
  const bool young = memory_ < 30;
  const double limit = young ? line_.period_ns : std::max(0.3 * kMs, 4 * stray_mean_ns_);
  const double e = std::clamp(error, -limit, limit);
  // Gains of the least-squares line over `memory_` points, point by point.
  const double m = memory_;
  const double alpha = 2 * (2 * m - 1) / (m * (m + 1)), beta = 6 / (m * (m + 1));
  at_ns_ += n * line_.period_ns + alpha * e;
  line_.period_ns += beta * e / n;
  line_.index += steps;
  line_.last = origin_ + Duration{static_cast<std::int64_t>(at_ns_)};
  if (at_ns_ > 60e9) {  // a double keeps nanoseconds for a century, but why ask
    origin_ = origin_ + Duration{60'000'000'000};
    at_ns_ -= 60e9;
  }
  // A spike weighs little, and a source without any rhythm cannot pass for one.
  stray_mean_ns_ +=
      (std::min(std::abs(error), kFits * line_.period_ns) - stray_mean_ns_) / std::min(m, 30.0);
  const bool regular = stray_mean_ns_ < kRegular * line_.period_ns && strange_ == 0;
  const bool long_enough = memory_ * line_.period_ns >= 1e9 && memory_ >= 12;
  if (!line_.settled && regular && long_enough) {
    line_.settled = true;
    settled_since_ = bucket_since_ = second_since_ = arrived;
    worst_.fill(0);
    bucket_ = 0;
  } else if (line_.settled && stray_mean_ns_ > 1.4 * kRegular * line_.period_ns) {
    line_.settled = false;
  }
}

void Cadence::note(MediaTime arrived, double error) {
  if (!line_.settled) return;
  recent_[recent_next_++ % kRecent] = {arrived.ns, static_cast<std::int64_t>(error)};
  if (error < kNoGuardHelps)
    worst_[bucket_] = std::max(worst_[bucket_], static_cast<std::int64_t>(error));
}

void Cadence::each_second(MediaTime arrived) {
  if (!line_.settled || arrived - second_since_ < Duration::seconds(1)) return;
  const double seconds = std::min((arrived - second_since_).to_seconds(), 5.0);
  second_since_ = arrived;
  if (arrived - bucket_since_ >= kBucket) {
    bucket_since_ = arrived;
    bucket_ = (bucket_ + 1) % kBuckets;
    worst_[bucket_] = 0;
  }
  Duration want = Duration{*std::max_element(worst_.begin(), worst_.end())} + kMargin;
  if (arrived - settled_since_ < kProven) want = std::max(want, kUnproven);
  want = std::clamp(want, kLeastGuard, kMostGuard);
  line_.guard = std::clamp(want, line_.guard - Duration::from_seconds(0.05e-3 * seconds),
                           line_.guard + Duration::from_seconds(2e-3 * seconds));
  // The usual lateness, without sorting: steps of 0.1 ms up to 4 ms.
  std::array<int, 41> steps{};
  int all = 0;
  for (const Stray& s : recent_) {
    if (s.at_ns == 0 || (arrived - MediaTime{s.at_ns}) > kWindow) continue;
    const auto step = std::clamp<std::int64_t>((s.stray_ns + 99'999) / 100'000, 0, 40);
    ++steps[static_cast<std::size_t>(step)];
    ++all;
  }
  int below = 0;
  std::size_t at = 0;
  while (at + 1 < steps.size() && (below += steps[at]) * 100 < all * 98) ++at;
  const Duration usual = std::clamp(Duration::microseconds(static_cast<std::int64_t>(at) * 100),
                                    kLeastUsual, kMostUsual);
  const Duration step = Duration::from_seconds(0.1e-3 * seconds);
  line_.usual_lateness =
      std::clamp(usual, line_.usual_lateness - step, line_.usual_lateness + step);
}

Duration Cadence::jitter_p95(MediaTime now) const {
  std::array<std::int64_t, kRecent> strays{};
  std::size_t n = 0;
  for (const Stray& s : recent_)
    if (s.at_ns != 0 && now - MediaTime{s.at_ns} <= kWindow) strays[n++] = std::abs(s.stray_ns);
  if (n == 0) return {};
  const auto rank = static_cast<std::ptrdiff_t>(static_cast<double>(n - 1) * 0.95);
  std::nth_element(strays.begin(), strays.begin() + rank,
                   strays.begin() + static_cast<std::ptrdiff_t>(n));
  return {strays[static_cast<std::size_t>(rank)]};
}

}  // namespace kakehashi
