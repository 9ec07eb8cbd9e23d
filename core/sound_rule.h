// SPDX-License-Identifier: GPL-3.0-or-later
// Which sound may never reach which bus, whatever anybody does. Pure, by the show alone: the audio
// mixer, the switcher's refusals and the check of an event file ask the same rule.
#pragma once

#include "core/show.h"
#include "core/sound_bus.h"

namespace kakehashi {

// What keeps a strip from a bus; in the order in which it is asked. never() knows the first four.
enum class SoundBar : std::uint8_t {
  None,        // it is heard there
  OwnReturn,   // mix-minus: the partner would hear himself
  HallLoop,    // a microphone or desk line of the hall on the hall's loudspeakers
  VenueOnly,   // 会場のみ on a bus that leaves the hall or is kept
  NotAllowed,  // the show does not let it into the hall
  KeptFrom,    // by hand
  Emergency,
  Card,       // a microphone under a card
  Muted,      // by hand, or the fader is down
  Snapshot,   // the sound snapshot keeps it closed
  NoPicture,  // follows its picture, which is not on program
};

// The hall's own air: its microphones, the line of its mixing desk, its ambience. Back through the
// hall's loudspeakers it would howl, and under a card somebody speaks into it unawares.
bool is_hall_sound(const Input& input, const StripSettings& sound);

// Somebody may be speaking into it unawares, here or far away: a card closes it, and only its name
// in a cue opens it there. `sound` as above.
bool is_live_voice(const Input& input, const StripSettings& sound);

// OwnReturn, HallLoop, VenueOnly, NotAllowed or None. `sound` is what is set live: it may forbid
// more than the show (another set, other rights), never less.
SoundBar never(const Show& show, const Input& input, const StripSettings& sound,
               const SoundBus& bus);
inline SoundBar never(const Show& show, const Input& input, const SoundBus& bus) {
  return never(show, input, input.sound, bus);
}

}  // namespace kakehashi
