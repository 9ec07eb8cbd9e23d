// SPDX-License-Identifier: GPL-3.0-or-later
// What the ears must know of the strips to judge what they hear. Pure.
#pragma once

#include <vector>

#include "core/live_state.h"
#include "core/time.h"
#include "mixer/sound/ears.h"

namespace kakehashi {

struct EarsStrips {
  std::vector<EarsStrip> state;  // in LiveState::strips order
  bool card = false;
  bool talk_expected = false;
};
void ears_strips(const Show& show, const LiveState& live, MediaTime now, EarsStrips& out);

}  // namespace kakehashi
