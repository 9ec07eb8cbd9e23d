// SPDX-License-Identifier: GPL-3.0-or-later
// Going over to another event without a jolt. Pure.
#pragma once

#include "core/live_state.h"

namespace kakehashi {

// The state `show` opens with while `before` is on air: scenes (of program, preview, Venue and
// Aux), faders, titles and timers that both events have stay as they are, the emergency card stays
// on, a running transition is over. A program scene
// that `show` lacks gives way to its first one.
LiveState carry_over(const Show& show, const LiveState& before);

}  // namespace kakehashi
