// SPDX-License-Identifier: GPL-3.0-or-later
// The layouts every event can use, and how a show with layouts becomes layers. Pure.
// Pixels are those of a 1920 x 1080 canvas; on another canvas they are scaled.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/show.h"

namespace kakehashi {

struct NamedBox {
  std::string name;
  Rect rect;
};

struct LayoutRow {
  std::string id;  // "slide_speaker"
  Text name;
  std::vector<NamedBox> slots;     // pictures: "main", "slide", "speaker", "sign", ...
  std::vector<NamedBox> text;      // "caption", "corner", "title", ...: beside the pictures
  std::vector<NamedBox> overlays;  // "name", "qr", ...: over pictures, never over sign or caption
  std::string with_sign;           // the layout that takes its place when 手話あり; empty: none
  // Slots whose input goes to another slot of `with_sign` ("a" -> "speaker"); others keep their
  // name, or are dropped where it has none of that name.
  std::vector<std::pair<std::string, std::string>> sign_slots;
};

const std::vector<LayoutRow>& layouts();
const LayoutRow* find_layout(const std::string& id);

// The show the mixer gets: every scene with a layout has its layers (one per slot, Layer::slot
// set), 手話あり has changed layouts and added the interpreter, scenes whose `when` role is not
// bound have become their `otherwise`, unbound slots show their fallback. An input is bound when
// it has a source. Scenes keep their id, name and key. Idempotent.
Show arranged(const Show& show);

// Where the slots of a scene go when the picture in "slide" is `aspect` (width : height) wide: a
// 4:3 slide gets less width and the insets move into the room it leaves. Equal to the layer's own
// rect otherwise. `scene` is an arranged one. For the mixer: no allocation.
Rect slot_rect(const Scene& scene, const Layer& layer, double slide_aspect);

// Where an overlay stands in this scene, on this canvas; none: this layout has no place for it.
std::optional<Rect> overlay_place(const Overlay& overlay, const Scene& scene, const Canvas& canvas);

}  // namespace kakehashi
