// SPDX-License-Identifier: GPL-3.0-or-later
// Under the emergency card: what to do now, and the way back in two steps. It covers only what
// rests under the card anyway.
#include <algorithm>
#include <cmath>

#include "gui/keys.h"
#include "gui/panels.h"

namespace kakehashi {
namespace {

void step_number(Frame& f, float x, float y, int n, bool current) {
  const float r = f.px(15);
  if (current)
    f.draw->AddCircleFilled({x, y}, r, theme::kAccent);
  else
    f.draw->AddCircle({x, y}, r - 1, theme::kAccent, 0, f.px(2));
  f.label({x - r, y - r, 2 * r, 2 * r}, {Face::Bold, 18, current ? theme::kBlack : theme::kText},
          std::to_string(n), Align::Centre);
}

bool speaks(const StripView& view) {
  const LevelWord w = view.judge.word();
  return w == LevelWord::Good || w == LevelWord::Loud || w == LevelWord::Clipping;
}

void draw_microphone(DeskPage& d, const StripStatus& s, const Box& b) {
  Frame& f = d.frame;
  const StripView& view = f.ui.strips[s.id];
  auto& open = f.ui.rescue.open;
  const auto at = std::find(open.begin(), open.end(), s.id);
  const bool opens = at != open.end();
  const bool narrow = b.w < f.px(480);
  const float act_w = narrow ? f.px(126) : f.px(136), sign_w = f.px(122);
  const Box act{b.right() - act_w, b.y + f.px(1), act_w, f.px(42)};
  const float left = b.w - act_w - sign_w - f.px(20);
  Box name{b.x, b.y, f.px(150), b.h};
  Box meter{b.x + f.px(158), b.middle() - f.px(12), left - f.px(158), f.px(22)};
  if (narrow) {  // the name stands on its meter
    name = {b.x, b.y, left, f.px(24)};
    meter = {b.x, b.y + f.px(24), left, f.px(18)};
  }
  f.label(name, {Face::Regular, narrow ? 16 : 18, theme::kText}, f.say(s.name));
  const bool talk = speaks(view);
  draw_meter(f, meter, view.bar.level(f.now), view.bar.peak(f.now),
             talk ? theme::kMute : theme::kOutline, false);
  const float x = act.x - sign_w - f.px(6);
  if (talk) {
    f.chip(x, b.middle() - f.px(13), Icon::Caution, f.say(Word::CardSpeech), theme::kCaution,
           theme::kBlack);
  } else {
    f.icon(Icon::Check, x + f.px(9), b.middle(), 16, theme::kText2);
    f.label({x + f.px(26), b.y, sign_w - f.px(26), b.h}, {Face::Regular, 16, theme::kText2},
            f.say(level_word(view.judge.word())));
  }
  const Touch t = f.touch("return.mic." + s.id, act);
  const ImU32 ink = f.button_ground(t, act, true);
  f.icon(opens ? Icon::Microphone : Icon::Muted, act.x + f.px(18), act.middle(), 18, ink);
  f.label({act.x + f.px(34), act.y, act.w - f.px(40), act.h},
          {opens ? Face::Bold : Face::Regular, 16, ink},
          f.say(opens ? Word::CardOpens : Word::CardStays));
  if (!t.clicked) return;
  if (opens)
    open.erase(at);
  else
    open.push_back(s.id);
  f.ui.rescue.confirmed = false;  // a changed choice is looked at again
  f.ui.rescue.held_since = f.ui.rescue.counting_since = -1;
}

void draw_confirm(DeskPage& d, const Box& b, bool talk) {
  Frame& f = d.frame;
  const bool done = f.ui.rescue.confirmed;
  const Touch t = f.touch("return.confirm", b, !done);
  if (t.clicked) f.ui.rescue.confirmed = true;
  if (done) {
    f.icon(Icon::Pass, b.x + f.px(20), b.middle(), 22, theme::kText);
    f.label({b.x + f.px(42), b.y, b.w - f.px(50), b.h}, {Face::Bold, 18, theme::kText},
            f.say(Word::CardConfirm));
    return;
  }
  f.fill(b, t.down ? theme::kText : t.hovered ? theme::kHover : theme::kRaise, 6);
  f.edge(b, theme::kAccent, 2, 6);
  f.focus_ring(t, b);
  const ImU32 ink = t.down ? theme::kWin : theme::kText;
  const float cap = f.key_cap_width("Enter") + f.px(12);
  const Ink letters{Face::Bold, 18, ink};
  const std::string text = f.fitted(
      letters, f.say(talk ? Word::CardConfirmSpeech : Word::CardConfirm), b.w - cap - f.px(54));
  const float w = f.width(letters, text) + f.px(26) + cap;
  const float x = b.x + (b.w - w) / 2;
  f.icon(Icon::Check, x + f.px(9), b.middle(), 18, ink);
  f.label({x + f.px(26), b.y, w, b.h}, letters, text);
  f.key_cap(x + w, b.middle(), "Enter", ink);
}

void draw_return(DeskPage& d, const Box& b) {
  Frame& f = d.frame;
  Rescue& r = f.ui.rescue;
  const bool counting = r.counting_since >= 0;
  const Touch t = f.touch("return.hold", b, r.confirmed);
  if (r.confirmed && t.down && (t.hovered || f.ui.enter_down)) f.return_held = true;
  // A new press during the countdown stops it, like Esc.
  if (counting && t.pressed && f.ui.pressed_at > r.counting_since) r.counting_since = -1;

  const ImU32 ground_ink =
      f.button_ground({t.hovered, false, false, false, t.focused, 0}, b, r.confirmed);
  if (r.confirmed) f.edge(b, theme::kAccent, 3, 6);
  const float radius = f.px(24);
  const float cx = b.x + f.px(16) + radius;
  const float held =
      r.held_since >= 0 ? static_cast<float>((f.now - r.held_since) / kReturnHold) : 0;
  f.ring(cx, b.middle(), radius, counting ? 1 : held, theme::kAccent);
  const std::string scene = scene_name(d.snapshot, d.snapshot.program, f.language);
  std::string head = word(Word::CardBackTo, f.language, {scene});
  std::string_view below = f.say(r.confirmed ? Word::CardHold : Word::CardLocked);
  if (counting || r.sent) {
    const double left = r.sent ? 0 : kReturnCount - (f.now - r.counting_since);
    const int n = std::max(1, static_cast<int>(std::ceil(left)));
    head = word(Word::CardCounting, f.language, {r.sent ? "" : std::to_string(n)});
    if (!r.sent)
      f.label({cx - radius, b.y, 2 * radius, b.h}, {Face::Bold, 24, theme::kText},
              std::to_string(n), Align::Centre);
    below = r.sent ? std::string_view() : f.say(Word::CardCancel);
  }
  const float x = cx + radius + f.px(16);
  const float cap = f.key_cap_width("Esc") + f.px(20);
  f.label({x, b.y + f.px(4), b.right() - x - cap, b.h * 0.52F}, {Face::Bold, 24, ground_ink}, head);
  f.label({x, b.y + b.h * 0.56F, b.right() - x - f.px(12), b.h * 0.38F},
          {Face::Regular, 16, theme::kText2}, below);
  f.key_cap(b.right() - f.px(12), b.y + b.h * 0.3F, "Esc", ground_ink);
}

}  // namespace

void draw_rescue(DeskPage& d) {
  Frame& f = d.frame;
  const Box& b = d.layout.rescue;
  f.fill(b, theme::kPanel, 8);
  f.edge(b, theme::kAccent, 3, 8);
  const Box in{b.x + f.px(18), b.y + f.px(14), b.w - f.px(36), b.h - f.px(28)};
  float y = in.y;
  y +=
      f.paragraph({in.x, y, in.w, f.px(56)}, {Face::Bold, 18, theme::kText}, f.say(Word::CardCalm));
  y += f.px(4);
  const bool low = b.h < f.px(580);
  for (const Word w : {Word::CardRun1, Word::CardRun2, Word::CardRun3}) {
    f.label({in.x + f.px(4), y, in.w, f.px(24)}, {Face::Regular, low ? 16 : 18, theme::kText2},
            f.say(w));
    y += low ? f.px(23) : f.px(27);
  }
  y += low ? f.px(4) : f.px(8);
  f.fill({in.x, y, in.w, std::max(1.0F, f.px(1))}, theme::kLine);
  y += low ? f.px(6) : f.px(12);

  const bool confirmed = f.ui.rescue.confirmed;
  step_number(f, in.x + f.px(15), y + f.px(16), 1, !confirmed);
  const Box head1{in.x + f.px(42), y, in.w - f.px(42), f.px(32)};
  const float used = f.label(head1, {Face::Bold, 20, theme::kText}, f.say(Word::CardStep1));
  f.aside({head1.x + used + f.px(8), y, head1.w - used - f.px(8), head1.h},
          {Face::Regular, 16, theme::kText3}, f.say(Word::CardNobody));
  y += f.px(38);

  // From the bottom: the return button, its head, the confirm button; the list takes the middle.
  const float hold_h = low ? f.px(64) : f.px(76);
  const Box hold{in.x, in.bottom() - hold_h, in.w, hold_h};
  const Box head2{in.x + f.px(42), hold.y - f.px(40), in.w - f.px(42), f.px(34)};
  std::vector<const StripStatus*> microphones;
  for (const StripStatus& s : d.snapshot.strips)
    if (s.microphone) microphones.push_back(&s);
  const float row = f.px(48);
  const float list_h = row * static_cast<float>(std::max<std::size_t>(microphones.size(), 1));
  const float room = head2.y - f.px(8) - f.px(48) - f.px(8) - y;
  const Box list{in.x, y, in.w, std::min(list_h, room)};
  bool talk = false;
  if (microphones.empty())
    f.label(list, {Face::Regular, 18, theme::kText2}, f.say(Word::CardNoMics));
  const float shift = f.begin_scroll("rescue", list);
  for (std::size_t i = 0; i < microphones.size(); ++i) {
    talk |= speaks(f.ui.strips[microphones[i]->id]);
    draw_microphone(d, *microphones[i],
                    {list.x, list.y + shift + row * static_cast<float>(i), list.w, f.px(44)});
  }
  f.end_scroll("rescue", list, list_h);
  draw_confirm(d, {in.x, list.bottom() + f.px(8), in.w, f.px(46)}, talk);

  step_number(f, in.x + f.px(15), head2.middle(), 2, confirmed);
  const float used2 =
      f.label(head2, {Face::Bold, 20, theme::kText}, f.say(Word::CardStep2)) + f.px(14);
  f.aside({head2.x + used2, head2.y, head2.w - used2, head2.h}, {Face::Regular, 16, theme::kText2},
          f.say(Word::CardStep2Hint));
  draw_return(d, hold);
}

}  // namespace kakehashi
