// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/carry_over.h"

#include "mixer/switcher.h"

namespace kakehashi {

LiveState carry_over(const Show& show, const LiveState& before) {
  LiveState next = initial_state(show);
  if (find_by_id(show.scenes, before.program)) next.program = before.program;
  if (find_by_id(show.scenes, before.preview)) next.preview = before.preview;
  for (auto& strip : next.strips)
    if (const auto* old = find_by_id(before.strips, strip.id)) strip = *old;
  for (auto& overlay : next.overlays)
    if (const auto* old = find_by_id(before.overlays, overlay.id)) overlay = *old;
  next.next_kind = before.next_kind;
  next.next_duration = before.next_duration;
  // What the hall and the web meeting see stays, as program does; else it is as `show` says.
  if (before.venue_scene.empty() || find_by_id(show.scenes, before.venue_scene))
    next.venue_scene = before.venue_scene;
  if (before.aux_scene.empty() || find_by_id(show.scenes, before.aux_scene))
    next.aux_scene = before.aux_scene;
  next.genlock = before.genlock;
  next.emergency = before.emergency;
  next.emergency_since = before.emergency_since;
  next.takes = before.takes;
  return next;
}

}  // namespace kakehashi
