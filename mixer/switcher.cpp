// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/switcher.h"

#include <algorithm>
#include <cmath>

namespace kakehashi {
namespace {

constexpr double kLeastGain = -60.0;
constexpr double kMostGain = 12.0;

Error unknown(const char* what, const std::string& id) {
  return {ErrorKind::NotFound, std::string("no ") + what + " is called \"" + id + "\""};
}
Error waits(const char* what) {
  return {ErrorKind::TryLater,
          std::string("the emergency card is on air: ") + what + " waits until it is taken off"};
}

// Carries out one command on a copy of the state; the copy is thrown away when it is refused.
class Wish {
 public:
  Wish(const Show& show, const LiveState& live, MediaTime now)
      : show_(show), next_(live), now_(now) {}

  Result<LiveState> operator()(const SelectPreview& c) {
    if (!find_by_id(show_.scenes, c.scene)) return unknown("scene", c.scene);
    next_.preview = c.scene;
    return next_;
  }

  Result<LiveState> operator()(const SetTransition& c) {
    next_.next_kind = c.kind;
    return next_;
  }

  Result<LiveState> operator()(const Take&) {
    if (next_.emergency) return waits("take");
    if (!find_by_id(show_.scenes, next_.preview)) return unknown("scene", next_.preview);
    if (next_.preview == next_.program) return next_;  // nothing would change on air
    std::swap(next_.program, next_.preview);
    next_.transition.reset();
    if (next_.next_kind != TransitionKind::Cut && show_.mix_duration.ns > 0)
      next_.transition = ActiveTransition{.kind = next_.next_kind,
                                          .from = next_.preview,
                                          .start = now_,
                                          .duration = show_.mix_duration};
    ++next_.takes;
    return next_;
  }

  Result<LiveState> operator()(const SetOverlay& c) {
    const Overlay* overlay = find_by_id(show_.overlays, c.overlay);
    OverlayState* state = find_by_id(next_.overlays, c.overlay);
    if (!overlay || !state) return unknown("overlay", c.overlay);
    if (next_.emergency) return waits("an overlay");
    if (state->on == c.on) return next_;
    // Turned round in the middle of a fade it goes back from where it is, so `since` lies as far
    // back as the new fade would have needed to get there.
    const double shown = overlay_opacity(*overlay, *state, now_);
    const double done = c.on ? shown : 1.0 - shown;
    state->on = c.on;
    state->since =
        now_ - Duration{static_cast<std::int64_t>(done * static_cast<double>(overlay->fade.ns))};
    return next_;
  }

  Result<LiveState> operator()(const EmergencyOn&) {
    if (next_.emergency) return next_;
    next_.emergency = true;
    next_.emergency_since = now_;
    next_.transition.reset();  // the way back is a cut to the scene it was going to
    return next_;
  }

  Result<LiveState> operator()(const EmergencyOff& c) {
    for (const auto& id : c.open)
      if (!find_by_id(next_.strips, id)) return unknown("strip", id);
    if (!next_.emergency) return next_;
    next_.emergency = false;
    for (auto& strip : next_.strips) {
      const Input* input = find_by_id(show_.inputs, strip.id);
      if (input && input->microphone)
        strip.muted = std::find(c.open.begin(), c.open.end(), strip.id) == c.open.end();
    }
    return next_;
  }

  Result<LiveState> operator()(const SetGain& c) {
    StripState* strip = find_by_id(next_.strips, c.strip);
    if (!strip) return unknown("strip", c.strip);
    if (std::isnan(c.gain.value))
      return Error{ErrorKind::FixInput, "gain of strip \"" + c.strip + "\" is not a number"};
    strip->gain.value = std::clamp(c.gain.value, kLeastGain, kMostGain);
    return next_;
  }

  Result<LiveState> operator()(const SetMute& c) {
    StripState* strip = find_by_id(next_.strips, c.strip);
    if (!strip) return unknown("strip", c.strip);
    strip->muted = c.muted;
    return next_;
  }

  Result<LiveState> operator()(const SetTBar&) { return not_mine("t_bar"); }
  Result<LiveState> operator()(const TurnBack&) { return not_mine("turn_back"); }
  Result<LiveState> operator()(const SetBusScene&) { return not_mine("bus"); }
  Result<LiveState> operator()(const SetLayout&) { return not_mine("layout"); }
  Result<LiveState> operator()(const SetGenlock&) { return not_mine("genlock"); }
  Result<LiveState> operator()(const SetTimer&) { return not_mine("timer"); }
  Result<LiveState> operator()(const ShowPage&) { return not_mine("page"); }
  Result<LiveState> operator()(const ShowCaption&) { return not_mine("caption"); }
  Result<LiveState> operator()(const AddCaption&) { return not_mine("caption_text"); }
  Result<LiveState> operator()(const GoLive&) { return not_mine("go_live"); }
  Result<LiveState> operator()(const StopLive&) { return not_mine("stop_live"); }
  Result<LiveState> operator()(const StartRecord&) { return not_mine("start_record"); }
  Result<LiveState> operator()(const StopRecord&) { return not_mine("stop_record"); }
  Result<LiveState> operator()(const ShowScreen&) { return not_mine("screen"); }
  Result<LiveState> operator()(const LoadEvent&) { return not_mine("load"); }
  Result<LiveState> operator()(const Quit&) { return not_mine("quit"); }

 private:
  static Error not_mine(const char* name) {
    return {ErrorKind::Bug, std::string("the switcher was given \"") + name +
                                "\", which belongs to another part of the station"};
  }

  const Show& show_;
  LiveState next_;
  MediaTime now_;
};

void add_inputs(std::vector<std::string>& ids, const Show& show, const std::string& scene_id) {
  const Scene* scene = find_by_id(show.scenes, scene_id);
  if (!scene || !scene->card.empty()) return;
  for (const auto& layer : scene->layers)
    if (std::find(ids.begin(), ids.end(), layer.input) == ids.end()) ids.push_back(layer.input);
}

}  // namespace

LiveState initial_state(const Show& show) {
  LiveState live;
  if (!show.scenes.empty()) {
    const Scene* first = find_by_id(show.scenes, show.first_scene);
    live.program = first ? first->id : show.scenes.front().id;
    live.preview = live.program;
    for (const auto& scene : show.scenes)
      if (scene.id != live.program) {
        live.preview = scene.id;
        break;
      }
  }
  // Switched off one fade before the clock's zero, so that nothing is fading out at the start.
  for (const auto& overlay : show.overlays)
    live.overlays.push_back({.id = overlay.id, .since = MediaTime{} - overlay.fade});
  for (const auto& input : show.inputs)
    if (input.audio) live.strips.push_back({input.id, Decibel{0.0}, false});
  return live;
}

Result<LiveState> apply(const Show& show, const LiveState& live, const Command& command,
                        MediaTime now) {
  return std::visit(Wish(show, live, now), command);
}

double transition_progress(const LiveState& live, MediaTime t) {
  if (!live.transition || live.transition->duration.ns <= 0) return 1.0;
  const Duration gone = t - live.transition->start;
  return std::clamp(
      static_cast<double>(gone.ns) / static_cast<double>(live.transition->duration.ns), 0.0, 1.0);
}

double overlay_opacity(const Overlay& overlay, const OverlayState& state, MediaTime t) {
  double done = 1.0;
  if (overlay.fade.ns > 0)
    done = std::clamp(
        static_cast<double>((t - state.since).ns) / static_cast<double>(overlay.fade.ns), 0.0, 1.0);
  return state.on ? done : 1.0 - done;
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
