// SPDX-License-Identifier: GPL-3.0-or-later
// What is happening now, as a plain value. Program = f(Show, LiveState, frames, time): transitions
// and fades are start times, so the mixer needs no clock and no memory. A Command makes the next
// LiveState (mixer/switcher.h); the mix loops read the newest one at each tick and block.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/show.h"
#include "core/time.h"

namespace kakehashi {

// Program is on its way from one scene to another. Over when time >= start + duration.
struct ActiveTransition {
  TransitionKind kind = TransitionKind::Cut;
  std::string from;  // scene id
  MediaTime start;
  Duration duration;
  friend bool operator==(const ActiveTransition&, const ActiveTransition&) = default;
};

struct OverlayState {
  std::string id;
  bool on = false;
  MediaTime since;  // when it was last switched; fades start here
  friend bool operator==(const OverlayState&, const OverlayState&) = default;
};

struct StripState {
  std::string id;  // the input's
  Decibel gain;    // fader, -60..+12; at -60 the strip is closed
  bool muted = false;
  friend bool operator==(const StripState&, const StripState&) = default;
};

struct LiveState {
  std::string program;  // scene id
  std::string preview;  // scene id
  std::optional<ActiveTransition> transition;
  TransitionKind next_kind = TransitionKind::Cut;  // what take will do
  std::vector<OverlayState> overlays;              // same order as Show::overlays
  std::vector<StripState> strips;                  // one per input with audio, in input order
  bool emergency = false;  // the emergency card covers program, every microphone is closed
  MediaTime emergency_since;
  std::uint64_t takes = 0;
  friend bool operator==(const LiveState&, const LiveState&) = default;
};

}  // namespace kakehashi
