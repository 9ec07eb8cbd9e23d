// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/transition_steps.h"

#include <algorithm>

#include "mixer/sound/recall.h"
#include "mixer/switcher.h"

namespace kakehashi {
namespace {

bool running(const LiveState& live, MediaTime now) { return transition_progress(live, now) < 1.0; }

Duration least_turn(TransitionKind kind) {
  return std::max(transition_row(kind).least / 2, kLeastTurn);
}

// Program becomes the scene the way comes from; preview follows unless something else was chosen.
void exchange_ends(const Show& show, LiveState& live) {
  ActiveTransition& way = *live.transition;
  if (live.preview == way.from) live.preview = live.program;
  std::swap(live.program, way.from);
  turn_sound_back(show, live);
}

}  // namespace

Duration transition_length(const Show& show, TransitionKind kind, Duration wish) {
  if (kind == TransitionKind::Cut) return {};
  return std::clamp(wish.ns > 0 ? wish : show.mix_duration, transition_row(kind).least,
                    kMostTransition);
}

bool turn_back(const Show& show, LiveState& live, MediaTime now) {
  if (!running(live, now)) return false;
  ActiveTransition& way = *live.transition;
  const double gone = transition_progress(live, now);
  exchange_ends(show, live);
  way.begin = 1.0 - gone;
  if (way.held)
    way.start = now;
  else if (way.start < now)  // one that has not begun yet is turned before anybody saw it
    way.start = std::max(now, way.start + least_turn(way.kind));
  way.held = false;
  way.backwards = !way.backwards;
  return true;
}

void take(const Show& show, LiveState& live, MediaTime now) {
  ++live.takes;
  const bool on_the_way = running(live, now);
  const TransitionKind kind = live.next_kind;
  if (on_the_way && kind != TransitionKind::Cut && live.preview == live.transition->from) {
    ActiveTransition& way = *live.transition;
    if (way.held) {  // the bar is let go of in the middle: the rest goes by itself
      way.held = false;
      way.start = now;
      return;
    }
    if (way.kind == kind) {
      turn_back(show, live, now);
      return;
    }
  }
  std::string from = live.program;
  std::optional<SceneSound> sound = scene_sound(live);
  MediaTime start = now;
  if (live.transition) {
    const ActiveTransition& before = *live.transition;
    // Nothing of it was seen, and only the target moves: without this, wishes that keep coming
    // would put the next way off for ever.
    const bool unseen = before.start > now && (before.begin <= 0 || before.begin >= 1);
    if (unseen && on_the_way) {
      from = before.from;
      sound = before.sound;
    }
    start = unseen ? before.start : std::max(now, before.start + transition_row(before.kind).least);
  }
  std::swap(live.program, live.preview);
  live.transition.reset();
  follow_scene(show, live);
  if (kind == TransitionKind::Cut) return;
  live.transition = ActiveTransition{.kind = kind,
                                     .from = std::move(from),
                                     .start = start,
                                     .duration = transition_length(show, kind, live.next_duration),
                                     .sound = std::move(sound)};
  if (live.transition->from == live.program) live.transition->begin = 1;  // nothing to be seen
}

void move_t_bar(const Show& show, LiveState& live, double position, MediaTime now) {
  if (!running(live, now)) {
    if (position <= 0 || position >= 1) return;
    const TransitionKind kind =
        live.next_kind == TransitionKind::Cut ? TransitionKind::Mix : live.next_kind;
    SceneSound sound = scene_sound(live);
    std::swap(live.program, live.preview);
    live.transition.reset();
    follow_scene(show, live);
    live.transition =
        ActiveTransition{.kind = kind,
                         .from = live.preview,
                         .start = now,
                         .duration = transition_length(show, kind, live.next_duration),
                         .sound = std::move(sound)};
    ++live.takes;
  }
  ActiveTransition& way = *live.transition;
  way.start = now;
  way.begin = position;
  way.held = position > 0 && position < 1;
  if (position <= 0) {
    exchange_ends(show, live);
    way.begin = 1;
    way.backwards = !way.backwards;
  }
}

}  // namespace kakehashi
