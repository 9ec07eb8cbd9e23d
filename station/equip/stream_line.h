// SPDX-License-Identifier: GPL-3.0-or-later
// How fast a stream of sound really runs, and when each of its frames was there: from the moments
// at which pieces of it came. A piece may come late, never early, so of each tenth of a second the
// least late one counts, and a line is laid through those. Eleven seconds of pieces that come up to
// a millisecond late tell the rate within some ppm. Pure; one owner.
#pragma once

#include <cstdint>
#include <vector>

#include "core/time.h"

namespace kakehashi {

class StreamLine {
 public:
  explicit StreamLine(double nominal_rate) : rate_(nominal_rate) {}

  // `frames` more are there at `at`. Never backwards.
  void add(std::int64_t frames, MediaTime at);
  // What follows does not join on: something was lost. The longest run counts.
  void broken();

  // Of the longest run.
  double seconds() const { return longest().seconds; }
  double ppm() const { return longest().ppm; }  // + = it is fast against the session's clock
  // When frame `frame` was there, counted from the first add(). Of the latest run; session seconds.
  double time_of(double frame) const;

 private:
  struct Point {
    double at = 0;    // seconds of frames since the first
    double late = 0;  // the moment, less that
  };
  struct Line {
    double seconds = 0, ppm = 0;
    double at = 0, late = 0, slope = 0;  // late(at') = late + slope * (at' - at)
  };
  static Line line_of(const std::vector<Point>& points);
  Line longest() const;

  double rate_;
  std::int64_t frames_ = 0;
  MediaTime first_;
  bool any_ = false;
  std::vector<std::vector<Point>> runs_{{}};
};

}  // namespace kakehashi
