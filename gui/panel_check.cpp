// SPDX-License-Identifier: GPL-3.0-or-later
// 点検: the equipment test. Worst first, cause and one action per row; passes are quiet lines.
#include <algorithm>
#include <cmath>
#include <vector>

#include "gui/panels.h"

namespace kakehashi {
namespace {

struct VerdictLook {
  Word word;
  Icon icon;
  ImU32 ground;  // 0: no plate
};
VerdictLook look_of(Verdict v) {
  switch (v) {
    case Verdict::Fail:
      return {Word::VerdictFail, Icon::Cross, theme::kProgram};
    case Verdict::Caution:
      return {Word::VerdictCaution, Icon::Caution, theme::kCaution};
    case Verdict::Running:
      return {Word::VerdictRunning, Icon::Wait, 0};
    case Verdict::Waiting:
      return {Word::VerdictWaiting, Icon::Wait, 0};
    case Verdict::Skipped:
      return {Word::VerdictSkipped, Icon::None, 0};
    case Verdict::Pass:
      break;
  }
  return {Word::VerdictPass, Icon::Pass, 0};
}

int severity(Verdict v) {
  switch (v) {
    case Verdict::Fail:
      return 0;
    case Verdict::Caution:
      return 1;
    case Verdict::Running:
      return 2;
    case Verdict::Waiting:
      return 3;
    case Verdict::Skipped:
      return 4;
    case Verdict::Pass:
      break;
  }
  return 5;
}

bool troubled(Verdict v) { return v == Verdict::Fail || v == Verdict::Caution; }

int count(const EquipmentResult& r, Verdict v) {
  return static_cast<int>(std::count_if(r.items.begin(), r.items.end(),
                                        [&](const auto& item) { return item.verdict == v; }));
}

const EquipmentFigure* figure_of(const EquipmentResult& r, std::string_view id) {
  for (const auto& item : r.items)
    for (const auto& f : item.figures)
      if (f.id == id) return &f;
  return nullptr;
}

// Icon, word and number of one verdict; returns where the next one begins, to the left.
float draw_count(DeskPage& d, float right, const Box& bar, Verdict v) {
  Frame& f = d.frame;
  const VerdictLook look = look_of(v);
  const std::string n = std::to_string(count(d.snapshot.equipment.result, v));
  const Ink big{Face::Fixed, 26, theme::kText};
  float x = right - f.width(big, n);
  f.label({x, bar.y, right - x + f.px(4), bar.h}, big, n);
  const std::string_view text = f.say(look.word);
  const float w = f.width({Face::Bold, 16, 0}, text) + f.px(42);
  x -= w + f.px(6);
  f.chip(x, bar.middle() - f.px(13), look.icon, text, look.ground ? look.ground : theme::kPanel,
         look.ground ? theme::kBlack : theme::kText);
  return x - f.px(18);
}

void draw_lengths(DeskPage& d, const Box& room) {
  Frame& f = d.frame;
  constexpr Word kWords[] = {Word::TestWhole, Word::TestQuick, Word::TestBurnIn};
  const float w = room.w / 3;
  for (int i = 0; i < 3; ++i) {
    const Box b{room.x + w * static_cast<float>(i), room.y, w - f.px(4), room.h};
    const Touch t = f.touch("test.length." + std::to_string(i), b);
    const bool chosen = f.ui.test_length == i;
    f.fill(b, chosen || t.hovered ? theme::kHover : theme::kRaise, 6);
    if (chosen) f.edge(b, theme::kText, 2, 6);
    f.focus_ring(t, b);
    draw_choice_word(f, t, b, f.say(kWords[i]), chosen);
    if (t.clicked) f.ui.test_length = i;
  }
}

void draw_head(DeskPage& d, const Box& bar) {
  Frame& f = d.frame;
  const EquipmentProgress& e = d.snapshot.equipment;
  const auto items = static_cast<int>(e.result.items.size());
  f.fill(bar, theme::kPanel, 6);
  float right = bar.right() - f.px(14);
  const float h = bar.h - f.px(24);
  const auto place = [&](float w) {
    right -= w;
    const Box b{right, bar.y + f.px(12), w, h};
    right -= f.px(12);
    return b;
  };
  if (e.running) {
    if (f.button("test.cancel", place(f.px(150)), Icon::Cross, f.say(Word::TestCancel)))
      d.out.emplace_back(TestEquipment{.on = false});
  } else {
    const bool can = !d.snapshot.live;
    if (f.button("test.start", place(f.px(232)), Icon::Arrow,
                 f.say(items > 0 ? Word::TestAgain : Word::TestStart), can, f.say(Word::TestLive)))
      d.out.emplace_back(
          TestEquipment{true, f.ui.test_length == 1, f.ui.test_length == 2 ? 60.0 : 0.0});
    draw_lengths(d, place(f.px(378)));
  }
  if (items > 0) {
    right -= f.px(6);
    for (const Verdict v : {Verdict::Fail, Verdict::Caution, Verdict::Pass})
      right = draw_count(d, right, bar, v);
  }
  const float x = bar.x + f.px(18), w = right - x - f.px(12);
  const Box upper{x, bar.y + f.px(10), w, bar.h * 0.46F};
  const Box lower{x, upper.bottom(), w, bar.bottom() - f.px(8) - upper.bottom()};
  const Ink head{Face::Bold, 22, theme::kText}, note{Face::Regular, 16, theme::kText2};
  if (!e.running) {
    f.label(upper, head, f.say(items > 0 ? Word::TestDone : Word::TestNone));
    const std::string sheet =
        e.html.empty() ? std::string() : word(Word::SheetAt, f.language, {e.html});
    const std::string& refusal = f.say(e.refusal);
    f.label(lower, note,
            !refusal.empty() ? refusal
            : items > 0      ? sheet
                             : std::string(f.say(Word::TestNoneHint)));
    return;
  }
  const int done = items - count(e.result, Verdict::Waiting) - count(e.result, Verdict::Running);
  const float words = f.label(
      upper, head,
      word(Word::TestOf, f.language, {std::to_string(items), std::to_string(std::max(0, done))}));
  const Box line{x + words + f.px(24), upper.middle() - f.px(6), w - words - f.px(24), f.px(12)};
  if (line.w > f.px(40)) {
    f.fill(line, theme::kWell, 6);
    f.fill({line.x, line.y, line.w * static_cast<float>(std::clamp(e.progress, 0.0, 1.0)), line.h},
           theme::kText2, 6);
  }
  std::string now = word(Word::TestNow, f.language, {f.say(e.now)});
  if (e.seconds_left >= 0)
    now += "  " + word(Word::TestLeft, f.language, {clock_text(e.seconds_left, false)});
  f.label(lower, note, now);
}

// Two lines and an edge for what needs a hand, one line for the rest.
float draw_item(DeskPage& d, const EquipmentItem& item, const Box& row, bool first) {
  Frame& f = d.frame;
  const VerdictLook look = look_of(item.verdict);
  const bool wide = troubled(item.verdict);
  const float inset = f.px(10);
  if (wide) {
    f.fill(row, theme::kPanelRow, 6);
    if (first && item.verdict == Verdict::Fail) f.edge(row, theme::kProgram, 2, 6);
  }
  const float name_x = row.x + f.px(134), found_x = row.x + row.w * 0.37F;
  const float act_x = row.x + row.w * 0.71F;
  const std::string_view verdict = f.say(look.word);
  if (look.ground)
    f.chip(row.x + inset, row.middle() - f.px(13), look.icon, verdict, look.ground, theme::kBlack);
  else {
    f.icon(look.icon, row.x + inset + f.px(10), row.middle(), 20, theme::kText2);
    f.label({row.x + inset + f.px(28), row.y, f.px(84), row.h}, {Face::Regular, 16, theme::kText2},
            verdict);
  }
  const bool strong = wide || item.verdict == Verdict::Running;
  const Ink name{strong ? Face::Bold : Face::Regular, 18, theme::kText};
  const float name_w = found_x - name_x - inset;
  if (wide && f.width(name, f.say(item.name)) > name_w)
    f.paragraph({name_x, row.y + f.px(8), name_w, row.h - f.px(12)}, name, f.say(item.name));
  else
    f.label({name_x, row.y, name_w, row.h}, name, f.say(item.name));
  const float found_w = (wide ? act_x : row.right()) - found_x - inset;
  if (!wide) {
    const std::string& text =
        item.verdict == Verdict::Skipped ? f.say(item.cause) : f.say(item.found);
    f.label({found_x, row.y, found_w, row.h}, {Face::Regular, 16, theme::kText2}, text);
    f.fill({row.x, row.bottom(), row.w, std::max(1.0F, f.px(1))}, theme::kLine);
    return row.h;
  }
  f.label({found_x, row.y + f.px(4), found_w, row.h / 2 - f.px(4)}, {Face::Bold, 18, theme::kText},
          f.say(item.found));
  f.label({found_x, row.middle(), found_w, row.h / 2 - f.px(6)}, {Face::Regular, 16, theme::kText2},
          f.say(item.cause));
  f.paragraph({act_x, row.y + f.px(8), row.right() - act_x - inset, row.h - f.px(12)},
              {Face::Bold, 18, theme::kText}, f.say(item.action));
  return row.h;
}

void draw_results(DeskPage& d, const Box& b) {
  Frame& f = d.frame;
  const EquipmentProgress& e = d.snapshot.equipment;
  f.panel(b, Icon::Pass, f.say(Word::ResultHead),
          e.running ? std::string_view() : f.say(Word::ResultOrder));
  const Box head{b.x + f.px(8), b.y + f.px(40), b.w - f.px(16), f.px(34)};
  f.fill(head, theme::kPanelRow, 4);
  const Ink small{Face::Regular, 16, theme::kText3};
  f.label({head.x + f.px(10), head.y, f.px(110), head.h}, small, f.say(Word::ColumnVerdict));
  f.label({head.x + f.px(134), head.y, head.w * 0.37F - f.px(142), head.h}, small,
          f.say(Word::ColumnItem));
  f.label({head.x + head.w * 0.37F, head.y, head.w * 0.34F, head.h}, small,
          f.say(Word::ColumnFound));
  f.label({head.x + head.w * 0.71F, head.y, head.w * 0.29F, head.h}, small,
          f.say(Word::ColumnAction));
  std::vector<const EquipmentItem*> rows;
  for (const auto& item : e.result.items) rows.push_back(&item);
  // Not while it runs: a row must not move away from under the eye that reads it.
  if (!e.running)
    std::stable_sort(rows.begin(), rows.end(), [](const auto* x, const auto* y) {
      return severity(x->verdict) < severity(y->verdict);
    });
  const Box room{head.x, head.bottom() + f.px(6), head.w, b.bottom() - head.bottom() - f.px(14)};
  const float shift = f.begin_scroll("check.rows", room);
  float y = room.y + shift;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const float h = troubled(rows[i]->verdict) ? f.px(68) : f.px(40);
    y += draw_item(d, *rows[i], {room.x, y, room.w, h}, i == 0) + f.px(4);
  }
  f.end_scroll("check.rows", room, y - shift - room.y);
}

// Sound against picture on a line: what is good lies between the brackets (EBU R37). The figure
// says how late the picture is: that is how early the sound.
void draw_offset(DeskPage& d, const Box& b) {
  Frame& f = d.frame;
  f.panel(b, Icon::Speaker, f.say(Word::OffsetHead));
  const EquipmentFigure* offset = figure_of(d.snapshot.equipment.result, "offset_ms");
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

void draw_check(DeskPage& d) {
  Frame& f = d.frame;
  const Box room = stage_room(d);
  const float gap = f.px(12);
  const Box head{room.x, room.y, room.w, f.px(76)};
  draw_head(d, head);
  const float y = head.bottom() + gap, h = room.bottom() - y;
  const float side = std::clamp(room.w * 0.31F, f.px(330), f.px(600));
  draw_results(d, {room.x, y, room.w - side - gap, h});
  const float x = room.right() - side, button = f.px(72);
  const float rest = h - button - gap;
  const float offset = std::min(f.px(160), rest * 0.32F);
  const float lines = std::min(f.px(230), (rest - offset - 2 * gap) * 0.45F);
  draw_offset(d, {x, y, side, offset});
  draw_lines(d, {x, y + offset + gap, side, lines});
  const float differ = y + offset + lines + 2 * gap;
  draw_differences(d, {x, differ, side, room.bottom() - button - gap - differ});
  if (next_stage(f, "next.practice", {x, room.bottom() - button, side, button}, Word::ToPractice,
                 Word::ToPracticeNote))
    f.ui.page = Page::Show;
}

}  // namespace kakehashi
