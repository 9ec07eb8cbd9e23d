// SPDX-License-Identifier: GPL-3.0-or-later
// Overlays in and out. What is out has the vermilion frame, so it is not forgotten. Timers have
// their start and stop in their row, captions their next line.
#include <cmath>

#include "gui/keys.h"
#include "gui/panels.h"

namespace kakehashi {
namespace {

// A small act inside a row, at its right end; returns where the rest of the row ends.
float row_act(DeskPage& d, const std::string& id, const Box& cell, float right, Word w,
              const Command& wish, bool enabled = true) {
  Frame& f = d.frame;
  const Ink letters{Face::Bold, 16, theme::kText};
  const float width = std::max(f.width(letters, f.say(w)) + f.px(20), f.px(56));
  const Box b{right - width, cell.y, width, cell.h};
  const Touch t = f.touch(id, b, enabled);
  const ImU32 ink = f.button_ground(t, b, enabled);
  f.label(b, {Face::Bold, 16, ink}, f.say(w), Align::Centre);
  if (t.clicked) d.out.push_back(wish);
  return b.x - f.px(6);
}

// Acts of this kind of overlay; returns what is left of the row.
Box kind_acts(DeskPage& d, const OverlayStatus& o, const Box& cell) {
  float right = cell.right();
  if (o.timer) {
    right = row_act(d, "timer.reset." + o.id, cell, right, Word::TimerReset,
                    SetTimer{o.id, false, true});
    right = row_act(d, "timer." + o.id, cell, right,
                    o.timer_running ? Word::TimerStop : Word::TimerStart,
                    SetTimer{o.id, !o.timer_running, false});
  }
  for (const CaptionStatus& c : d.snapshot.captions)
    if (c.id == o.id && c.lines > 0)
      right = row_act(d, "caption." + o.id, cell, right, Word::CaptionNext,
                      ShowCaption{o.id, c.line + 1}, c.line < c.lines);
  return {cell.x, cell.y, right - cell.x, cell.h};
}

// The name, and for captions in trouble or waiting what comes next, as one line.
std::string row_text(const DeskPage& d, const OverlayStatus& o) {
  for (const CaptionStatus& c : d.snapshot.captions)
    if (c.id == o.id) {
      if (!d.frame.say(c.reason).empty()) return what_to_do(d.frame.say(c.reason));
      if (!c.next.empty()) return word(Word::CaptionNextIs, d.frame.language, {c.next});
    }
  return d.frame.say(o.label);
}

void draw_row(DeskPage& d, const OverlayStatus& o, const Box& whole, bool at_hand) {
  Frame& f = d.frame;
  const Box cell = kind_acts(d, o, whole);
  const bool can = o.on || o.fits;
  const Touch t = f.touch("overlay." + o.id, cell, can);
  const ImU32 ink = f.button_ground(t, cell, can);
  float right = cell.right() - f.px(12);
  if (o.on) {
    f.edge(cell, theme::kProgram, 4, 6);
    const std::string out =
        o.seconds_left >= 0 ? word(Word::IsOutFor, f.language,
                                   {std::to_string(static_cast<int>(std::ceil(o.seconds_left)))})
                            : std::string(f.say(Word::IsOut));
    const float chip_w = f.width({Face::Bold, 16, 0}, out) + f.px(36);
    f.chip(right - chip_w, cell.middle() - f.px(13), Icon::Program, out, theme::kProgram,
           theme::kBlack);
    right -= chip_w + f.px(8);
  } else {
    const std::string_view act_word = f.say(can ? Word::ShowIt : Word::NoFit);
    const Ink act{Face::Regular, 16, t.down ? theme::kWin : theme::kText2};
    right -= f.width(act, act_word);
    f.label({right, cell.y, cell.right() - right, cell.h}, act, act_word);
    right -= f.px(10);
  }
  if (at_hand) {
    f.key_cap(right, cell.middle(), "T", ink);
    right -= f.key_cap_width("T") + f.px(8);
  }
  const std::string text = row_text(d, o);
  const float room = right - cell.x - f.px(14);
  f.label({cell.x + f.px(14), cell.y, room, cell.h}, {Face::Bold, 18, ink}, text);
  f.whole_name(t, cell, {Face::Bold, 18, 0}, text, room);
  if (t.clicked) d.out.emplace_back(SetOverlay{o.id, !o.on});
}

}  // namespace

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
  const float row = f.px(54);
  const OverlayStatus* at_hand = title_at_hand(d.snapshot);
  const float shift = f.begin_scroll("overlays", room);
  for (std::size_t i = 0; i < overlays.size(); ++i)
    draw_row(d, overlays[i],
             {room.x, room.y + shift + static_cast<float>(i) * row, room.w, f.px(48)},
             &overlays[i] == at_hand);
  f.end_scroll("overlays", room, row * static_cast<float>(overlays.size()) - f.px(6));
}

}  // namespace kakehashi
