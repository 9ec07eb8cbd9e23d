// SPDX-License-Identifier: GPL-3.0-or-later
// How a take, the T-bar and a change of mind move program from scene to scene. Pure; part of the
// switcher, which checks the names and the emergency card first.
//
// What is seen never jumps back. A way that is turned back (also by a take to where it comes from,
// of the same kind) goes on from what is seen. A take to a third scene ends a running way at once,
// at its target: three scenes are never mixed, and the operator who takes again wants the next
// picture, not the rest of the last way.
//
// Nothing made here flashes more than three times a second (ITU-R BT.1702), however fast the
// wishes come: a way begins at the earliest `least` (core/transition.h) after the one before it,
// and turns at the earliest kLeastTurn after it began; until then the picture stands. Cuts and the
// hand on the T-bar are the operator's own.
//
// Sound goes over at the first moment of a way, and back when it is turned back
// (mixer/sound/recall.h); mixing does not wait for it, the ramps are the mixer's.
#pragma once

#include "core/live_state.h"

namespace kakehashi {

// Between two changes of direction: at most five a second, so two and a half flashes.
inline constexpr Duration kLeastTurn = Duration::milliseconds(200);
inline constexpr Duration kMostTransition = Duration::seconds(60);

// `wish` (zero: the show's usual length), between the row's least and kMostTransition; zero for a
// cut.
Duration transition_length(const Show& show, TransitionKind kind, Duration wish);

// All on a state whose program and preview exist and differ, no emergency card.
void take(const Show& show, LiveState& live, MediaTime now);
// False: no way is running.
bool turn_back(const Show& show, LiveState& live, MediaTime now);
// position 0..1. Without a running way, 0 and 1 change nothing: only a bar that is on its way holds
// one. A bar moves by a mix when a cut is chosen.
void move_t_bar(const Show& show, LiveState& live, double position, MediaTime now);

}  // namespace kakehashi
