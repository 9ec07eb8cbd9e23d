// SPDX-License-Identifier: GPL-3.0-or-later
// Up to a second of delay: a ring that is always written, so that a longer delay finds its past. A
// change is a cross-fade between two places of the ring; nothing changes its pitch.
#pragma once

#include <span>
#include <vector>

#include "mixer/sound/strip_parts.h"

namespace kakehashi::strip {

class Delay {
 public:
  static constexpr std::size_t kMost = 48'000;

  Delay();  // the one place that allocates
  void set(std::size_t samples, bool at_once);
  void run(std::span<Pair> samples);

 private:
  static constexpr std::size_t kRing = std::size_t{1} << 16;
  struct Frame {
    float left = 0;
    float right = 0;
  };
  Pair at(std::size_t delay) const;

  std::vector<Frame> ring_;
  std::size_t write_ = 0;
  std::size_t now_ = 0;     // delay that is heard
  std::size_t next_ = 0;    // the one it fades to; = now_: none
  std::size_t wanted_ = 0;  // asked for during a fade: its turn comes after it
  std::size_t faded_ = 0;
};

}  // namespace kakehashi::strip
