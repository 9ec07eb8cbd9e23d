// SPDX-License-Identifier: GPL-3.0-or-later
// What the operator reads about what the ears heard: cause, and one thing to do. Pure.
#pragma once

#include <span>

#include "core/snapshot.h"
#include "mixer/sound/ears_states.h"

namespace kakehashi::ears {

// `who`: those who should speak. `arrives`: sound comes in, and is lost on its way to the program.
InputFinding no_sound_words(double seconds, std::span<const Text> who, bool arrives);
// `silent`: the program has been without sound for that long meanwhile.
InputFinding muted_talk_words(double silent);
InputFinding wrong_channel_words(const Text& instead, double silent);
InputFinding card_words(CardLeak leak);
// `bus`: through which of our sends; empty: not through us, the hall's own loudspeakers.
InputFinding howl_words(double hz, const Text& bus, bool to_partner);
// The other strip that carries the same; or, with `returned`, our own sound that comes back.
InputFinding echo_words(const Text& other, double lag_ms, bool returned);
InputFinding clipping_words();
InputFinding dropouts_words();
// `of`: the strip it comes from; empty: none of them alone.
InputFinding one_sided_words(int dead_side, const Text& of);
InputFinding phase_words(bool of_bus);

}  // namespace kakehashi::ears
