// SPDX-License-Identifier: GPL-3.0-or-later
// 点検: the equipment test. Worst first, cause and one action per row; passes are quiet lines.
#include <algorithm>
#include <vector>

#include "gui/check_parts.h"

namespace kakehashi {

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

bool troubled(Verdict v) { return v == Verdict::Fail || v == Verdict::Caution; }

void test_again(DeskPage& d, const std::vector<const EquipmentItem*>& items) {
  TestEquipment wish;
  wish.quick = d.snapshot.equipment.result.quick;
  for (const EquipmentItem* item : items) {
    const std::string& part = item->part.empty() ? item->id : item->part;
    if (std::find(wish.only.begin(), wish.only.end(), part) == wish.only.end())
      wish.only.push_back(part);
  }
  d.out.emplace_back(std::move(wish));
}

bool draw_check_picture(Frame& f, const Box& b, const EquipmentItem& item) {
  if (item.picture.empty()) return false;
  const auto ref = f.pictures ? f.pictures("check." + item.id) : std::nullopt;
  if (!ref) return false;
  f.fill(b, theme::kWell, 2);
  f.picture(b, *ref);
  return true;
}

namespace {

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

int count(const EquipmentResult& r, Verdict v) {
  return static_cast<int>(std::count_if(r.items.begin(), r.items.end(),
                                        [&](const auto& item) { return item.verdict == v; }));
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
    f.label(upper, head,
            f.say(items == 0         ? Word::TestNone
                  : e.result.stopped ? Word::TestStopped
                                     : Word::TestDone));
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

// Only what can be seen can be touched.
Box seen(const Box& b, const Box& room) {
  const float top = std::max(b.y, room.y), bottom = std::min(b.bottom(), room.bottom());
  return {b.x, top, b.w, std::max(bottom - top, 0.0F)};
}

struct Columns {
  float name, found, action, right;
};
Columns columns_of(Frame& f, const Box& row) {
  return {row.x + f.px(134), row.x + row.w * 0.37F, row.x + row.w * 0.71F, row.right()};
}

void draw_verdict(Frame& f, Verdict v, const Box& row) {
  const VerdictLook look = look_of(v);
  const float x = row.x + f.px(10);
  if (look.ground) {
    f.chip(x, row.y + f.px(8), look.icon, f.say(look.word), look.ground, theme::kBlack);
    return;
  }
  f.icon(look.icon, x + f.px(10), row.middle(), 20, theme::kText2);
  const float icon = look.icon == Icon::None ? 0 : f.px(28);
  f.label({x + icon, row.y, f.px(112) - icon, row.h}, {Face::Regular, 16, theme::kText2},
          f.say(look.word));
}

void touch_row(DeskPage& d, const EquipmentItem& item, const Box& row, const Box& room) {
  Frame& f = d.frame;
  const Box part = seen(row, room);
  if (part.h < f.px(12)) return;
  const Touch t = f.touch("check.item." + item.id, part);
  if (t.hovered || f.ui.check_item == item.id) f.edge(row, theme::kText, 2, 6);
  f.focus_ring(t, row);
  if (t.clicked) f.ui.check_item = f.ui.check_item == item.id ? std::string() : item.id;
}

// What passed, waits or was not tested: one line.
void draw_quiet_row(DeskPage& d, const EquipmentItem& item, const Box& row, const Box& room) {
  Frame& f = d.frame;
  const Columns at = columns_of(f, row);
  draw_verdict(f, item.verdict, row);
  const float gap = f.px(10), w = f.px(60);
  const Face face = item.verdict == Verdict::Running ? Face::Bold : Face::Regular;
  // The name before the picture: that is in the details, too.
  const bool room_for_both =
      f.width({face, 18, 0}, f.say(item.name)) + w + 2 * gap <= at.found - at.name;
  const bool shown =
      room_for_both &&
      draw_check_picture(f, {at.found - gap - w, row.y + f.px(3), w, row.h - f.px(6)}, item);
  f.label({at.name, row.y, at.found - at.name - gap - (shown ? w + gap : 0), row.h},
          {face, 18, theme::kText}, f.say(item.name));
  f.label({at.found, row.y, at.right - at.found - gap, row.h}, {Face::Regular, 16, theme::kText2},
          f.say(item.verdict == Verdict::Skipped ? item.cause : item.found));
  f.fill({row.x, row.bottom(), row.w, std::max(1.0F, f.px(1))}, theme::kLine);
  touch_row(d, item, row, room);
}

// What needs a hand: what it is, why, the one thing to do, and the button for when it is done.
void draw_loud_row(DeskPage& d, const EquipmentItem& item, const Box& row, const Box& room) {
  Frame& f = d.frame;
  const Columns at = columns_of(f, row);
  const float gap = f.px(10), line = f.px(26), top = row.y + f.px(8);
  f.fill(row, theme::kPanelRow, 6);
  if (item.verdict == Verdict::Fail) f.edge(row, theme::kProgram, 2, 6);
  draw_verdict(f, item.verdict, row);
  const float name_w = at.found - at.name - gap;
  const float used = f.paragraph({at.name, top, name_w, f.px(56)}, {Face::Bold, 18, theme::kText},
                                 f.say(item.name));
  const float room_h = row.bottom() - f.px(6) - top - used - f.px(4);
  const float picture_h = std::min(f.px(54), room_h);
  draw_check_picture(f, {at.name, top + used + f.px(4), picture_h * 16 / 9, picture_h}, item);
  const float found_w = at.action - at.found - gap;
  // A finding of a few words stands first; a row of figures stands below its meaning.
  const Ink loud{Face::Bold, 18, theme::kText}, soft{Face::Regular, 16, theme::kText2};
  const bool short_words = !item.found.en.empty() && f.width(loud, f.say(item.found)) <= found_w;
  const Text& first = short_words ? item.found : item.cause;
  const Text& then = short_words ? item.cause : item.found;
  const float below =
      top + f.paragraph({at.found, top, found_w, 2 * line}, loud, f.say(first)) + f.px(2);
  f.paragraph({at.found, below, found_w, row.bottom() - below - f.px(4)}, soft, f.say(then));
  const float action_w = at.right - at.action - gap, button = f.px(36);
  f.paragraph({at.action, top, action_w, row.h - button - f.px(18)}, {Face::Bold, 18, theme::kText},
              f.say(item.action));
  touch_row(d, item, {row.x, row.y, at.action - gap - row.x, row.h}, room);
  const Box again{at.right - gap - std::min(action_w, f.px(150)), row.bottom() - button - f.px(6),
                  std::min(action_w, f.px(150)), button};
  if (!d.snapshot.equipment.running && seen(again, room).h >= again.h &&
      f.button("check.again." + item.id, again, Icon::Arrow, f.say(Word::TestOne),
               !d.snapshot.live))
    test_again(d, {&item});
}

// Under the head: what to do next, said in one sentence and, where one press does it, a button.
float draw_guide(DeskPage& d, const Box& line, const std::vector<const EquipmentItem*>& rows) {
  Frame& f = d.frame;
  const EquipmentProgress& e = d.snapshot.equipment;
  if (e.running || rows.empty()) return 0;
  std::vector<const EquipmentItem*> bad, rest;
  for (const EquipmentItem* item : rows) {
    if (troubled(item->verdict)) bad.push_back(item);
    if (item->stopped) rest.push_back(item);
  }
  const Ink ink{Face::Bold, 18, theme::kText};
  std::string text(f.say(bad.empty() ? Word::GuideGood : Word::GuideTrouble));
  if (!rest.empty()) text = word(Word::GuideStopped, f.language, {std::to_string(rest.size())});
  float room = line.w - f.px(20);
  if (!rest.empty() || bad.size() > 1) {
    const std::string_view on = f.say(rest.empty() ? Word::TestTroubled : Word::TestRest);
    const float w = f.width({Face::Bold, 18, 0}, on) + f.px(64);
    room -= w + f.px(10);
    if (f.button("test.part", {line.right() - w, line.y + f.px(2), w, line.h - f.px(4)},
                 Icon::Arrow, on, !d.snapshot.live))
      test_again(d, rest.empty() ? bad : rest);
  }
  f.icon(!rest.empty() || !bad.empty() ? Icon::Caution : Icon::Pass, line.x + f.px(20),
         line.middle(), 20, !rest.empty() ? theme::kCaution : theme::kText);
  f.label({line.x + f.px(40), line.y, room - f.px(30), line.h}, ink, text);
  return line.h + f.px(6);
}

void draw_results(DeskPage& d, const Box& b) {
  Frame& f = d.frame;
  const EquipmentProgress& e = d.snapshot.equipment;
  f.panel(b, Icon::Pass, f.say(Word::ResultHead),
          e.running ? std::string_view() : f.say(Word::ResultOrder));
  std::vector<const EquipmentItem*> rows;
  for (const auto& item : e.result.items) rows.push_back(&item);
  // Not while it runs: a row must not move away from under the eye that reads it.
  if (!e.running)
    std::stable_sort(rows.begin(), rows.end(), [](const auto* x, const auto* y) {
      return severity(x->verdict) < severity(y->verdict);
    });
  const float guide =
      draw_guide(d, {b.x + f.px(8), b.y + f.px(40), b.w - f.px(16), f.px(44)}, rows);
  const Box head{b.x + f.px(8), b.y + f.px(40) + guide, b.w - f.px(16), f.px(30)};
  f.fill(head, theme::kPanelRow, 4);
  const Ink small{Face::Regular, 16, theme::kText3};
  f.label({head.x + f.px(10), head.y, f.px(110), head.h}, small, f.say(Word::ColumnVerdict));
  f.label({head.x + f.px(134), head.y, head.w * 0.37F - f.px(142), head.h}, small,
          f.say(Word::ColumnItem));
  f.label({head.x + head.w * 0.37F, head.y, head.w * 0.34F, head.h}, small,
          f.say(Word::ColumnFound));
  f.label({head.x + head.w * 0.71F, head.y, head.w * 0.29F, head.h}, small,
          f.say(Word::ColumnAction));
  const Box room{head.x, head.bottom() + f.px(6), head.w, b.bottom() - head.bottom() - f.px(14)};
  const float shift = f.begin_scroll("check.rows", room);
  float y = room.y + shift;
  for (const EquipmentItem* item : rows) {
    const bool loud = troubled(item->verdict);
    const Box row{room.x, y, room.w, f.px(loud ? 104 : 40)};
    y = row.bottom() + f.px(4);
    if (row.bottom() <= room.y || row.y >= room.bottom()) continue;
    if (loud)
      draw_loud_row(d, *item, row, room);
    else
      draw_quiet_row(d, *item, row, room);
  }
  f.end_scroll("check.rows", room, y - shift - room.y);
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
  const Box beside{x, y, side, h - button - gap};
  const EquipmentItem* item = find_by_id(d.snapshot.equipment.result.items, f.ui.check_item);
  if (item)
    draw_check_detail(d, beside, *item);
  else
    draw_check_side(d, beside);
  if (next_stage(f, "next.practice", {x, room.bottom() - button, side, button}, Word::ToPractice,
                 Word::ToPracticeNote))
    f.ui.page = Page::Show;
}

}  // namespace kakehashi
