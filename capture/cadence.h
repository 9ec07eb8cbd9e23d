// SPDX-License-Identifier: GPL-3.0-or-later
// The pace of one camera, learnt from the noisy moments at which its pictures arrive: a line
// (picture k stands at last + (k - index) * period), how far arrivals stray from it, and how late
// they come. A least-squares line over the first ten seconds that then forgets what is older: the
// same loop as DelayLoop's for sound, for stamps that come one by one and may be missing.
// Pure and of fixed size: nothing is allocated. Not thread-safe; FrameSync holds one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/time.h"

namespace kakehashi {

// Where pictures stand. Valid while `settled`.
struct CadenceLine {
  bool settled = false;    // a second of regular pictures was seen
  MediaTime last;          // where the newest picture stands on the line (not where it arrived)
  std::int64_t index = 0;  // its number on the line; lost pictures are counted
  double period_ns = 0;
  double per_second() const { return settled ? 1e9 / period_ns : 0; }
  // Soft genlock puts the tick this much after the line: the worst lateness of the last two minutes
  // + 1 ms, 2..10 ms; 7 ms until two minutes were seen. (99.5 % of the arrivals is not enough: of
  // 1 % spikes half would be missed, and each miss shows as a repeated and a dropped picture.)
  // Grows by up to 2 ms a second, shrinks by 0.05 ms a second.
  Duration guard = Duration::milliseconds(7);
  // Of arrivals that are not spikes: 98 % come within this after the line; 0.3..4 ms.
  Duration usual_lateness = Duration::milliseconds(1);
};

class Cadence {
 public:
  // One picture arrived. Its number on the line; 0 for the first, and starting over when the pace
  // turned out to be another (the old line is forgotten).
  std::int64_t add(MediaTime arrived);
  void reset();

  const CadenceLine& line() const { return line_; }
  // Pictures per second by the line, when settled; 0 otherwise.
  double per_second() const { return line_.per_second(); }
  // Of the last 10 s before `now`: 95 % of the arrivals strayed less than this from the line.
  Duration jitter_p95(MediaTime now) const;

 private:
  static constexpr std::size_t kStart = 9;     // stamps before a line is drawn
  static constexpr std::size_t kRecent = 640;  // 10 s of 60 pictures a second
  static constexpr std::size_t kBuckets = 12;  // of 10 s each: the worst lateness
  struct Stray {
    std::int64_t at_ns = 0;
    std::int64_t stray_ns = 0;
  };

  std::int64_t begin(MediaTime arrived);
  std::int64_t start_over(MediaTime arrived);
  void learn(MediaTime arrived, std::int64_t steps, double error);
  void note(MediaTime arrived, double error);
  void each_second(MediaTime arrived);

  CadenceLine line_;
  double at_ns_ = 0;          // line_.last with its fraction, counted from origin_
  MediaTime origin_;          // so that a double is exact enough after months of uptime
  double memory_ = 0;         // pictures that the line rests on
  double stray_mean_ns_ = 0;  // slow mean of |error|
  int seen_ = 0, strange_ = 0, gaps_ = 0;
  std::array<MediaTime, kStart> first_{};
  std::array<Stray, kRecent> recent_{};
  std::size_t recent_next_ = 0;
  std::array<std::int64_t, kBuckets> worst_{};
  MediaTime bucket_since_, second_since_, settled_since_;
  std::size_t bucket_ = 0;
};

}  // namespace kakehashi
