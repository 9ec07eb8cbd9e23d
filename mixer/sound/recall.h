// SPDX-License-Identifier: GPL-3.0-or-later
// What a sound snapshot does to the strips. Private to the switcher. Pure.
#pragma once

#include "core/live_state.h"

namespace kakehashi {

// Opens the strips it names and closes the others; mutes by hand, faders and settings stay.
void recall_sound(const Show& show, const SoundSnapshot& snapshot, LiveState& live);

// A cue on a card: the microphones it names are heard in spite of the card.
void open_under_card(const Show& show, const SoundSnapshot& snapshot, LiveState& live);

}  // namespace kakehashi
