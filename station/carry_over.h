// SPDX-License-Identifier: GPL-3.0-or-later
// Going over to another event without a jolt. Pure.
#pragma once

#include "core/live_state.h"

namespace kakehashi {

// The state `show` opens with while `live`, of `before`, is on air: scenes (of program, preview,
// Venue and Aux), faders, mutes, buses, titles and timers that both events have stay as they are,
// the emergency card stays on, a running transition is over. A program scene that `show` lacks
// gives way to its first one.
//
// Sound: who is heard stays as hands have left it while `show` has the snapshot that is in force;
// else the program scene's own is recalled. Inputs that `live` did not have are as that snapshot
// says, so that no new microphone is open by itself. A strip's settings stay as changed at the
// desk, else they are the ones of `show` (a file that was corrected counts). A program that comes
// from or goes to a card by this does so as by a take (mixer/sound/recall.h); microphones that a
// cue opened stay open while the same card stays on program.
LiveState carry_over(const Show& show, const Show& before, const LiveState& live);

}  // namespace kakehashi
