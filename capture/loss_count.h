// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures that are missing in a driver's own numbering, and whose fault that is. Pure. Private to
// capture/.
//
// A driver that loses a picture on the way (cable, hub, camera) hands over those around the gap as
// fresh as ever. A computer that fetches too late leaves all buffers full: what it then gets first
// has waited for long, and the gap comes behind those.
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/time.h"

namespace kakehashi {

class LossCount {
 public:
  // Pictures in order: the driver's number, how long ago it was taken, the time between two
  // (0: not known).
  void picture(std::uint64_t number, Duration age, Duration period) {
    // Drivers skip a number while they start; one that starts to count anew lost nothing.
    if (++seen_ > kStarting && number > next_ && number - next_ < 10'000) {
      const std::uint64_t missing = number - next_;
      lost_ += missing;
      // A camera's own way may take a period more or less; a full queue is three or more.
      if (period.ns > 0 && waited_.ns - usual_.ns > period.ns * 3 / 2) fetched_late_ += missing;
    }
    next_ = number + 1;
    usual_ = seen_ == 1 ? age : std::min(usual_, age);
    // The longest wait among the last ones: the gap comes up to a queue's length after it.
    waited_.ns = std::max(age.ns, waited_.ns - period.ns);
  }

  std::uint64_t lost() const { return lost_; }                  // all of them
  std::uint64_t fetched_late() const { return fetched_late_; }  // of these, by this computer
  std::uint64_t seen() const { return seen_; }

 private:
  static constexpr std::uint64_t kStarting = 5;
  std::uint64_t next_ = 0, seen_ = 0, lost_ = 0, fetched_late_ = 0;
  Duration usual_, waited_;
};

}  // namespace kakehashi
