// SPDX-License-Identifier: GPL-3.0-or-later
// The inputs that are recorded by themselves: a lane each. They come after everything else: when
// the programme was late or left something out once, all their pictures rest at once and come back
// one lane after another, later each time it happens.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "station/iso_lane.h"
#include "station/stage.h"

namespace kakehashi {

class IsoDesk {
 public:
  static constexpr Duration kRest = Duration::seconds(10), kLongestRest = Duration::seconds(80);

  struct Part {
    std::string input;
    std::shared_ptr<RecordingWatch> watch;
    std::shared_ptr<const std::atomic<bool>> ended;  // no further file comes
  };
  // The inputs that record.iso names; their folder and format as `lane` has them. Returns at once.
  std::vector<Part> start(const Show& show, const IsoLane::Config& lane, Duration first_rest);
  void stop();  // returns at once; they end by themselves
  // Those that have ended, or all: waits up to two seconds then.
  void tidy(bool all);

  // Before this stage's pictures reach the mixer: its masks hold, its feeds bring theirs here. A
  // lane whose input is gone ends.
  void follow(const Stage& stage, MediaTime now);
  // The programme has just suffered. Any thread.
  void spare_programme(MediaTime now);
  std::vector<IsoStatus> status(MediaTime now) const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<IsoLane>> lanes_, ending_;
  Duration first_rest_ = kRest, rest_ = kRest;
  MediaTime suffered_;
};

}  // namespace kakehashi
