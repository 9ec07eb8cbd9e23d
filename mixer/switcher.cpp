// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/switcher.h"

#include <algorithm>
#include <cmath>

#include "core/overlay_kind.h"
#include "core/sound_bus.h"
#include "core/strip_change.h"
#include "mixer/sound/recall.h"
#include "mixer/sound/routing.h"
#include "mixer/transition_steps.h"

namespace kakehashi {
namespace {

constexpr double kLeastGain = -60.0;
constexpr double kMostGain = 12.0;

// A desk that shows an older event than the one that runs.
Error unknown(const char* what, const std::string& id) {
  return {ErrorKind::NotFound,
          std::string("no ") + what + " is called \"" + id + "\"",
          {"それは今の行事にありません。→ 今出ている一覧から選び直してください。",
           "The event has no such thing now. -> Choose again from what is shown."}};
}
Error waits(const char* what) {
  return {ErrorKind::TryLater,
          std::string("the emergency card is on air: ") + what + " waits until it is taken off",
          {"緊急ふたの間はできません。→ 先に「元に戻す」で戻してください。",
           "Not under the emergency card. -> First take it off with \"Return\"."}};
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
    if (!(c.seconds >= 0))
      return Error{ErrorKind::FixInput, "the length of a transition is 0 s or more"};
    next_.next_kind = c.kind;
    next_.next_duration = Duration::from_seconds(std::min(c.seconds, kMostTransition.to_seconds()));
    return next_;
  }

  Result<LiveState> operator()(const Take&) {
    if (next_.emergency) return waits("take");
    if (!find_by_id(show_.scenes, next_.preview)) return unknown("scene", next_.preview);
    if (next_.preview == next_.program) return next_;  // nothing would change on air
    take(show_, next_, now_);
    return next_;
  }

  Result<LiveState> operator()(const SetTBar& c) {
    if (next_.emergency) return waits("the T-bar");
    if (std::isnan(c.position)) return Error{ErrorKind::FixInput, "the T-bar's place is no number"};
    if (transition_progress(next_, now_) >= 1.0) {
      if (!find_by_id(show_.scenes, next_.preview)) return unknown("scene", next_.preview);
      if (next_.preview == next_.program) return next_;
    }
    move_t_bar(show_, next_, std::clamp(c.position, 0.0, 1.0), now_);
    return next_;
  }

  Result<LiveState> operator()(const TurnBack&) {
    if (next_.emergency) return waits("turning back");
    if (!turn_back(show_, next_, now_))
      return Error{
          ErrorKind::FixInput,
          "no transition is running that could be turned back",
          {"切り替えは、もう終わっています。→ 戻すときは、前の場面を選んで切り替えてください。",
           "The transition is over. -> Choose the scene before and take it."}};
    return next_;
  }

  Result<LiveState> operator()(const SetBusScene& c) {
    if (c.bus != Bus::Venue && c.bus != Bus::Aux)
      return Error{ErrorKind::FixInput, "only the venue and the aux bus can have their own scene"};
    if (!c.scene.empty() && !find_by_id(show_.scenes, c.scene)) return unknown("scene", c.scene);
    (c.bus == Bus::Venue ? next_.venue_scene : next_.aux_scene) = c.scene;
    return next_;
  }

  Result<LiveState> operator()(const SetGenlock& c) {
    next_.genlock = c.on;
    return next_;
  }

  Result<LiveState> operator()(const SetOverlay& c) {
    const Overlay* overlay = find_by_id(show_.overlays, c.overlay);
    OverlayState* state = find_by_id(next_.overlays, c.overlay);
    if (!overlay || !state) return unknown("overlay", c.overlay);
    if (next_.emergency) return waits("an overlay");
    const bool on = overlay_is_on(*overlay, *state, now_);
    if (on == c.on && state->on == c.on) return next_;
    if (!on && !c.on) {  // went off by itself: only said now, its fade goes on
      state->on = false;
      state->since = state->since + *hold_of(*overlay);
      return next_;
    }
    // Turned round in the middle of a fade it goes back from where it is, so `since` lies as far
    // back as the new fade would have needed to get there.
    const double shown = overlay_opacity(*overlay, *state, now_);
    const double done = c.on ? shown : 1.0 - shown;
    state->on = c.on;
    state->since =
        now_ - Duration{static_cast<std::int64_t>(done * static_cast<double>(overlay->fade.ns))};
    return next_;
  }

