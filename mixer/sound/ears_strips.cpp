// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/sound/ears_strips.h"

#include <algorithm>

#include "mixer/sound/routing.h"
#include "mixer/switcher.h"

namespace kakehashi {

void ears_strips(const Show& show, const LiveState& live, MediaTime now, EarsStrips& out) {
  const std::vector<SoundBus> buses = sound_buses(show);
  out.card = card_on_program(show, live);
  out.talk_expected = false;
  out.state.assign(live.strips.size(), {});
  for (std::size_t i = 0; i < live.strips.size(); ++i) {
    const StripState& strip = live.strips[i];
    EarsStrip& heard = out.state[i];
    const Input* input = find_by_id(show.inputs, strip.id);
    heard.microphone = input && input->microphone;
    heard.set = strip.sound.set;
    heard.mono = strip.sound.mono;
    heard.muted = strip.muted || strip.gain.value <= kFaderShut;
    for (std::size_t b = 0; b < std::min<std::size_t>(buses.size(), 32); ++b)
      if (buses[b].kind != SoundBusKind::Monitor &&
          barred(show, live, i, buses[b], now) == SoundBar::None)
        heard.buses |= std::uint32_t{1} << b;
    heard.open = heard.buses >> kProgramBus & 1;
    heard.cued = std::count(live.card_microphones.begin(), live.card_microphones.end(), strip.id);
    const SoundBar bar = barred(show, live, i, buses[kProgramBus], now);
    heard.card = bar == SoundBar::Card || bar == SoundBar::Emergency;
    // Muted by hand, it is still the one who should speak.
    heard.wanted = strip.open && !heard.card && bar != SoundBar::VenueOnly &&
                   bar != SoundBar::KeptFrom && bar != SoundBar::NoPicture;
    if (heard.wanted && (heard.microphone || heard.set == ProcessingSet::Line))
      out.talk_expected = !out.card;
  }
}

}  // namespace kakehashi
