// SPDX-License-Identifier: GPL-3.0-or-later
// Overlays in and out. What is out has the vermilion frame, so it is not forgotten.
#include "gui/panels.h"

namespace kakehashi {

void draw_overlays(DeskPage& d) {
  Frame& f = d.frame;
  const Box& b = d.layout.overlays;
  f.panel(b, Icon::Overlay, f.say(Word::Overlays));
  const Box room{b.x + f.px(14), b.y + f.px(40), b.w - f.px(28), b.h - f.px(50)};
  const auto& overlays = d.snapshot.overlays;
  if (overlays.empty()) {
    f.label(room, {Face::Regular, 18, theme::kText3}, f.say(Word::NoOverlays), Align::Centre);
    return;
  }
  // Two fit under each other and keep their whole names.
  const int columns = room.w >= f.px(520) && overlays.size() > 2 ? 2 : 1;
  const float gap = f.px(10), h = f.px(48), row = h + f.px(6);
  const float w = (room.w - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
  const float shift = f.begin_scroll("overlays", room);
  for (std::size_t i = 0; i < overlays.size(); ++i) {
    const OverlayStatus& o = overlays[i];
    const auto column = static_cast<float>(static_cast<int>(i) % columns);
    const auto line = static_cast<float>(static_cast<int>(i) / columns);
    const Box cell{room.x + column * (w + gap), room.y + shift + line * row, w, h};
    const Touch t = f.touch("overlay." + o.id, cell);
    const ImU32 ink = f.button_ground(t, cell, true);
    float right = cell.right() - f.px(12);
    if (o.on) {
      f.edge(cell, theme::kProgram, 4, 6);
      const float chip_w = f.width({Face::Bold, 16, 0}, f.say(Word::IsOut)) + f.px(36);
      f.chip(right - chip_w, cell.middle() - f.px(13), Icon::Program, f.say(Word::IsOut),
             theme::kProgram, theme::kBlack);
      right -= chip_w + f.px(8);
    } else {
      const Ink act{Face::Regular, 16, t.down ? theme::kWin : theme::kText2};
      right -= f.width(act, f.say(Word::ShowIt));
      f.label({right, cell.y, f.px(120), cell.h}, act, f.say(Word::ShowIt));
      right -= f.px(10);
    }
    if (i == 0) {
      f.key_cap(right, cell.middle(), "T", ink);
      right -= f.key_cap_width("T") + f.px(8);
    }
    f.label({cell.x + f.px(14), cell.y, right - cell.x - f.px(14), cell.h}, {Face::Bold, 18, ink},
            f.say(o.label));
    f.whole_name(t, cell, {Face::Bold, 18, 0}, f.say(o.label), right - cell.x - f.px(14));
    if (t.clicked) d.out.emplace_back(SetOverlay{o.id, !o.on});
  }
  const auto lines =
      (overlays.size() + static_cast<std::size_t>(columns) - 1) / static_cast<std::size_t>(columns);
  f.end_scroll("overlays", room, row * static_cast<float>(lines) - f.px(6));
}

}  // namespace kakehashi
