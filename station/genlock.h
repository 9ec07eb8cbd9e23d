// SPDX-License-Identifier: GPL-3.0-or-later
// Soft genlock inside the tick: which camera is followed, what of it the tick clock is told, and
// how it stands, for desks.
#pragma once

#include <atomic>
#include <optional>
#include <span>
#include <vector>

#include "core/snapshot.h"
#include "station/stage.h"
#include "station/tick_clock.h"

namespace kakehashi {

// The input that the tick follows: of those on program that move at a pace of their own (`moves[i]`
// belongs to show.inputs[i]) the one with the largest area on the canvas, the first of equals.
// While a transition runs, the scene it goes to counts. None: a card, an emergency, slides alone.
std::optional<std::size_t> genlock_input(const Show& show, const LiveState& live,
                                         std::span<const std::uint8_t> moves);

class Genlock {
 public:
  Genlock() { moves_.reserve(64); }

  // mix.video, after the tick of `ticks` was made from `frames` (frames[i] of inputs[i]): goes on
  // to the next tick and tells the sources that we pace. Allocates nothing.
  void advance(TickClock& ticks, const Moment& moment, std::span<const FramePtr> frames);

  // Any thread.
  GenlockStatus status(const Moment& moment) const;

 private:
  std::vector<std::uint8_t> moves_;
  std::atomic<int> input_{-1};
  std::atomic<bool> locked_{false};
  std::atomic<double> phase_ms_{0}, ppm_{0};
};

}  // namespace kakehashi
