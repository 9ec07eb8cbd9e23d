// SPDX-License-Identifier: GPL-3.0-or-later
// The desk's signs, drawn as lines, circles and polygons. Never font glyphs: a missing glyph must
// not be able to hide a state.
#pragma once

#include <imgui.h>

namespace kakehashi {

enum class Icon {
  None,
  Program,  // ■
  Next,     // ▲
  Live,     // ●
  Record,   // ◎
  Caution,  // △!
  Cross,    // ×: fault, no signal
  Pass,     // ✓ in a circle
  Check,    // ✓
  Muted,    // loudspeaker with bar
  Speaker,
  Microphone,
  Card,     // frame with two lines
  Overlay,  // frame with a lower bar
  Screen,
  Mast,  // destination
  Disk,
  Return,  // arrow back
  Lock,
  Low,    // ▽
  Wait,   // dotted circle
  Arrow,  // →
  Headphones,
  Bridge,  // the sign of the house
};

// Centred on (x, y), inside a square of `size` window pixels.
void draw_icon(ImDrawList* draw, Icon icon, float x, float y, float size, ImU32 color);

}  // namespace kakehashi
