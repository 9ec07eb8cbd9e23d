// SPDX-License-Identifier: GPL-3.0-or-later
// Where the program goes: destinations, recording, the hall's screen; and the buttons that start
// and stop, in the corner farthest from take. Going live and every stop need a hold of 2 s.
#include <algorithm>
#include <cstdio>

#include "gui/output_lines.h"

namespace kakehashi {
namespace {

void draw_hold(DeskPage& d, const std::string& id, const Box& b, ImU32 color, Icon icon, Word what,
               Word means, bool enabled, std::string_view reason, Command wish) {
  Frame& f = d.frame;
  const Touch t = f.touch(id, b, enabled, kHoldToAct);
  if (!enabled) {
    f.button_ground(t, b, false, 6);
    f.label({b.x + f.px(14), b.y + f.px(4), b.w - f.px(28), b.h / 2 - f.px(4)},
            {Face::Bold, 18, theme::kText3}, f.say(what), Align::Centre);
    f.label({b.x + f.px(14), b.middle(), b.w - f.px(28), b.h / 2 - f.px(6)},
            {Face::Regular, 16, theme::kText2}, reason, Align::Centre);
    return;
  }
  f.fill(b, t.down || t.hovered ? theme::kHover : theme::kRaise, 6);
  f.edge(b, color, t.down ? 4 : 2, 6);
  f.focus_ring(t, b);
  const float r = std::min(f.px(18), b.h * 0.32F);
  f.ring(b.x + f.px(12) + r, b.middle(), r, t.hold, color);
  if (t.hold <= 0) f.icon(icon, b.x + f.px(12) + r, b.middle(), 14, theme::kText);
  const Box words{b.x + f.px(22) + 2 * r, b.y, b.w - f.px(30) - 2 * r, b.h};
  std::string below(f.say(Word::Hold2s));
  if (t.hold > 0)
    below = word(Word::HoldLeft, f.language,
                 {figure(std::max(0.0, kHoldToAct * (1 - static_cast<double>(t.hold))), 1)});
  f.label({words.x, words.y + f.px(4), words.w, words.h / 2 - f.px(4)},
          {Face::Bold, 18, theme::kText},
          t.hold > 0 && b.w >= f.px(240) ? f.say(means) : f.say(what));
  f.label({words.x, words.middle(), words.w, words.h / 2 - f.px(4)},
          {Face::Regular, 16, theme::kText2}, below);
  if (t.clicked) d.out.push_back(std::move(wish));
}

}  // namespace

void draw_run_buttons(DeskPage& d) {
  Frame& f = d.frame;
  const Snapshot& s = d.snapshot;
  const bool some = std::any_of(s.outputs.begin(), s.outputs.end(),
                                [](const OutputStatus& o) { return o.enabled && !o.always; });
  if (s.live)
    draw_hold(d, "stop_live", d.layout.go_live, theme::kProgram, Icon::Live,
              s.practice ? Word::StopPractice : Word::StopLive, Word::StopLiveMeans, true, {},
              StopLive{});
  else
    draw_hold(d, "go_live", d.layout.go_live, theme::kProgram, Icon::Live,
              s.practice ? Word::GoPractice : Word::GoLive, Word::GoLiveMeans, some,
              f.say(Word::NoOutputs), GoLive{});

  if (s.record.recording) {
    draw_hold(d, "stop_record", d.layout.go_record, theme::kRecord, Icon::Record, Word::StopRecord,
              Word::StopRecord, true, {}, StopRecord{});
    return;
  }
  // Starting to record harms nobody, so a press is enough.
  const Box& b = d.layout.go_record;
  const Touch t = f.touch("start_record", b);
  const ImU32 ink = f.button_ground(t, b, true);
  const float x = b.x + f.px(12) + f.px(18);
  f.icon(Icon::Record, x, b.middle(), 22, t.down ? theme::kWin : theme::kRecord);
  const Box words{x + f.px(28), b.y, b.right() - x - f.px(34), b.h};
  f.label({words.x, words.y + f.px(4), words.w, words.h / 2 - f.px(4)}, {Face::Bold, 18, ink},
          f.say(Word::StartRecord));
  f.label({words.x, words.middle(), words.w, words.h / 2 - f.px(4)},
          {Face::Regular, 16, t.down ? theme::kWin : theme::kText2}, f.say(Word::Press));
  if (t.clicked) d.out.emplace_back(StartRecord{});
}

void draw_outputs(DeskPage& d) {
  Frame& f = d.frame;
  const Snapshot& s = d.snapshot;
  const Box& b = d.layout.outputs;
  f.panel(b, Icon::Mast, f.say(Word::Outputs));
  const float foot = d.layout.compact ? f.px(10) : b.bottom() - d.layout.go_live.y + f.px(8);
  const RecordStatus& r = s.record;
  // Marks stand in the head where it is wide enough: nothing jumps when recording begins.
  const bool marks_in_head = !d.layout.compact;
  const float head = f.px(marks_in_head ? 50 : 40);
  if (r.recording && marks_in_head)
    draw_markers(d, {b.right() - f.px(14 + 408), b.y + f.px(4), f.px(408), f.px(44)});
  const Box room{b.x + f.px(14), b.y + head, b.w - f.px(28), b.h - head - foot};
  // A single destination has the whole width: its name and its line are what is looked for.
  const int columns = room.w >= f.px(520) && s.outputs.size() > 1 ? 2 : 1;
  const float gap = f.px(28), h = f.px(54);
  const float w = (room.w - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
  const float shift = f.begin_scroll("outputs", room);
  int n = 0;
  const auto next = [&] {
    const Box cell{room.x + static_cast<float>(n % columns) * (w + gap),
                   room.y + shift + static_cast<float>(n / columns) * h, w, h};
    ++n;
    return cell;
  };
  for (const OutputStatus& o : s.outputs) draw_output(d, next(), o);

  std::string left = what_to_do(f.say(r.reason));
  if (left.empty() && r.hours_left >= 1)
    left = word(Word::HoursLeft, f.language, {figure(r.hours_left, 0)});
  else if (left.empty() && r.hours_left > 0)
    left = word(Word::MinutesLeft, f.language, {figure(r.hours_left * 60, 0)});
  if (f.say(r.reason).empty() && !r.iso.empty())
    left += std::string(left.empty() ? "" : " / ") +
            word(Word::IsoToo, f.language, {std::to_string(r.iso.size())});
  const OutputLamp record = !f.say(r.reason).empty()
                                ? OutputLamp{Word::Caution, Icon::Caution, true}
                            : r.proven    ? OutputLamp{Word::Recording, Icon::Check, false}
                            : r.recording ? OutputLamp{Word::RecordProving, Icon::Wait, false}
                                          : OutputLamp{Word::RecordingOff, Icon::None, false};
  draw_output_row(f, next(), f.say(Word::RecordRow), record, left);

  // A line of its own: its words and its two buttons need the width.
  if (n % columns != 0) n += columns - n % columns;
  Box hall = next();
  hall.w = room.w;
  n += columns - 1;
  const float act_w = f.px(112);
  const float choose_w = f.px(132);
  const float words_w = hall.w - act_w - choose_w - f.px(12);
  f.label({hall.x, hall.y, words_w, f.px(28)}, {Face::Bold, 18, theme::kText},
          f.say(Word::HallScreen));
  const std::string shows = !s.screen_running       ? std::string(f.say(Word::HallScreenOff))
                            : s.venue_scene.empty() ? std::string(f.say(Word::BusFollows))
                                                    : scene_name(s, s.venue_scene, f.language);
  f.label({hall.x, hall.y + f.px(28), words_w, f.px(22)}, {Face::Regular, 16, theme::kText2},
          shows);
  if (f.button("buses.open",
               {hall.right() - act_w - choose_w - f.px(6), hall.y + f.px(3), choose_w, f.px(46)},
               Icon::None, f.say(Word::BusChoose)))
    f.ui.drawer = f.ui.drawer == Drawer::Buses ? Drawer::None : Drawer::Buses;
  const Box act{hall.right() - act_w, hall.y + f.px(3), act_w, f.px(46)};
  if (s.screen_running) {
    // The audience in the hall sees this one go, so it is held like the other stops.
    const Touch t = f.touch("screen.close", act, true, kHoldToAct);
    const ImU32 ink = f.button_ground({t.hovered, false, false, false, t.focused, 0}, act, true);
    if (t.hold > 0) f.ring(act.x + f.px(20), act.middle(), f.px(13), t.hold, theme::kText);
    f.label({act.x + f.px(6), act.y + f.px(2), act.w - f.px(12), act.h / 2}, {Face::Bold, 16, ink},
            f.say(Word::HallClose), Align::Centre);
    f.label({act.x + f.px(6), act.middle() - f.px(1), act.w - f.px(12), act.h / 2},
            {Face::Regular, 16, theme::kText2}, f.say(Word::Hold2s), Align::Centre);
    if (t.clicked) d.out.emplace_back(ShowScreen{false, -1});
  } else if (f.button("screen.open", act, Icon::Screen, f.say(Word::HallOpen))) {
    d.out.emplace_back(ShowScreen{true, -1});
  }
  if (r.recording && !marks_in_head) {
    Box marks = next();
    marks.w = room.w;
    n += columns - 1;
    draw_markers(d, {marks.x, marks.y + f.px(2), marks.w, f.px(44)});
  }
  for (const OutputRow& row : more_rows(s, f.language)) {
    Box line = next();
    line.w = room.w;
    n += columns - 1;
    const Touch t = f.touch("row." + row.id, line);
    f.focus_ring(t, line, 4);
    draw_output_row(f, line, row.name, row.lamp, row.below);
    f.whole_name(t, line, {Face::Bold, 18, 0}, row.whole, line.w);
  }
  f.end_scroll("outputs", room, h * static_cast<float>((n + columns - 1) / columns));
}

}  // namespace kakehashi
