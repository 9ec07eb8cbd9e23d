// SPDX-License-Identifier: GPL-3.0-or-later
// Which strip reaches which bus, and why not. Pure: (show, live) decides, no memory; the audio
// mixer, the switcher's refusals, the snapshot and the event check all ask here.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "core/live_state.h"
#include "core/result.h"
#include "core/sound_bus.h"

namespace kakehashi {

// What keeps a strip from a bus now; in the order in which it is asked.
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

// Barred for ever, whatever anybody does: what SetSend refuses and the event check reports. None
// else. Independent of `live`.
SoundBar never(const Show& show, const Input& input, const SoundBus& bus);

// Barred now; `strip` is a place in live.strips. The monitor bus without any listened strip takes
// what program takes; with one it takes the listened strips alone.
SoundBar barred(const Show& show, const LiveState& live, std::size_t strip, const SoundBus& bus,
                MediaTime now);

// The sentence for a refusal or for StripStatus::closed: cause, and one action where there is one.
Text bar_words(SoundBar bar, const Show& show, const Input& input);

// Microphones heard on program under a card (ふた中・マイク生き); ids.
std::vector<std::string> microphones_under_card(const Show& show, const LiveState& live,
                                                MediaTime now);

}  // namespace kakehashi
