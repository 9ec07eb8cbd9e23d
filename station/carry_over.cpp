// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/carry_over.h"

#include <algorithm>

#include "core/sound_bus.h"
#include "core/sound_rule.h"
#include "mixer/sound/recall.h"
#include "mixer/switcher.h"

namespace kakehashi {
namespace {

bool allowed_in_hall(const Show& show, const std::string& input) {
  const auto& hall = show.sound.venue;
  return std::find(hall.begin(), hall.end(), input) != hall.end();
}

StripState carried(const Show& show, const Show& before, const StripState& fresh,
                   const StripState& old) {
  StripState strip = old;
  const Input* was = find_by_id(before.inputs, old.id);
  if (was && first_sound(*was) == old.sound) strip.sound = fresh.sound;
  strip.venue_open =
      old.venue_open || (allowed_in_hall(show, old.id) && !allowed_in_hall(before, old.id));
  const std::vector<SoundBus> buses = sound_buses(show);
  std::erase_if(strip.kept_from, [&](const std::string& bus) { return !find_by_id(buses, bus); });
  return strip;
}

void carry_sound(const Show& show, const Show& before, const LiveState& live, LiveState& next) {
  const SoundSnapshot* snapshot = find_by_id(show.sound.snapshots, live.sound_snapshot);
  next.sound_snapshot = snapshot ? snapshot->id : "";
  next.before_card = live.before_card;
  next.card_microphones.clear();
  for (StripState& strip : next.strips) {
    if (const auto* old = find_by_id(live.strips, strip.id)) {
      strip = carried(show, before, strip, *old);
    } else {
      strip.open = opens(snapshot, *find_by_id(show.inputs, strip.id));
      if (next.before_card)
        next.before_card->strips.push_back(
            {strip.id,
             opens(find_by_id(show.sound.snapshots, next.before_card->snapshot),
                   *find_by_id(show.inputs, strip.id)),
             strip.venue_open});
    }
  }
  for (SoundBusState& bus : next.sound_buses)
    if (const auto* old = find_by_id(live.sound_buses, bus.id)) bus = *old;

  const Scene* scene = find_by_id(show.scenes, next.program);
  const bool card = scene && !scene->card.empty();
  const bool stays = next.program == live.program && card == live.before_card.has_value();
  if (!stays || !snapshot) follow_scene(show, next);
  if (!stays || !card || live.emergency) return;
  for (const std::string& id : live.card_microphones)
    if (const Input* input = find_by_id(show.inputs, id);
        input && is_live_voice(*input, input->sound) && find_by_id(next.strips, id))
      next.card_microphones.push_back(id);
}

}  // namespace

LiveState carry_over(const Show& show, const Show& before, const LiveState& live) {
  LiveState next = initial_state(show);
  if (find_by_id(show.scenes, live.program)) next.program = live.program;
  if (find_by_id(show.scenes, live.preview)) next.preview = live.preview;
  for (auto& overlay : next.overlays)
    if (const auto* old = find_by_id(live.overlays, overlay.id)) overlay = *old;
  next.next_kind = live.next_kind;
  next.next_duration = live.next_duration;
  // What the hall and the web meeting see stays, as program does; else it is as `show` says.
  if (live.venue_scene.empty() || find_by_id(show.scenes, live.venue_scene))
    next.venue_scene = live.venue_scene;
  if (live.aux_scene.empty() || find_by_id(show.scenes, live.aux_scene))
    next.aux_scene = live.aux_scene;
  next.genlock = live.genlock;
  next.emergency = live.emergency;
  next.emergency_since = live.emergency_since;
  next.takes = live.takes;
  carry_sound(show, before, live, next);
  return next;
}

}  // namespace kakehashi
