// SPDX-License-Identifier: GPL-3.0-or-later
// What can be read off a live state at a moment. Nothing here allocates but the lists for tally.
#include <algorithm>

#include "core/overlay_kind.h"
#include "mixer/switcher.h"
#include "mixer/transition_steps.h"

namespace kakehashi {
namespace {

// 0..1: how much of `whole` is over.
double part_gone(Duration gone, Duration whole) {
  if (whole.ns <= 0) return gone.ns >= 0 ? 1.0 : 0.0;
  return std::clamp(static_cast<double>(gone.ns) / static_cast<double>(whole.ns), 0.0, 1.0);
}

void add_inputs(std::vector<std::string>& ids, const Show& show, const std::string& scene_id) {
  const Scene* scene = find_by_id(show.scenes, scene_id);
  if (!scene || !scene->card.empty()) return;
  for (const auto& layer : scene->layers)
    if (std::find(ids.begin(), ids.end(), layer.input) == ids.end()) ids.push_back(layer.input);
}

}  // namespace

double transition_progress(const LiveState& live, MediaTime t) {
  if (!live.transition) return 1.0;
  const ActiveTransition& way = *live.transition;
  if (way.held) return std::clamp(way.begin, 0.0, 1.0);
  if (way.duration.ns <= 0) return 1.0;
  const double gone = t > way.start ? part_gone(t - way.start, way.duration) : 0.0;
  return std::clamp(way.begin + gone, 0.0, 1.0);
}

Duration next_transition_length(const Show& show, const LiveState& live) {
  return transition_length(show, live.next_kind, live.next_duration);
}

double overlay_opacity(const Overlay& overlay, const OverlayState& state, MediaTime t) {
  const double done = part_gone(t - state.since, overlay.fade);
  if (!state.on) return 1.0 - done;
  const auto hold = hold_of(overlay);
  if (!hold || t < state.since + *hold) return done;
  return std::min(done, 1.0 - part_gone(t - (state.since + *hold), overlay.fade));
}

bool overlay_is_on(const Overlay& overlay, const OverlayState& state, MediaTime t) {
  if (!state.on) return false;
  const auto hold = hold_of(overlay);
  return !hold || t < state.since + *hold;
}

std::optional<Duration> overlay_time_left(const Overlay& overlay, const OverlayState& state,
                                          MediaTime t) {
  const auto hold = hold_of(overlay);
  if (!hold || !overlay_is_on(overlay, state, t)) return std::nullopt;
  return state.since + *hold - t;
}

bool has_timer(const Overlay& overlay) {
  if (overlay.kind == "stopwatch") return true;
  if (overlay.kind != "countdown") return false;
  const auto minutes = overlay.settings.find("minutes");
  if (minutes == overlay.settings.end()) return false;
  if (const auto* v = std::get_if<double>(&minutes->second)) return *v > 0;
  const auto* whole = std::get_if<std::int64_t>(&minutes->second);
  return whole && *whole > 0;
}

Duration timer_value(const OverlayState& state, MediaTime t) {
  if (!state.timer_running || t < state.timer_since) return state.timer_gone;
  return state.timer_gone + (t - state.timer_since);
}

const Scene* scene_on_bus(const Show& show, const LiveState& live, Bus bus,
                          const std::string& program_scene) {
  const Scene* scene = nullptr;
  if (bus == Bus::Venue) scene = find_by_id(show.scenes, live.venue_scene);
  if (bus == Bus::Aux) scene = find_by_id(show.scenes, live.aux_scene);
  if (scene) return scene;
  scene = find_by_id(show.scenes, program_scene);
  if (bus == Bus::Aux && scene && !scene->aux.empty())
    if (const Scene* instead = find_by_id(show.scenes, scene->aux)) return instead;
  return scene;
}

bool card_on_program(const Show& show, const LiveState& live) {
  if (live.emergency) return true;
  const Scene* scene = find_by_id(show.scenes, live.program);
  return scene && !scene->card.empty();
}

std::vector<std::string> inputs_of_scene(const Show& show, const std::string& scene) {
  std::vector<std::string> ids;
  add_inputs(ids, show, scene);
  return ids;
}

std::vector<std::string> inputs_on_program(const Show& show, const LiveState& live, MediaTime t) {
  std::vector<std::string> ids;
  if (live.emergency) return ids;  // the card hides them all
  add_inputs(ids, show, live.program);
  if (live.transition && transition_progress(live, t) < 1.0)
    add_inputs(ids, show, live.transition->from);
  return ids;
}

}  // namespace kakehashi
