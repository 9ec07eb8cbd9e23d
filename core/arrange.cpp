// SPDX-License-Identifier: GPL-3.0-or-later
// A show with layouts -> a show with layers (core/layout_table.h).
#include <algorithm>

#include "core/layout_table.h"

namespace kakehashi {
namespace {

bool bound(const Show& show, const std::string& id) {
  const Input* input = find_by_id(show.inputs, id);
  return input && input->source;
}

bool shows(const Scene& scene, std::string_view input) {
  const auto is = [&](const auto& place) { return place.input == input; };
  return std::any_of(scene.slots.begin(), scene.slots.end(), is) ||
         std::any_of(scene.layers.begin(), scene.layers.end(), is);
}

// The scene whose contents this one shows. A circle of scenes that all wait for somebody shows the
// one that was asked for.
const Scene& standing_for(const Show& show, const Scene& scene) {
  const Scene* at = &scene;
  for (std::size_t steps = 0; !at->when.empty() && !bound(show, at->when); ++steps) {
    const Scene* next = find_by_id(show.scenes, at->otherwise);
    if (!next) break;
    if (steps == show.scenes.size()) return scene;
    at = next;
  }
  return *at;
}

void take_contents(const Scene& from, Scene& to) {
  to.layers = from.layers;
  to.card = from.card;
  to.layout = from.layout;
  to.slots = from.slots;
  to.fallback = from.fallback;
  to.aux = from.aux;
}

void fall_back(const Show& show, Scene& scene) {
  if (scene.fallback.empty() || !bound(show, scene.fallback)) return;
  bool gone = false;
  for (auto fill = scene.slots.begin(); fill != scene.slots.end();) {
    if (fill->slot == "sign" || bound(show, fill->input)) {
      ++fill;
    } else if (shows(scene, scene.fallback)) {
      fill = scene.slots.erase(fill);
      gone = true;
    } else {
      (fill++)->input = scene.fallback;
    }
  }
  const auto pictures = std::count_if(scene.slots.begin(), scene.slots.end(),
                                      [](const SlotFill& f) { return f.slot != "sign"; });
  if (!gone || pictures != 1) return;
  const bool signing = pictures != static_cast<std::ptrdiff_t>(scene.slots.size());
  scene.layout = signing ? "main_sign" : "full";
  for (SlotFill& fill : scene.slots)
    if (fill.slot != "sign") fill.slot = "main";
}

std::string slot_with_sign(const LayoutRow& layout, const std::string& slot) {
  for (const auto& [from, to] : layout.sign_slots)
    if (from == slot) return to;
  return slot;
}

void add_interpreter(const Show& show, Scene& scene) {
  const LayoutRow* from = find_layout(scene.layout);
  if (!from || scene.slots.empty() || shows(scene, kInterpreter)) return;
  const LayoutRow* to = find_box(from->slots, "sign") ? from : find_layout(from->with_sign);
  if (!to || !find_box(to->slots, "sign")) return;
  std::vector<SlotFill> fills;
  for (const SlotFill& fill : scene.slots) {
    const std::string slot = to == from ? fill.slot : slot_with_sign(*from, fill.slot);
    if (slot != "sign" && find_box(to->slots, slot)) fills.push_back({slot, fill.input});
  }
  // Nobody of a panel has a place of his own there, so all of them are shown from afar.
  const SlotFill& first = scene.slots.front();
  if (fills.empty() && first.slot != "sign" && find_box(to->slots, "main"))
    fills.push_back({"main", bound(show, kWideCamera) ? kWideCamera : first.input});
  fills.push_back({"sign", kInterpreter});
  scene.layout = to->id;
  scene.slots = std::move(fills);
}

void lay_out(const Canvas& canvas, Scene& scene) {
  const LayoutRow* layout = find_layout(scene.layout);
  if (!layout || layout->slots.empty()) return;
  scene.layers.clear();
  for (const NamedBox& box : layout->slots)
    for (const SlotFill& fill : scene.slots) {
      if (fill.slot != box.name) continue;
      Layer layer;
      layer.input = fill.input;
      layer.slot = fill.slot;
      layer.rect = on_canvas(box.rect, canvas);
      // One person upright in a picture that is wide: the middle of it. Everything else may have
      // letters at its edge.
      if (fill.slot == "speaker" || fill.slot == "sign") layer.fit = FitMode::Fill;
      scene.layers.push_back(std::move(layer));
      break;
    }
}

}  // namespace

Show arranged(const Show& show) {
  Show out = show;
  for (std::size_t i = 0; i < out.scenes.size(); ++i) {
    Scene& scene = out.scenes[i];
    if (const Scene& other = standing_for(show, show.scenes[i]); &other != &show.scenes[i])
      take_contents(other, scene);
    if (!scene.card.empty()) continue;
    fall_back(show, scene);
    if (show.sign_language && find_by_id(show.inputs, kInterpreter)) add_interpreter(show, scene);
    lay_out(show.canvas, scene);
  }
  return out;
}

std::vector<std::string> without_interpreter(const Show& show) {
  std::vector<std::string> ids;
  if (!show.sign_language) return ids;
  for (const Scene& scene : show.scenes)
    if (scene.card.empty() && scene.slots.empty() && !shows(scene, kInterpreter))
      ids.push_back(scene.id);
  return ids;
}

}  // namespace kakehashi
