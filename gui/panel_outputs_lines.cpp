// SPDX-License-Identifier: GPL-3.0-or-later
// One destination: its name, how it is, whom it reaches and how its line is, and its switch. The
// switch is held like every control that the audience notices.
#include <algorithm>

#include "gui/output_lines.h"

namespace kakehashi {
namespace {

constexpr float kSwitch = 72;  // px at 100 %

// On air the last one is not switched off here: that is the button below.
bool may_switch(const Snapshot& s, const OutputStatus& o) {
  if (o.always || !s.live || !o.enabled) return true;
  return std::count_if(s.outputs.begin(), s.outputs.end(), [](const OutputStatus& other) {
           return other.enabled && !other.always;
         }) > 1;
}

Word line_word(const OutputStatus& o) {
  switch (o.line) {
    case LineWord::Ample:
      return Word::LineGood;
    case LineWord::Tight:
      return Word::LineTight;
    case LineWord::Short:
      return Word::LineBad;
    case LineWord::None:
      break;
  }
  // Not measured (a folder): ms of programme waiting in the queue.
  return o.queue_ms < 300 ? Word::LineGood : o.queue_ms < 1500 ? Word::LineTight : Word::LineBad;
}

void draw_switch(DeskPage& d, const Box& b, const OutputStatus& o) {
  Frame& f = d.frame;
  const bool may = may_switch(d.snapshot, o);
  const Touch t = f.touch("output." + o.id, b, may, kHoldToAct);
  const ImU32 ink = f.button_ground({t.hovered, false, false, false, t.focused, 0}, b, may);
  f.focus_ring(t, b);
  if (t.hold > 0) f.ring(b.x + b.w / 2, b.middle(), f.px(21), t.hold, theme::kText);
  const Box upper{b.x, b.y + f.px(2), b.w, b.h / 2}, lower{b.x, b.middle() - f.px(1), b.w, b.h / 2};
  f.label(upper, {Face::Bold, 16, may ? ink : theme::kText3},
          f.say(o.enabled ? Word::OutSwitchOff : Word::OutSwitchOn), Align::Centre);
  f.label(lower, {Face::Regular, 16, may ? theme::kText2 : theme::kText3}, f.say(Word::OutHold),
          Align::Centre);
  if (t.clicked) d.out.emplace_back(SetDestination{o.id, !o.enabled});
}

// In half a panel the name has its line alone; below it stands what is wrong, or the line's word.
void draw_narrow(Frame& f, const Box& b, const OutputStatus& o, const std::string& below) {
  const Touch t = f.touch("output.words." + o.id, b);
  f.focus_ring(t, b, 4);
  const OutputLamp lamp = lamp_of(o);
  const Box first{b.x, b.y, b.w, f.px(26)}, second{b.x, first.bottom(), b.w, f.px(26)};
  Ink name{Face::Bold, 18, theme::kText};
  if (f.width(name, f.say(o.name)) > b.w) name.px = 16;
  f.label(first, name, f.say(o.name));
  f.whole_name(t, b, {Face::Bold, 18, 0}, f.say(o.name) + " / " + below, 0);
  if (lamp.alarm) {
    f.chip(second.x, second.y, lamp.icon, f.say(lamp.word), theme::kCaution, theme::kBlack);
    return;
  }
  float x = second.x;
  if (lamp.icon != Icon::None) {
    f.icon(lamp.icon, x + f.px(8), second.middle(), 16, theme::kText);
    x += f.px(22);
  }
  const bool measured = o.enabled && !o.always && o.state == OutputState::Live;
  f.label({x, second.y, second.right() - x, second.h}, {Face::Regular, 16, theme::kText2},
          f.say(measured ? line_word(o) : lamp.word));
}

}  // namespace

OutputLamp lamp_of(const OutputStatus& o) {
  if (!o.enabled) return {Word::OutOff, Icon::None, false};
  switch (o.state) {
    case OutputState::Standby:
      return {Word::OutStandby, Icon::Wait, false};
    case OutputState::Connecting:
      return {Word::OutConnecting, Icon::Wait, false};
    case OutputState::Live:
      return {o.always ? Word::OutShowing : Word::OutLive, Icon::Check, false};
    case OutputState::Reconnecting:
      return {Word::OutReconnecting, Icon::Caution, true};
    case OutputState::Failed:
      break;
  }
  return {Word::OutFailed, Icon::Cross, true};
}

std::string output_below(const OutputStatus& o, Language language) {
  if (const std::string& reason = o.reason.pick(language); o.enabled && !reason.empty())
    return what_to_do(reason);
  std::string text(scope_word(o.scope, language));
  if (!o.backup_of.empty()) text += " / " + std::string(word(Word::OutBackup, language));
  if (!o.enabled || o.always || o.state != OutputState::Live) return text;
  text += " / " + std::string(word(line_word(o), language));
  return text + " " + figure(o.kbps / 1000, 1) + " Mb/s";
}

void draw_output_row(Frame& f, const Box& b, std::string_view name, const OutputLamp& lamp,
                     std::string_view below) {
  const Ink word_ink{Face::Bold, 16, lamp.alarm ? theme::kBlack : theme::kText};
  const std::string_view text = f.say(lamp.word);
  const float w = f.width(word_ink, text) + (lamp.icon == Icon::None ? 0
                                             : lamp.alarm            ? f.px(36)
                                                                     : f.px(24));
  const Box first{b.x, b.y, b.w, f.px(28)};
  const float x = first.right() - w;
  if (lamp.alarm)
    f.chip(x, first.y + f.px(1), lamp.icon, text, theme::kCaution, theme::kBlack);
  else {
    if (lamp.icon != Icon::None) f.icon(lamp.icon, x + f.px(8), first.middle(), 16, theme::kText);
    f.label(first, {Face::Regular, 16, theme::kText}, text, Align::Right);
  }
  f.label({first.x, first.y, first.w - w - f.px(10), first.h}, {Face::Bold, 18, theme::kText},
          name);
  f.label({b.x, first.bottom(), b.w, f.px(22)}, {Face::Regular, 16, theme::kText2}, below);
}

void draw_output(DeskPage& d, const Box& b, const OutputStatus& o) {
  Frame& f = d.frame;
  const float side = f.px(kSwitch);
  const Box words{b.x, b.y, b.w - side - f.px(10), b.h};
  const std::string below = output_below(o, f.language);
  if (b.w < f.px(330))
    draw_narrow(f, words, o, below);
  else
    draw_output_row(f, words, f.say(o.name), lamp_of(o), below);
  draw_switch(d, {b.right() - side, b.y + f.px(3), side, f.px(46)}, o);
}

}  // namespace kakehashi
