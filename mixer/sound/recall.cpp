// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/sound/recall.h"

#include <algorithm>
#include <utility>

#include "core/sound_rule.h"

namespace kakehashi {
namespace {

bool named(const std::vector<std::string>& ids, const std::string& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

bool is_card(const Show& show, const std::string& scene) {
  const Scene* found = find_by_id(show.scenes, scene);
  return found && !found->card.empty();
}

OpenStrips heard_now(const LiveState& live) {
  OpenStrips heard{live.sound_snapshot, {}};
  for (const StripState& strip : live.strips)
    heard.strips.push_back({strip.id, strip.open, strip.venue_open});
  return heard;
}

void put_heard(const OpenStrips& heard, LiveState& live) {
  live.sound_snapshot = heard.snapshot;
  for (const OpenStrip& was : heard.strips)
    if (StripState* strip = find_by_id(live.strips, was.id)) {
      strip->open = was.open;
      strip->venue_open = was.venue_open;
    }
}

void open_in(OpenStrips& heard, const std::string& id) {
  if (OpenStrip* strip = find_by_id(heard.strips, id)) strip->open = true;
}

}  // namespace

bool opens(const SoundSnapshot* snapshot, const Input& input) {
  if (!snapshot) return true;
  return named(snapshot->open, input.id) &&
         !(snapshot->mics_off && is_live_voice(input, input.sound));
}

void recall_sound(const Show& show, const SoundSnapshot& snapshot, LiveState& live) {
  live.sound_snapshot = snapshot.id;
  live.card_microphones.clear();
  for (StripState& strip : live.strips) {
    const Input* input = find_by_id(show.inputs, strip.id);
    strip.open = input && opens(&snapshot, *input);
    if (snapshot.venue) strip.venue_open = named(*snapshot.venue, strip.id);
  }
}

void recall_by_cue(const Show& show, const SoundSnapshot& snapshot, LiveState& live) {
  recall_sound(show, snapshot, live);
  if (live.emergency || !is_card(show, live.program)) return;
  for (const StripState& strip : live.strips) {
    const Input* input = find_by_id(show.inputs, strip.id);
    if (input && is_live_voice(*input, strip.sound) && opens(&snapshot, *input))
      live.card_microphones.push_back(strip.id);
  }
}

void follow_scene(const Show& show, LiveState& live) {
  const Scene* scene = find_by_id(show.scenes, live.program);
  if (!scene) return;
  live.card_microphones.clear();
  if (scene->card.empty()) {
    if (const auto before = std::exchange(live.before_card, std::nullopt)) put_heard(*before, live);
  } else if (!live.before_card) {
    live.before_card = heard_now(live);
  }
  if (scene->sound.empty() || scene->sound == live.sound_snapshot) return;
  if (const SoundSnapshot* snapshot = find_by_id(show.sound.snapshots, scene->sound))
    recall_sound(show, *snapshot, live);
}

void open_by_hand(const Show& show, StripState& strip, LiveState& live) {
  strip.muted = false;
  strip.open = true;
  if (live.transition && live.transition->sound) open_in(live.transition->sound->heard, strip.id);
  const Input* input = find_by_id(show.inputs, strip.id);
  if (live.before_card && input &&
      (is_live_voice(*input, strip.sound) || is_hall_sound(*input, strip.sound)))
    open_in(*live.before_card, strip.id);
}

void keep_muted(StripState& strip, const LiveState& live) {
  if (!live.before_card && strip.open) strip.muted = true;
}

SceneSound scene_sound(const LiveState& live) {
  return {heard_now(live), live.before_card, live.card_microphones};
}

void turn_sound_back(const Show& show, LiveState& live) {
  SceneSound other_end = scene_sound(live);
  std::optional<SceneSound>& kept = live.transition->sound;
  if (kept) {
    put_heard(kept->heard, live);
    live.before_card = std::move(kept->before_card);
    live.card_microphones = std::move(kept->card_microphones);
  } else {
    follow_scene(show, live);
  }
  kept = std::move(other_end);
}

}  // namespace kakehashi
