// SPDX-License-Identifier: GPL-3.0-or-later
#include "encoder/rate_control.h"

#include <algorithm>
#include <cmath>

namespace kakehashi {
namespace {

constexpr Duration kGrace = Duration::seconds(1);
constexpr double kLeastRate = 50;  // kbit/s: a line that stands still divides by this
constexpr Duration kCutPause = Duration::milliseconds(500);  // until a cut can be seen in the line
constexpr double kHold = 0.85;                               // of what the line carries
constexpr double kDrainSeconds = 0.8;  // in which what waits at a cut shall be gone
constexpr double kLeastDrain = 0.4;
constexpr double kDrainedBy =
    1.5;  // seconds after that pause; what is later than hoped is cut again
// One cut is never deeper: a line that stood still for a moment says nothing about what it carries.
constexpr double kDeepest = 0.25;
constexpr Duration kNeverDrains = Duration::seconds(1);
constexpr Duration kCalm = Duration::seconds(1);

struct Pace {
  double factor;
  Duration every;
};
constexpr Pace kProbe{1.08, Duration::milliseconds(400)};
constexpr Pace kReturn{1.15, Duration::milliseconds(300)};
// A still slide does not load the line, so a rise proves nothing; what comes after it must not
// overrun the line by far.
constexpr Pace kUnproven{1.03, Duration::seconds(1)};

}  // namespace

int floor_kbps(int width, int height) {
  // Through the three points; the exponent is that of what x264 needs for the same legibility.
  const double pixels = static_cast<double>(width) * height;
  const double kbps = 600 * std::pow(pixels / (1280.0 * 720.0), 0.7);
  return std::max(150, static_cast<int>(std::lround(kbps / 50)) * 50);
}

void LineWatch::look(const LineSample& sample) {
  if (sample.connection != connection_ || sample.connection == 0) {
    connection_ = sample.connection;
    count_ = 0;
    since_ = sample.at;
  }
  if (connection_ == 0 || sample.wire.at.ns == 0) return;
  const WireFigures& w = sample.wire;
  least_rtt_ms_ = w.least_rtt_ms;
  past_[next_] = {sample.at, w.at, w.handed - std::min(w.handed, w.unacked),
                  w.unacked + sample.queued};
  next_ = (next_ + 1) % past_.size();
  count_ = std::min(count_ + 1, past_.size());
}

bool LineWatch::known() const { return count_ >= 4 && past(0).at - since_ >= kGrace; }

double LineWatch::delivered_kbps(Duration window) const {
  if (count_ < 2) return 0;
  const Past& now = past(0);
  std::size_t back = 1;
  while (back + 1 < count_ && now.figures_at - past(back).figures_at < window) ++back;
  const double seconds = (now.figures_at - past(back).figures_at).to_seconds();
  if (seconds <= 0) return 0;
  return static_cast<double>(now.confirmed - std::min(now.confirmed, past(back).confirmed)) * 8e-3 /
         seconds;
}

Duration LineWatch::lateness(std::uint64_t waiting, double kbps) const {
  const double on_its_way = kbps * least_rtt_ms_ / 8;  // bytes
  const double late_bytes = std::max(0.0, static_cast<double>(waiting) - on_its_way);
  return Duration::from_seconds(std::min(10.0, late_bytes * 8e-3 / std::max(kLeastRate, kbps)));
}

bool LineWatch::busy() const {
  if (count_ < 2) return false;
  const Past &now = past(0), &then = past(1);
  return then.waiting >= now.confirmed - std::min(now.confirmed, then.confirmed);
}

double LineWatch::carries_kbps() const {
  if (busy()) return delivered_kbps(Duration::milliseconds(200));
  double most = delivered_kbps();
  for (std::size_t i = 0; i + 1 < count_; ++i) {
    const Past &now = past(i), &then = past(i + 1);
    const double seconds = (now.figures_at - then.figures_at).to_seconds();
    // Shorter looks say more about how acknowledgements are bundled.
    if (seconds < 0.04) continue;
    const std::uint64_t bytes = now.confirmed - std::min(now.confirmed, then.confirmed);
    most = std::max(most, static_cast<double>(bytes) * 8e-3 / seconds);
  }
  return most;
}

Duration LineWatch::late() const {
  return count_ == 0 ? Duration{} : lateness(past(0).waiting, carries_kbps());
}

Duration LineWatch::standing(Duration window) const {
  if (count_ == 0 || past(0).at - past(count_ - 1).at < window) return {};
  std::uint64_t least = past(0).waiting;
  for (std::size_t i = 1; i < count_ && past(0).at - past(i).at <= window; ++i)
    least = std::min(least, past(i).waiting);
  return lateness(least, carries_kbps());
}

bool LineWatch::swelling() const {
  if (count_ < 3 || !busy()) return false;
  const double kbps = carries_kbps();
  const Duration now = lateness(past(0).waiting, kbps), one = lateness(past(1).waiting, kbps),
                 two = lateness(past(2).waiting, kbps);
  const bool steadily =
      std::min(one, two) > unremarkable() && now - two > Duration::milliseconds(30) && now > one;
  const bool steeply =
      one > unremarkable() + Duration::milliseconds(40) && now - one > Duration::milliseconds(50);
  return steadily || steeply;
}

Duration LineWatch::unremarkable() const {
  return Duration::milliseconds(60) + Duration::from_seconds(least_rtt_ms_ * 0.25e-3);
}

RateControl::RateControl(const RateLimits& limits) : limits_(limits), total_(most()) {}

double RateControl::least() const {
  const int floor = std::min(limits_.floor_kbps, limits_.most_kbps);
  return (half_ ? floor / 2 : floor) + limits_.audio_kbps;
}

void RateControl::set_total(double kbps) { total_ = std::clamp(kbps, least(), most()); }

RateDecision RateControl::decision() const {
  return {static_cast<int>(std::lround(total_)) - limits_.audio_kbps, half_};
}

bool RateControl::held_down() const { return half_ || total_ < 0.97 * most(); }

void RateControl::cut(const LineWatch& line, MediaTime now) {
  if (total_ <= least()) half_ = true;
  // The shorter look: the longer one may reach back to before the line fell.
  carries_ = std::min(line.delivered_kbps(), line.delivered_kbps(Duration::milliseconds(200)));
  late_at_cut_ = line.late();
  deepest_ = total_ * kDeepest;
  set_total(std::max(drain_rate(late_at_cut_), deepest_));
  draining_ = true;
  last_cut_ = troubled_ = raised_ = now;
  ++cuts_;
}

RateDecision RateControl::step(const LineWatch& line, MediaTime now) {
  if (!line.known()) {
    troubled_ = raised_ = now;
    return decision();
  }
  if (draining_)
    drain(line, now);
  else if (line.swelling() || line.standing(kNeverDrains) > line.unremarkable())
    cut(line, now);
  else
    rise(line, now);
  return decision();
}

double RateControl::drain_rate(Duration late) const {
  return carries_ * std::clamp(1 - late.to_seconds() / kDrainSeconds, kLeastDrain, kHold);
}

void RateControl::drain(const LineWatch& line, MediaTime now) {
  const Duration late = line.late();
  if (late <= line.unremarkable()) {
    draining_ = false;
    set_total(std::max(total_, carries_ * kHold));
  } else {
    // While something waits the line is busy, and what it delivers is what it carries.
    carries_ += 0.5 * (line.delivered_kbps() - carries_);
    const Duration since = now - last_cut_;
    const double hoped = 1 - (since - kCutPause).to_seconds() / kDrainedBy;
    if (since >= kCutPause && late.to_seconds() > late_at_cut_.to_seconds() * hoped)
      cut(line, now);
    else
      set_total(std::min(total_, std::max(deepest_, drain_rate(late))));
  }
  troubled_ = raised_ = now;
}

void RateControl::rise(const LineWatch& line, MediaTime now) {
  if (line.standing(Duration::milliseconds(500)) > line.unremarkable()) troubled_ = now;
  if (total_ >= most() || now - troubled_ < kCalm) return;
  const bool loaded = line.delivered_kbps(Duration::seconds(1)) > 0.6 * total_;
  const Pace& pace = !loaded ? kUnproven : total_ > 1.1 * carries_ ? kReturn : kProbe;
  if (now - raised_ < pace.every || line.late() > line.unremarkable()) return;
  set_total(total_ * pace.factor);
  raised_ = now;
  const double whole = std::min(1.25 * limits_.floor_kbps + limits_.audio_kbps, most());
  if (half_ && total_ >= whole) half_ = false;
}

}  // namespace kakehashi
