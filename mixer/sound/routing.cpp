// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/sound/routing.h"

#include <algorithm>

#include "mixer/switcher.h"

namespace kakehashi {
namespace {

bool named(const std::vector<std::string>& ids, const std::string& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

bool shown_in(const Show& show, const std::string& scene_id, const std::string& input) {
  const Scene* scene = find_by_id(show.scenes, scene_id);
  if (!scene || !scene->card.empty()) return false;
  return std::any_of(scene->layers.begin(), scene->layers.end(),
                     [&](const Layer& layer) { return layer.input == input; });
}

// A microphone, a remote guest's too, opens under a card only by name. The desk's line and the air
// of the hall carry the same mouths: they are closed with the microphones and follow their snapshot
// once a cue has opened one.
bool closed_by_card(const SoundSituation& now, const Input& input, const StripState& strip) {
  if (!now.card) return false;
  if (named(*now.card_microphones, strip.id)) return false;
  if (is_live_voice(input, strip.sound)) return true;
  return is_hall_sound(input, strip.sound) && now.card_microphones->empty();
}

}  // namespace

SoundSituation sound_situation(const Show& show, const LiveState& live) {
  return {live.emergency, card_on_program(show, live),
          std::any_of(live.strips.begin(), live.strips.end(),
                      [](const StripState& s) { return s.listen; }),
          &live.card_microphones};
}

bool picture_on_program(const Show& show, const LiveState& live, const std::string& input,
                        MediaTime now) {
  if (shown_in(show, live.program, input)) return true;
  return live.transition && transition_progress(live, now) < 1.0 &&
         shown_in(show, live.transition->from, input);
}

SoundBar barred_now(const SoundSituation& now, SoundBar never_bar, const Input& input,
                    const StripState& strip, const SoundBus& bus, bool picture_seen) {
  if (never_bar != SoundBar::None) return never_bar;
  if (named(strip.kept_from, bus.id)) return SoundBar::KeptFrom;
  const bool hall = bus.kind == SoundBusKind::Venue;
  if (bus.kind == SoundBusKind::Monitor && now.listening)
    return strip.listen ? SoundBar::None : SoundBar::KeptFrom;
  if (!hall && now.emergency) return SoundBar::Emergency;
  if (!hall && closed_by_card(now, input, strip)) return SoundBar::Card;
  if (strip.muted || strip.gain.value <= kFaderShut) return SoundBar::Muted;
  if (!(hall ? strip.venue_open : strip.open)) return SoundBar::Snapshot;
  if (strip.sound.follow_picture && !picture_seen) return SoundBar::NoPicture;
  return SoundBar::None;
}

SoundBar barred(const Show& show, const LiveState& live, std::size_t strip, const SoundBus& bus,
                MediaTime now) {
  if (strip >= live.strips.size()) return SoundBar::Muted;
  const StripState& state = live.strips[strip];
  const Input* input = find_by_id(show.inputs, state.id);
  if (!input) return SoundBar::Muted;
  const SoundSituation situation = sound_situation(show, live);
  if (bus.kind == SoundBusKind::Monitor && !situation.listening && !named(state.kept_from, bus.id))
    return barred(show, live, strip, SoundBus{"program", SoundBusKind::Program, {}, {}}, now);
  const bool seen = !state.sound.follow_picture || picture_on_program(show, live, input->id, now);
  return barred_now(situation, never(show, *input, state.sound, bus), *input, state, bus, seen);
}

std::vector<std::string> microphones_under_card(const Show& show, const LiveState& live,
                                                MediaTime now) {
  std::vector<std::string> ids;
  if (!card_on_program(show, live)) return ids;
  const SoundBus program{"program", SoundBusKind::Program, {}, {}};
  for (std::size_t i = 0; i < live.strips.size(); ++i) {
    const Input* input = find_by_id(show.inputs, live.strips[i].id);
    if (input &&
        (is_live_voice(*input, live.strips[i].sound) ||
         is_hall_sound(*input, live.strips[i].sound)) &&
        barred(show, live, i, program, now) == SoundBar::None)
      ids.push_back(input->id);
  }
  return ids;
}

}  // namespace kakehashi
