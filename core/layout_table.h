// SPDX-License-Identifier: GPL-3.0-or-later
// The layouts every event can use, and how a show with layouts becomes layers. Pure.
// Pixels are those of a 1920 x 1080 canvas; on another canvas they are scaled.
#pragma once

#include <optional>
#include <string>
#include <string_view>
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
  std::vector<NamedBox> slots;  // pictures: "main", "slide", "speaker", "sign", ...
  std::vector<NamedBox> text;   // "caption", "corner", "title", ...: beside the pictures
  // Over pictures, never over sign or caption: "name", "qr", ..., or named by one kind ("clock")
  // that can stand there beside the one that has its usual place.
  std::vector<NamedBox> overlays;
  std::string with_sign;  // the layout that takes its place when 手話あり; empty: none
  // Slots whose input goes to another slot of `with_sign` ("a" -> "speaker"); others keep their
  // name, or are dropped where it has none of that name.
  std::vector<std::pair<std::string, std::string>> sign_slots;
};

const std::vector<LayoutRow>& layouts();
const LayoutRow* find_layout(const std::string& id);
const NamedBox* find_box(const std::vector<NamedBox>& boxes, std::string_view name);
Rect on_canvas(const Rect& r, const Canvas& canvas);  // from 1920 x 1080

inline constexpr const char* kInterpreter = "sign_cam";  // the role of 手話あり
inline constexpr const char* kWideCamera = "cam_wide";
// What fitted pictures leave free of their slot, and what lies between the slots.
inline constexpr std::uint32_t kBarColour = 0x1E1E1E;  // 0xRRGGBB
// The interpreter's part of the picture is never less than a sixth (Ofcom, guidelines on television
// access services).
inline constexpr int kLeastSignArea = 1920 * 1080 / 6;

// The show the mixer gets: every scene with a layout has its layers (one per slot, Layer::slot
// set), 手話あり has changed layouts and added the interpreter, scenes whose `when` role is not
// bound have become their `otherwise`, unbound slots show their fallback. An input is bound when
// it has a source. Scenes keep their id, name and key. Idempotent.
//
// A fallback that the scene shows already is not shown twice: its slot goes, and a picture that is
// left alone gets the whole canvas. An interpreter whose camera is not bound keeps the place and no
// fallback takes it: the "no signal" picture there says what is missing, instead of a show that
// looks complete. A scene of hand-made layers stays as it is: see without_interpreter(). A card
// has no interpreter, and no sound to interpret.
Show arranged(const Show& show);

// Scenes that 手話あり cannot change: hand-made layers without the interpreter. Their ids; empty
// without 手話あり.
std::vector<std::string> without_interpreter(const Show& show);

// Where the slots of a scene go when the picture in "slide" is `aspect` (width : height) wide: a
// slide narrower than its slot takes only its own width, and the insets move into the room it
// leaves: they grow, kept no wider than 16:9, and the slide is centred in what they leave. Beside
// an interpreter nothing but the slide moves: a name title stands on the speaker there, and the
// interpreter stays where people look. A wider slide keeps its width. Equal to the layer's own rect
// otherwise. `scene` is an arranged one. For the mixer: no allocation.
Rect slot_rect(const Scene& scene, const Layer& layer, double slide_aspect);

// Where an overlay stands in this scene, on this canvas; none: this layout has no place for it. Its
// own rect is kept unless it would cover the interpreter or the captions' band: then it goes to the
// layout's place for its kind. In a layout with two people a name title stands on the one its
// setting "side" names ("left": left or upper); side by side it has no place without one: a name
// under the wrong face is worse than none.
std::optional<Rect> overlay_place(const Overlay& overlay, const Scene& scene, const Canvas& canvas);

}  // namespace kakehashi
