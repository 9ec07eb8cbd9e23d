// SPDX-License-Identifier: GPL-3.0-or-later
// Beside the results: sound against picture, the line, what differs from the last test.
#include <algorithm>
#include <cmath>

#include "gui/check_parts.h"

namespace kakehashi {
namespace {

// Of all pairs of camera and microphone the one that is furthest off.
const EquipmentFigure* worst_offset(const EquipmentResult& r) {
  const EquipmentFigure* worst = nullptr;
  for (const auto& item : r.items)
    for (const auto& f : item.figures)
      if (f.id == "offset_ms" && (!worst || std::abs(f.value) > std::abs(worst->value))) worst = &f;
  return worst;
}

void draw_clap_button(DeskPage& d, const Box& b) {
  const EquipmentProgress& e = d.snapshot.equipment;
  Frame& f = d.frame;
  const Box place{b.x + f.px(14), b.bottom() - f.px(52), b.w - f.px(28), f.px(42)};
  if (f.button("test.clap", place, Icon::Arrow, f.say(Word::OffsetClap),
               !e.running && !d.snapshot.live,
               f.say(d.snapshot.live ? Word::TestLive : Word::OffsetClap)))
    d.out.emplace_back(TestEquipment{.quick = e.result.quick, .only = {"offset"}, .clap = true});
}

// Sound against picture on a line: what is good lies between the brackets (EBU R37). The figure
// says how late the picture is: that is how early the sound.
void draw_offset(DeskPage& d, const Box& b) {
  Frame& f = d.frame;
  f.panel(b, Icon::Speaker, f.say(Word::OffsetHead));
  draw_clap_button(d, b);
  const EquipmentFigure* offset = worst_offset(d.snapshot.equipment.result);
  const Box body{b.x + f.px(14), b.y + f.px(40), b.w - f.px(28), f.px(36)};
  if (!offset) {
    f.label(body, {Face::Regular, 18, theme::kText3}, f.say(Word::OffsetNone));
    return;
  }
  const double late = -offset->value;
  f.label(body, {Face::Bold, 22, theme::kText},
          word(late < 0 ? Word::OffsetEarly : Word::OffsetLate, f.language,
               {figure(std::abs(late), 0)}));
  const Box scale{body.x + f.px(16), body.bottom() + f.px(10), body.w - f.px(32), f.px(28)};
  const auto at = [&](double ms) {
    return scale.x + scale.w * static_cast<float>((std::clamp(ms, -100.0, 100.0) + 100) / 200);
  };
  f.fill({scale.x, scale.middle() - f.px(1), scale.w, f.px(2)}, theme::kOutline);
  f.fill({at(-40), scale.y, at(60) - at(-40), scale.h}, theme::kRaise, 4);
  f.edge({at(-40), scale.y, at(60) - at(-40), scale.h}, theme::kOutline, 1, 4);
  f.label({at(-40), scale.y, at(60) - at(-40) - f.px(6), scale.h},
          {Face::Regular, 16, theme::kText3}, f.say(Word::OffsetGood), Align::Right);
  f.fill({at(late) - f.px(2), scale.y - f.px(4), f.px(4), scale.h + f.px(8)}, theme::kText);
  const Box foot{scale.x, scale.bottom() + f.px(4), scale.w, f.px(24)};
  f.label(foot, {Face::Regular, 16, theme::kText3}, f.say(Word::EarlySide));
  f.label(foot, {Face::Regular, 16, theme::kText3}, f.say(Word::LateSide), Align::Right);
}

void draw_lines(DeskPage& d, const Box& b) {
  Frame& f = d.frame;
  f.panel(b, Icon::Mast, f.say(Word::LineHead));
  float y = b.y + f.px(42);
  bool any = false;
  for (const auto& item : d.snapshot.equipment.result.items) {
    if (!item.id.starts_with("network") || y + f.px(54) > b.bottom()) continue;
    any = true;
    const Box row{b.x + f.px(14), y, b.w - f.px(28), f.px(26)};
    f.label(row, {Face::Bold, 18, theme::kText}, f.say(item.name));
    f.label({row.x, row.bottom(), row.w, row.h}, {Face::Regular, 16, theme::kText2},
            f.say(item.found));
    y += f.px(60);
  }
  if (!any)
    f.label({b.x + f.px(14), y, b.w - f.px(28), f.px(30)}, {Face::Regular, 18, theme::kText3},
            f.say(Word::LineNone));
}

void draw_differences(DeskPage& d, const Box& b) {
  Frame& f = d.frame;
  const EquipmentResult& r = d.snapshot.equipment.result;
  f.panel(b, Icon::Return, f.say(Word::DifferHead),
          r.compared_with.empty()
              ? std::string()
              : word(Word::DifferLast, f.language, {r.compared_with.substr(0, 10)}));
  const Box room{b.x + f.px(14), b.y + f.px(42), b.w - f.px(28), b.h - f.px(50)};
  if (r.differences.empty()) {
    if (d.snapshot.equipment.running) return;
    f.label({room.x, room.y, room.w, f.px(30)}, {Face::Regular, 18, theme::kText3},
            f.say(r.compared_with.empty() ? Word::DifferFirst : Word::DifferNone));
    return;
  }
  const float before = room.x + room.w * 0.50F, today = room.x + room.w * 0.75F;
  const Ink small{Face::Regular, 16, theme::kText3};
  f.label({before, room.y, room.w / 4, f.px(24)}, small, f.say(Word::DifferBefore));
  f.label({today, room.y, room.w / 4, f.px(24)}, small, f.say(Word::DifferToday));
  const Box list{room.x, room.y + f.px(26), room.w, room.h - f.px(26)};
  const float shift = f.begin_scroll("check.differences", list);
  float y = list.y + shift;
  for (const auto& one : r.differences) {
    const Ink ink{one.changed ? Face::Bold : Face::Regular, 16,
                  one.changed ? theme::kText : theme::kText2};
    f.label({list.x, y, before - list.x - f.px(8), f.px(30)}, ink, f.say(one.name));
    f.label({before, y, today - before - f.px(8), f.px(30)}, small, f.say(one.before));
    f.label({today, y, list.right() - today, f.px(30)}, ink, f.say(one.now));
    y += f.px(32);
  }
  f.end_scroll("check.differences", list, y - shift - list.y);
}

}  // namespace

void draw_check_side(DeskPage& d, const Box& b) {
  const float gap = d.frame.px(12);
  const float offset = std::min(d.frame.px(212), b.h * 0.42F);
  const float lines = std::min(d.frame.px(230), (b.h - offset - 2 * gap) * 0.45F);
  draw_offset(d, {b.x, b.y, b.w, offset});
  draw_lines(d, {b.x, b.y + offset + gap, b.w, lines});
  const float differ = b.y + offset + lines + 2 * gap;
  draw_differences(d, {b.x, differ, b.w, b.bottom() - differ});
}

}  // namespace kakehashi
