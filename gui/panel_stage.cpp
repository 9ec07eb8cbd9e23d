// SPDX-License-Identifier: GPL-3.0-or-later
// Stage line, tabs of compact mode, health line.
#include <cstdio>

#include "gui/panels.h"

namespace kakehashi {
namespace {

// An arrow-shaped plate: where we are among the stages.
float draw_chevron(Frame& f, const char* id, float x, const Box& line, std::string_view text,
                   bool current, Page to) {
  const float h = line.h - f.px(12), y = line.y + f.px(6), tip = f.px(14);
  const Ink ink{current ? Face::Bold : Face::Regular, 18, current ? theme::kWin : theme::kText3};
  const float w = f.width(ink, text) + f.px(56);
  const ImVec2 p[6] = {{x, y},     {x + w - tip, y},    {x + w, y + h / 2}, {x + w - tip, y + h},
                       {x, y + h}, {x + tip, y + h / 2}};
  const Box place{x, y, w - tip, h};  // the tip belongs to the next one
  const Touch t = f.touch(id, place);
  const ImU32 ground = current ? theme::kText : t.hovered ? theme::kHover : theme::kPanelRow;
  // Two convex halves: the notch makes the whole concave.
  const ImVec2 upper[4] = {p[0], p[1], p[2], p[5]}, lower[4] = {p[5], p[2], p[3], p[4]};
  f.draw->AddConvexPolyFilled(upper, 4, ground);
  f.draw->AddConvexPolyFilled(lower, 4, ground);
  f.label({x + tip, y, w - tip, h}, ink, text, Align::Centre);
  f.focus_ring(t, place);
  if (t.clicked) f.ui.page = to;
  return w - tip + f.px(6);
}

}  // namespace

void draw_stage(DeskPage& d) {
  Frame& f = d.frame;
  const Box& line = d.layout.stage;
  float x = f.px(12);
  f.icon(Icon::Bridge, x + f.px(16), line.middle(), 30, theme::kText);
  x += f.px(42);
  x +=
      f.label({x, line.y, f.px(200), line.h}, {Face::Bold, 20, theme::kText}, f.say(Word::AppName));
  x += f.px(16);
  // Only the stages that this desk has. Nothing here can end a broadcast: it turns pages.
  if (d.snapshot.sequence > 0) {
    const bool show = f.ui.page == Page::Show, practice = d.snapshot.practice;
    x += draw_chevron(f, "stage.prepare", x, line, f.say(Word::StagePrepare),
                      f.ui.page == Page::Prepare, Page::Prepare);
    x += draw_chevron(f, "stage.check", x, line, f.say(Word::StageCheck), f.ui.page == Page::Check,
                      Page::Check);
    x += draw_chevron(f, "stage.practice", x, line, f.say(Word::StagePractice), show && practice,
                      Page::Show);
    x += draw_chevron(f, "stage.show", x, line, f.say(Word::StageShow), show && !practice,
                      Page::Show) +
         f.px(24);
  }
  // From the right: language, clock; the event's name takes what is left.
  const float half = f.px(92), h = f.px(38);
  Box en{line.right() - f.px(12) - half, line.middle() - h / 2, half, h};
  Box ja{en.x - half, en.y, half, h};
  const auto choice = [&](const char* id, const Box& b, Word w, Language l) {
    const Touch t = f.touch(id, b);
    const bool chosen = f.language == l;
    f.fill(b, chosen || t.hovered ? theme::kHover : theme::kPanel, 6);
    if (chosen) f.edge(b, theme::kText, 2, 6);
    f.focus_ring(t, b);
    f.label(b, {chosen ? Face::Bold : Face::Regular, 16, chosen ? theme::kText : theme::kText3},
            f.say(w), Align::Centre);
    if (t.clicked) f.ui.language = l;
  };
  choice("language.ja", ja, Word::LanguageJa, Language::Japanese);
  choice("language.en", en, Word::LanguageEn, Language::English);
  const Ink clock{Face::Fixed, 28, theme::kText};
  const float clock_w = f.width(clock, "00:00:00");
  const float clock_x = ja.x - f.px(24) - clock_w;
  f.label({clock_x, line.y, clock_w + 2, line.h}, clock, f.wall);
  f.label({x, line.y, clock_x - x - f.px(24), line.h}, {Face::Bold, 18, theme::kText},
          f.say(d.snapshot.title));
}

void draw_tabs(DeskPage& d) {
  Frame& f = d.frame;
  const Box& room = d.layout.tabs;
  constexpr struct {
    Tab tab;
    Word word;
    const char* id;
  } kTabs[] = {{Tab::Audio, Word::Audio, "tab.audio"},
               {Tab::Multiview, Word::Multiview, "tab.multiview"},
               {Tab::Overlays, Word::Overlays, "tab.overlays"},
               {Tab::Outputs, Word::OutputsTab, "tab.outputs"}};
  const float w = room.w / 4;
  for (int i = 0; i < 4; ++i) {
    const Box b{room.x + w * static_cast<float>(i), room.y, w - f.px(4), room.h};
    const Touch t = f.touch(kTabs[i].id, b);
    const bool chosen = f.ui.tab == kTabs[i].tab;
    f.fill(b, chosen || t.hovered ? theme::kHover : theme::kPanel, 6);
    if (chosen) f.edge(b, theme::kText, 2, 6);
    f.focus_ring(t, b);
    f.label(b, {chosen ? Face::Bold : Face::Regular, 16, chosen ? theme::kText : theme::kText2},
            f.say(kTabs[i].word), Align::Centre);
    if (t.clicked) {
      f.ui.tab = kTabs[i].tab;
      f.ui.drawer = Drawer::None;
    }
  }
}

void draw_health(DeskPage& d) {
  Frame& f = d.frame;
  const Box& line = d.layout.health;
  const Health& h = d.snapshot.health;
  const double late =
      h.ticks ? static_cast<double>(h.late_ticks) / static_cast<double>(h.ticks) : 0;
  const bool well = late < 0.01;
  std::uint64_t dropped = h.skipped_pictures;
  for (const OutputStatus& o : d.snapshot.outputs) dropped += o.dropped;

  f.fill(line, theme::kPanel);
  float x = line.x + f.px(12);
  f.icon(well ? Icon::Pass : Icon::Caution, x + f.px(9), line.middle(), 18,
         well ? theme::kText : theme::kCaution);
  x += f.px(26);
  const auto put = [&](std::string_view text, bool strong) {
    const Ink ink{strong ? Face::Bold : Face::Regular, 16, strong ? theme::kText : theme::kText2};
    if (x + f.width(ink, text) > line.right() - f.px(12)) return;  // the last ones give way
    if (!strong) {
      f.fill({x, line.y + f.px(9), f.px(1), line.h - f.px(18)}, theme::kLine);
      x += f.px(14);
    }
    x += f.label({x, line.y, line.w, line.h}, ink, text) + f.px(14);
  };
  put(f.say(well ? Word::HealthGood : Word::HealthLate), true);
  const Language l = f.language;
  put(word(Word::HealthDrops, l, {std::to_string(dropped)}), false);
  if (h.glass_p50_ms > 0) put(word(Word::HealthDelay, l, {figure(h.glass_p50_ms, 0)}), false);
  if (h.cpu_cores > 0) put(word(Word::HealthCpu, l, {figure(h.cpu_cores, 2)}), false);
  if (d.snapshot.record.hours_left > 0)
    put(word(Word::HealthRecord, l, {figure(d.snapshot.record.hours_left, 0)}), false);
  put(word(Word::HealthTakes, l, {std::to_string(d.snapshot.takes)}), false);
  put(word(Word::HealthDesks, l, {std::to_string(d.snapshot.desks)}), false);
}

}  // namespace kakehashi