  Result<LiveState> operator()(const SetTimer& c) {
    const Overlay* overlay = find_by_id(show_.overlays, c.overlay);
    OverlayState* state = find_by_id(next_.overlays, c.overlay);
    if (!overlay || !state) return unknown("overlay", c.overlay);
    if (!has_timer(*overlay))
      return Error{ErrorKind::FixInput,
                   "overlay \"" + c.overlay +
                       "\" has no timer: only a stopwatch or a countdown "
                       "of minutes can be started",
                   {"この表示には、始める時計がありません。→ 時計のある行を選んでください。",
                    "This one has no timer. -> Choose a stopwatch or a countdown."}};
    if (!c.reset && state->timer_running == c.running) return next_;
    state->timer_gone = c.reset ? Duration{} : timer_value(*state, now_);
    state->timer_since = now_;
    state->timer_running = c.running;
    return next_;
  }

  Result<LiveState> operator()(const EmergencyOn&) {
    if (next_.emergency) return next_;
    next_.emergency = true;
    next_.emergency_since = now_;
    next_.transition.reset();  // the way back is a cut to the scene it was going to
    next_.card_microphones.clear();
    return next_;
  }

  Result<LiveState> operator()(const EmergencyOff& c) {
    for (const auto& id : c.open)
      if (!find_by_id(next_.strips, id)) return unknown("strip", id);
    if (!next_.emergency) return next_;
    next_.emergency = false;
    for (auto& strip : next_.strips) {
      const Input* input = find_by_id(show_.inputs, strip.id);
      if (!input || !input->microphone) continue;
      if (std::find(c.open.begin(), c.open.end(), strip.id) != c.open.end())
        open_by_hand(show_, strip, next_);
      else
        keep_muted(strip, next_);
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
    if (c.muted)
      strip->muted = true;
    else
      open_by_hand(show_, *strip, next_);
    return next_;
  }

  Result<LiveState> operator()(const RecallSound& c) {
    const SoundSnapshot* snapshot = find_by_id(show_.sound.snapshots, c.snapshot);
    if (!snapshot) return unknown("sound snapshot", c.snapshot);
    if (next_.transition) next_.transition->sound.reset();  // a turn-back must not undo this wish
    recall_by_cue(show_, *snapshot, next_);
    return next_;
  }

  Result<LiveState> operator()(const SetStrip& c) {
    StripState* strip = find_by_id(next_.strips, c.strip);
    if (!strip) return unknown("strip", c.strip);
    const StripSettings wanted = changed_strip(strip->sound, c.sound, c.said);
    // Whoever made the event knows what may be streamed; nobody lifts that in the middle of a show.
    const Input* input = find_by_id(show_.inputs, c.strip);
    if (input && input->sound.rights == Rights::VenueOnly && wanted.rights != Rights::VenueOnly)
      return barred_for_ever(SoundBar::VenueOnly, *input, "program");
    strip->sound = wanted;
    return next_;
  }

  Result<LiveState> operator()(const Listen& c) {
    StripState* strip = find_by_id(next_.strips, c.strip);
    if (!strip) return unknown("strip", c.strip);
    strip->listen = c.on;
    return next_;
  }

  Result<LiveState> operator()(const SetSend& c) {
    StripState* strip = find_by_id(next_.strips, c.strip);
    if (!strip) return unknown("strip", c.strip);
    if (!find_by_id(next_.sound_buses, c.bus)) return unknown("sound bus", c.bus);
    if (const Input* input = find_by_id(show_.inputs, c.strip); input && c.on)
      for (const SoundBus& bus : sound_buses(show_))
        if (const SoundBar bar = never(show_, *input, strip->sound, bus);
            bus.id == c.bus && bar != SoundBar::None)
          return barred_for_ever(bar, *input, c.bus);
    std::erase(strip->kept_from, c.bus);
    if (!c.on) strip->kept_from.push_back(c.bus);
    return next_;
  }

  Result<LiveState> operator()(const SetSoundBus& c) {
    SoundBusState* bus = find_by_id(next_.sound_buses, c.bus);
    if (!bus) return unknown("sound bus", c.bus);
    if (std::isnan(c.gain.value))
      return Error{ErrorKind::FixInput, "gain of bus \"" + c.bus + "\" is not a number"};
    bus->gain.value = std::clamp(c.gain.value, kLeastGain, kMostGain);
    bus->muted = c.muted;
    return next_;
  }

  Result<LiveState> operator()(const BindSoundOutput&) { return not_mine("bind_sound"); }
  Result<LiveState> operator()(const SetLayout&) { return not_mine("layout"); }
  Result<LiveState> operator()(const ShowPage&) { return not_mine("page"); }
  Result<LiveState> operator()(const ShowCaption&) { return not_mine("caption"); }
  Result<LiveState> operator()(const AddCaption&) { return not_mine("caption_text"); }
  Result<LiveState> operator()(const GoLive&) { return not_mine("go_live"); }
  Result<LiveState> operator()(const StopLive&) { return not_mine("stop_live"); }
  Result<LiveState> operator()(const StartRecord&) { return not_mine("start_record"); }
  Result<LiveState> operator()(const SetDestination&) { return not_mine("destination"); }
  Result<LiveState> operator()(const Mark&) { return not_mine("mark"); }
  Result<LiveState> operator()(const StopRecord&) { return not_mine("stop_record"); }
  Result<LiveState> operator()(const ShowScreen&) { return not_mine("screen"); }
  Result<LiveState> operator()(const LoadEvent&) { return not_mine("load"); }
  Result<LiveState> operator()(const BindRole&) { return not_mine("bind"); }
  Result<LiveState> operator()(const UndoBinding&) { return not_mine("bind_back"); }
  Result<LiveState> operator()(const WatchDevices&) { return not_mine("devices"); }
  Result<LiveState> operator()(const TestEquipment&) { return not_mine("equipment"); }
  Result<LiveState> operator()(const Quit&) { return not_mine("quit"); }

 private:
  Error barred_for_ever(SoundBar bar, const Input& input, const std::string& bus) const {
    return {ErrorKind::FixInput,
            "strip \"" + input.id + "\" may never reach sound bus \"" + bus + "\"",
            bar_words(bar, show_, input)};
  }
  static Error not_mine(const char* name) {
    return {ErrorKind::Bug, std::string("the switcher was given \"") + name +
                                "\", which belongs to another part of the station"};
  }

  const Show& show_;
  LiveState next_;
  MediaTime now_;
};

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
  live.venue_scene = show.venue_bus.scene;
  live.aux_scene = show.aux_bus.scene;
  live.genlock = show.genlock;
  for (const auto& input : show.inputs)
    if (input.audio) {
      const auto& hall = show.sound.venue;
      live.strips.push_back(
          {.id = input.id,
           .venue_open = std::find(hall.begin(), hall.end(), input.id) != hall.end(),
           .sound = first_sound(input)});
    }
  for (const SoundBus& bus : sound_buses(show)) live.sound_buses.push_back({.id = bus.id});
  follow_scene(show, live);
  return live;
}

Result<LiveState> apply(const Show& show, const LiveState& live, const Command& command,
                        MediaTime now) {
  return std::visit(Wish(show, live, now), command);
}

}  // namespace kakehashi
