// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sound_rule.h"

#include <algorithm>

namespace kakehashi {
namespace {

bool of_the_hall(const StripSettings& sound) {
  return sound.set == ProcessingSet::Line || sound.set == ProcessingSet::Ambience;
}

bool leaves_the_hall(SoundBusKind kind) {
  return kind == SoundBusKind::Program || kind == SoundBusKind::RecordClean ||
         kind == SoundBusKind::MixMinus;
}

}  // namespace

bool is_hall_sound(const Input& input, const StripSettings& sound) {
  if (!input.partner.empty()) return false;
  return input.microphone || of_the_hall(input.sound) || of_the_hall(sound);
}

bool is_live_voice(const Input& input, const StripSettings& sound) {
  return input.microphone || !input.partner.empty() || input.sound.set == ProcessingSet::Remote ||
         sound.set == ProcessingSet::Remote;
}

SoundBar never(const Show& show, const Input& input, const StripSettings& sound,
               const SoundBus& bus) {
  if (bus.kind == SoundBusKind::MixMinus && !input.partner.empty() && input.partner == bus.partner)
    return SoundBar::OwnReturn;
  if (bus.kind == SoundBusKind::Venue && is_hall_sound(input, sound)) return SoundBar::HallLoop;
  const bool kept_in = input.sound.rights == Rights::VenueOnly || sound.rights == Rights::VenueOnly;
  if (kept_in && leaves_the_hall(bus.kind)) return SoundBar::VenueOnly;
  if (bus.kind == SoundBusKind::Venue && std::find(show.sound.venue.begin(), show.sound.venue.end(),
                                                   input.id) == show.sound.venue.end())
    return SoundBar::NotAllowed;
  return SoundBar::None;
}

}  // namespace kakehashi
