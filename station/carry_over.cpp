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
  next.emergency = before.emergency;
  next.emergency_since = before.emergency_since;
  next.takes = before.takes;
  return next;
}

}  // namespace kakehashi
