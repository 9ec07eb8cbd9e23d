// SPDX-License-Identifier: GPL-3.0-or-later
// How long before a tick a screen is grabbed. Each millisecond of it is a millisecond of latency,
// and a grab that misses its tick is shown a whole period later. Pure; one owner.
#pragma once

#include <algorithm>

#include "core/time.h"

namespace kakehashi {

class GrabLead {
 public:
  // Starts at `usual`. `period`: of the ticks; a grab that takes nearly all of it (a busy machine)
  // is still worth it: the picture is as old as the grab is long, not that and a period.
  GrabLead(Duration usual, Duration period)
      : most_(std::max(usual + Duration::milliseconds(10), period * 3 / 4)), lead_(usual) {}

  Duration now() const { return lead_; }
  // A grab was ready so long after it should have begun. Settles where one in a hundred misses:
  // what it costs is paid by every picture, what it saves is one period for the few, and most of
  // those follow a keyframe, when the encoder holds the processors. On a calm machine half a
  // millisecond above what a grab takes, on a busy one at what it is seen to need.
  void learn(Duration taken) {
    const bool missed = taken + kMargin > lead_;
    lead_ = std::clamp(lead_ + (missed ? kUp : -kUp / 100), kLeast, most_);
  }

 private:
  static constexpr Duration kMargin = Duration::microseconds(500);  // the hand-over
  static constexpr Duration kUp = Duration::milliseconds(1);
  static constexpr Duration kLeast = Duration::microseconds(1500);
  Duration most_, lead_;
};

}  // namespace kakehashi
