// SPDX-License-Identifier: GPL-3.0-or-later
// One item of the equipment test with its picture, figures and tables.
#include <algorithm>

#include "core/equipment_figure.h"
#include "gui/check_parts.h"

namespace kakehashi {
namespace {

// Lines from top to bottom in a column that may be longer than its room.
class Column {
 public:
  Column(Frame& f, float x, float y, float w) : f_(f), x_(x), y_(y), w_(w) {}
  float y() const { return y_; }
  void space(float h) { y_ += f_.px(h); }
  Box take(float h) {
    const Box b{x_, y_, w_, h};
    y_ += h;
    return b;
  }
  void words(const Ink& ink, std::string_view text) {
    if (text.empty()) return;
    y_ += f_.paragraph({x_, y_, w_, f_.px(400)}, ink, text) + f_.px(6);
  }
  void head(std::string_view text) {
    space(8);
    f_.label(take(f_.px(26)), {Face::Bold, 16, theme::kText2}, text);
  }
  void pair(std::string_view name, std::string_view value) {
    const Box b = take(f_.px(26));
    const float taken = f_.label(b, {Face::Bold, 16, theme::kText}, value, Align::Right);
    f_.label({b.x, b.y, b.w - taken - f_.px(12), b.h}, {Face::Regular, 16, theme::kText2}, name);
  }

 private:
  Frame& f_;
  float x_, y_, w_;
};

void draw_table(Frame& f, Column& at, const EquipmentTable& table) {
  at.head(f.say(table.title));
  const auto line = [&](const std::vector<Text>& cells, const Ink& ink) {
    const Box b = at.take(f.px(24));
    const float w = b.w / static_cast<float>(std::max<std::size_t>(cells.size(), 1));
    for (std::size_t i = 0; i < cells.size(); ++i)
      f.label({b.x + w * static_cast<float>(i), b.y, w - f.px(6), b.h}, ink, f.say(cells[i]));
  };
  line(table.columns, {Face::Regular, 16, theme::kText3});
  for (const EquipmentRow& row : table.rows) line(row.cells, {Face::Regular, 16, theme::kText});
}

float draw_body(Frame& f, const EquipmentItem& item, const Box& room, float y) {
  Column at(f, room.x, y, room.w);
  const Box picture{room.x, y, room.w, room.w * 9 / 16};
  if (draw_check_picture(f, picture, item)) (void)at.take(picture.h + f.px(10));
  const VerdictLook look = look_of(item.verdict);
  const Box verdict = at.take(f.px(34));
  f.chip(verdict.x, verdict.y + f.px(2), look.icon, f.say(look.word),
         look.ground ? look.ground : theme::kPanelRow, look.ground ? theme::kBlack : theme::kText);
  at.words({Face::Bold, 18, theme::kText}, f.say(item.found));
  at.words({Face::Regular, 16, theme::kText2}, f.say(item.cause));
  at.words({Face::Bold, 18, theme::kText}, f.say(item.action));
  if (!item.device.empty()) at.pair(f.say(Word::DetailDevice), item.device);
  if (item.again.size() >= 16)  // 2026-11-22T09:30
    at.pair(f.say(Word::DetailAgain), item.again.substr(11, 5));
  if (!item.figures.empty()) at.head(f.say(Word::DetailFigures));
  for (const EquipmentFigure& one : item.figures)
    at.pair(f.say(figure_name(one.id)), figure_words(one));
  for (const EquipmentTable& table : item.tables) draw_table(f, at, table);
  return at.y() - y;
}

}  // namespace

void draw_check_detail(DeskPage& d, const Box& b, const EquipmentItem& item) {
  Frame& f = d.frame;
  f.panel(b, Icon::Pass, f.say(item.name));
  const float foot = f.px(52), inset = f.px(14);
  const Box room{b.x + inset, b.y + f.px(44), b.w - 2 * inset, b.h - f.px(54) - foot};
  const std::string scroll = "check.detail." + item.id;
  const float shift = f.begin_scroll(scroll, room);
  const float h = draw_body(f, item, room, room.y + shift);
  f.end_scroll(scroll, room, h);
  const float y = b.bottom() - foot, w = (b.w - 3 * inset) / 2;
  if (f.button("detail.back", {b.x + inset, y, w, f.px(42)}, Icon::Return, f.say(Word::DetailBack)))
    f.ui.check_item.clear();
  const EquipmentProgress& e = d.snapshot.equipment;
  if (!e.running && f.button("detail.again", {b.x + 2 * inset + w, y, w, f.px(42)}, Icon::Arrow,
                             f.say(Word::TestOne), !d.snapshot.live, f.say(Word::TestLive)))
    test_again(d, {&item});
}

}  // namespace kakehashi
