// SPDX-License-Identifier: GPL-3.0-or-later
// How a take goes: cut, or the chosen effect; and the T-bar, a take by hand.
#include <algorithm>

#include "gui/panels.h"

namespace kakehashi {
namespace {

constexpr double kBarInterval = 1.0 / 30;  // wishes from a moving hand

std::string_view effect_name(const Frame& f, TransitionKind kind) {
  const TransitionRow& row = transition_row(kind);
  return f.language == Language::English ? row.en : row.ja;
}

void draw_choice(DeskPage& d, const char* id, const Box& b, TransitionKind kind, bool more) {
  Frame& f = d.frame;
  const Snapshot& s = d.snapshot;
  const float more_w = more ? f.px(44) : 0;
  const Box main{b.x, b.y, b.w - more_w, b.h};
  const Touch t = f.touch(id, main);
  const bool chosen = s.next_kind == kind;
  f.fill(b, chosen ? theme::kHover : theme::kPanel, 6);
  if (t.down || t.hovered) f.fill(main, t.down ? theme::kOutline : theme::kHover, 6);
  if (chosen) f.edge(b, theme::kText, 2, 6);
  f.focus_ring(t, main);
  // While a transition runs its half fills, so nobody wonders whether the press was taken.
  if (kind != TransitionKind::Cut && s.transition_progress >= 0)
    f.fill({b.x, b.bottom() - f.px(5), b.w * static_cast<float>(s.transition_progress), f.px(5)},
           theme::kText);
  draw_choice_word(f, t, main, effect_name(f, kind), chosen);
  if (t.clicked && !chosen) d.out.emplace_back(SetTransition{kind});
  if (!more) return;
  const Box open{main.right(), b.y, more_w, b.h};
  const Touch m = f.touch("transition.more", open);
  if (m.down || m.hovered) f.fill(open, m.down ? theme::kOutline : theme::kHover, 6);
  f.fill({open.x, open.y + f.px(8), f.px(1), open.h - f.px(16)}, theme::kOutline);
  f.focus_ring(m, open);
  for (const float dx : {-7.0F, 0.0F, 7.0F}) {
    const float r = f.px(2);
    f.fill({open.x + open.w / 2 + f.px(dx) - r, open.middle() - r, 2 * r, 2 * r}, theme::kText, 2);
  }
  if (m.clicked)
    f.ui.drawer = f.ui.drawer == Drawer::Transitions ? Drawer::None : Drawer::Transitions;
}

// Follows the hand; at both ends the way is over and the bar lies at its start again.
void follow_hand(DeskPage& d, const Touch& t, const Box& track) {
  Frame& f = d.frame;
  UiState& ui = f.ui;
  const bool down = t.down && ImGui::GetIO().MouseDown[0];
  if (!down) {
    ui.bar_held = ui.bar_done = false;
    return;
  }
  const double at = std::clamp(
      static_cast<double>((ImGui::GetIO().MousePos.x - track.x) / std::max(track.w, 1.0F)), 0.0,
      1.0);
  if (!ui.bar_held) {
    ui.bar_held = true;
    ui.bar_sent = -1;
  }
  if (ui.bar_done || at == ui.bar_sent) return;
  const bool end = at <= 0 || at >= 1;
  if (!end && f.now - ui.bar_sent_at < kBarInterval) return;
  if (at <= 0 && d.snapshot.transition_progress < 0) return;  // nothing has begun
  ui.bar_sent = at;
  ui.bar_sent_at = f.now;
  d.out.emplace_back(SetTBar{at});
  ui.bar_done = at >= 1;
}

void draw_bar(DeskPage& d, const Box& b) {
  Frame& f = d.frame;
  const Snapshot& s = d.snapshot;
  const bool can = !s.emergency && !s.preview.empty() && s.preview != s.program;
  f.fill(b, theme::kPanel, 6);
  const bool running = s.transition_progress >= 0;
  const float back_w = f.width({Face::Bold, 16, 0}, f.say(Word::TurnBack)) + f.px(24);
  f.label({b.x + f.px(10), b.y + f.px(4), b.w - f.px(14) - (running ? back_w : 0), f.px(28)},
          {Face::Regular, 16, theme::kText2}, f.say(Word::TBar));
  if (running) {
    const Box back{b.right() - back_w - f.px(4), b.y + f.px(4), back_w, f.px(30)};
    const Touch t = f.touch("turn_back", back, !s.emergency);
    f.label(back, {Face::Bold, 16, f.button_ground(t, back, !s.emergency)}, f.say(Word::TurnBack),
            Align::Centre);
    if (t.clicked) d.out.emplace_back(TurnBack{});
  }
  const float knob = f.px(18);
  const Box grip{b.x + f.px(6), b.y + f.px(36), b.w - f.px(12), b.h - f.px(40)};
  const Box track{grip.x + knob / 2, grip.middle() - f.px(3), grip.w - knob, f.px(6)};
  const Touch t = f.touch("t_bar", grip, can || running);
  follow_hand(d, t, track);
  f.fill(track, theme::kWell, 3);
  for (int i = 0; i <= 4; ++i)
    f.fill({track.x + track.w * static_cast<float>(i) / 4 - f.px(1), track.y - f.px(9), f.px(2),
            f.px(6)},
           theme::kOutline);
  const double at = running ? s.transition_progress : 0.0;
  const float x = track.x + track.w * static_cast<float>(at);
  f.fill({track.x, track.y, x - track.x, track.h}, theme::kText, 3);
  const Box handle{x - knob / 2, grip.middle() - f.px(17), knob, f.px(34)};
  f.fill(handle, can || running ? theme::kText : theme::kDisabled, 3);
  f.fill({handle.x + handle.w / 2 - f.px(1), handle.y + f.px(6), f.px(2), handle.h - f.px(12)},
         theme::kWin);
  f.focus_ring(t, grip);
}

}  // namespace

void draw_transition(DeskPage& d) {
  Frame& f = d.frame;
  const Box& room = d.layout.transition;
  if (d.snapshot.next_kind != TransitionKind::Cut) f.ui.effect = d.snapshot.next_kind;
  const bool bar = room.w >= f.px(230);
  const float w = bar ? std::round((room.w - f.px(8)) * 0.54F) : room.w;
  const float half = (room.h - f.px(4)) / 2;
  draw_choice(d, "transition.cut", {room.x, room.y, w, half}, TransitionKind::Cut, false);
  draw_choice(d, "transition.mix", {room.x, room.y + room.h - half, w, half}, f.ui.effect, true);
  if (bar) draw_bar(d, {room.x + w + f.px(8), room.y, room.w - w - f.px(8), room.h});
}

}  // namespace kakehashi
