// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/sound/recall.h"

#include <algorithm>

namespace kakehashi {
namespace {

bool named(const std::vector<std::string>& ids, const std::string& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

}  // namespace

void recall_sound(const Show& show, const SoundSnapshot& snapshot, LiveState& live) {
  live.sound_snapshot = snapshot.id;
  live.card_microphones.clear();
  for (StripState& strip : live.strips) {
    const Input* input = find_by_id(show.inputs, strip.id);
    strip.open =
        named(snapshot.open, strip.id) && !(snapshot.mics_off && (!input || input->microphone));
    if (snapshot.venue) strip.venue_open = named(*snapshot.venue, strip.id);
  }
}

void open_under_card(const Show& show, const SoundSnapshot& snapshot, LiveState& live) {
  if (snapshot.mics_off) return;
  for (const std::string& id : snapshot.open)
    if (const Input* input = find_by_id(show.inputs, id); input && input->microphone)
      live.card_microphones.push_back(id);
}

}  // namespace kakehashi
