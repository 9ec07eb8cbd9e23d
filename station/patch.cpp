// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/patch.h"

#include <set>
#include <string>

namespace kakehashi {
namespace {

bool same_feed(const Input& a, const Input& b) {
  return a.source == b.source && a.delay == b.delay && a.video == b.video && a.audio == b.audio;
}

bool same_names(const Show& a, const Show& b) {
  if (a.inputs.size() != b.inputs.size()) return false;
  for (std::size_t i = 0; i < a.inputs.size(); ++i)
    if (a.inputs[i].id != b.inputs[i].id || a.inputs[i].name != b.inputs[i].name) return false;
  return true;
}

// Letters stand where the layouts in use have a place for them.
bool same_places(const Show& a, const Show& b) {
  if (a.overlays.empty()) return true;
  const auto used = [](const Show& show) {
    std::set<std::string> ids;
    for (const Scene& scene : show.scenes)
      if (scene.card.empty()) ids.insert(scene.layout);
    return ids;
  };
  return used(a) == used(b);
}

}  // namespace

Patch patch(const Show& before, const Show& after) {
  Patch p;
  // Paced sources are phased to the canvas's ticks, so another rate reopens every feed.
  const bool same_canvas = before.canvas == after.canvas;
  for (const auto& input : after.inputs) {
    const Input* old = find_by_id(before.inputs, input.id);
    if (old && same_canvas && same_feed(*old, input)) {
      p.keep.push_back(input.id);
    } else {
      p.open.push_back(input.id);
      if (old) p.close.push_back(input.id);
    }
  }
  for (const auto& input : before.inputs)
    if (!find_by_id(after.inputs, input.id)) p.close.push_back(input.id);
  p.repaint = !same_canvas || before.cards != after.cards || before.overlays != after.overlays ||
              before.emergency_card != after.emergency_card || before.title != after.title ||
              !same_names(before, after) || !same_places(before, after);
  p.reencode = !same_canvas || before.encode != after.encode;
  p.encodes = before.encodes != after.encodes;
  p.destinations = before.destinations != after.destinations || before.record != after.record;
  return p;
}

}  // namespace kakehashi
