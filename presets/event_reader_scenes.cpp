// SPDX-License-Identifier: GPL-3.0-or-later
// JSON -> Scene and what a scene is made of.
#include "core/layout_table.h"
#include "presets/event_parts.h"

namespace kakehashi {

namespace {

void read_mask(ObjectReader& from, Mask& out) {
  read_choice(from, "shape", out.shape, kShapeWords);
  read_choice(from, "cover", out.cover, kCoverWords);
  from.area("rect", out.x, out.y, out.w, out.h);
  from.colour("colour", out.colour);
}

void read_correction(ObjectReader& from, ColourCorrection& out) {
  from.number("brightness", out.brightness, -1, 1);
  from.number("contrast", out.contrast, 0, 4);
  from.number("saturation", out.saturation, 0, 4);
  from.number("gamma", out.gamma, 0.1, 10);
  from.number("red_gain", out.red_gain, 0.25, 4);
  from.number("blue_gain", out.blue_gain, 0.25, 4);
}

void read_key(ObjectReader& from, ChromaKey& out) {
  out.on = true;  // whoever writes one wants one
  from.boolean("on", out.on);
  from.colour("colour", out.colour);
  from.number("similarity", out.similarity, 0, 1);
  from.number("smoothness", out.smoothness, 0, 1);
  from.number("spill", out.spill, 0, 1);
}

void read_look(ObjectReader& from, LayerLook& out) {
  from.boolean("flip_horizontal", out.flip_horizontal);
  from.boolean("flip_vertical", out.flip_vertical);
  read_choice(from, "turn", out.turn, kTurnWords);
  from.object("correction", [&](ObjectReader& r) { read_correction(r, out.correction); });
  from.object("chroma_key", [&](ObjectReader& r) { read_key(r, out.key); });
  read_masks(from, out.masks);
  from.integer("corner_radius", out.corner_radius, 0, 2048);
  from.object("border", [&](ObjectReader& r) {
    r.integer("width", out.border.width, 0, 512);
    r.colour("colour", out.border.colour);
  });
  from.object("shadow", [&](ObjectReader& r) {
    r.integer("x", out.shadow.x, -512, 512);
    r.integer("y", out.shadow.y, -512, 512);
    r.integer("blur", out.shadow.blur, 0, 256);
    r.number("opacity", out.shadow.opacity, 0, 1);
  });
}

void read_layer(ObjectReader& from, const Canvas& canvas, Layer& out) {
  from.identifier("input", out.input, Need::Required);
  out.rect = {0, 0, canvas.width, canvas.height};
  from.rect("rect", out.rect);
  read_choice(from, "fit", out.fit, kFitWords);
  from.crop("crop", out.crop);
  from.number("opacity", out.opacity, 0, 1);
  from.integer("z", out.z, -1000, 1000);
  read_look(from, out.look);
}

// Layouts a scene can have; those of cards belong to cards.
std::vector<std::string> scene_layouts() {
  std::vector<std::string> ids;
  for (const auto& layout : layouts())
    if (!layout.slots.empty() && !layout.id.starts_with("card")) ids.push_back(layout.id);
  return ids;
}

// {"slide": "slide_pc", "speaker": "cam_main"}, in the order of the layout.
void read_slots(ObjectReader& from, const LayoutRow* layout, std::vector<SlotFill>& out) {
  if (!layout) {  // told already: its slots cannot be judged
    for (const auto& key : from.rest()) from.take(key);
    return;
  }
  std::vector<std::string> names;
  for (const auto& box : layout->slots) {
    names.push_back(box.name);
    std::string input;
    from.reference(box.name.c_str(), input);
    if (!input.empty()) out.push_back({box.name, input});
  }
  for (const auto& key : from.rest()) {
    from.take(key);
    from.fault(
        key,
        "the layout \"" + layout->id + "\" has no such slot (slots: " + quoted_list(names) + ")",
        "並べ方「" + layout->id + "」にこの枠はありません。使える枠：" + quoted_list(names) + "。");
  }
}

const LayoutRow* read_layout(ObjectReader& from, Scene& out) {
  from.reference("layout", out.layout);
  if (out.layout.empty()) {
    if (from.has("slots") && !from.has("layout"))
      from.fault("layout", "slots need a layout: name it",
                 "slots には layout（並べ方）も書いてください。");
    return nullptr;
  }
  const auto all = scene_layouts();
  for (const auto& id : all)
    if (id == out.layout) return find_layout(id);
  from.fault("layout",
             "no layout is called \"" + out.layout + "\" (layouts: " + quoted_list(all) + ")",
             "「" + out.layout + "」という並べ方はありません。次から選んでください：" +
                 quoted_list(all) + "。");
  return nullptr;
}

}  // namespace

void read_masks(ObjectReader& from, std::vector<Mask>& out) {
  from.list("masks", 16, [&](ObjectReader& mask) { read_mask(mask, out.emplace_back()); });
}

void read_scene(ObjectReader& from, const Canvas& canvas, Scene& out) {
  read_id_and_name(from, out.id, out.name);
  from.integer("key", out.key, 0, 9);
  from.reference("card", out.card);
  const LayoutRow* layout = read_layout(from, out);
  from.object("slots", [&](ObjectReader& slots) { read_slots(slots, layout, out.slots); });
  from.list("layers", 32,
            [&](ObjectReader& layer) { read_layer(layer, canvas, out.layers.emplace_back()); });
  from.reference("fallback", out.fallback);
  from.reference("when", out.when);
  from.reference("else", out.otherwise);
  from.reference("aux", out.aux);
  from.reference("sound", out.sound);
}

}  // namespace kakehashi
