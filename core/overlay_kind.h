// SPDX-License-Identifier: GPL-3.0-or-later
// The table of overlay kinds: what each can be told (from which come JSON, validation and the
// desk's form), where layouts place it, and how long it stays. The painters are in mixer/.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/overlay.h"
#include "core/settings.h"

namespace kakehashi {

struct OverlayKindRow {
  KindDescription description;  // "name_title", "qr", "clock", ...
  std::string box;              // name of its place in a layout (core/layout_table.h): "name"
  Rect usual;                   // on 1920 x 1080, for scenes without a layout
  int least_people = 0, most_people = 0;
  bool moving = false;            // its words change while it is on: painted ahead, again and again
  bool leaves_by_itself = false;  // hold by automatic_hold
};

const std::vector<OverlayKindRow>& overlay_kinds();
const OverlayKindRow* find_overlay_kind(const std::string& name);
const KindTable& overlay_kind_table();  // the descriptions alone

// Names written from top to bottom (ceremonies): the kind's setting "vertical".
bool is_vertical(const Overlay& overlay);
// Its place in a layout, and on 1920 x 1080 in a scene without one: the row's own; names written
// from top to bottom stand in "column" at the right edge, several in "columns" across the picture.
// Empty for an unknown kind.
std::string box_of(const Overlay& overlay);
Rect usual_place_of(const Overlay& overlay);

// A string among its own settings; empty when it is not given, or the kind has none of that name.
std::string text_setting(const Overlay& overlay, const std::string& name);

// How long it stays on by itself; none: until it is taken off. Name titles: 1 s and a quarter of a
// second per character, 6 to 12 s.
std::optional<Duration> hold_of(const Overlay& overlay);

}  // namespace kakehashi
