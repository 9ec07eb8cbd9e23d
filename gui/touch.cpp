// SPDX-License-Identifier: GPL-3.0-or-later
// Frame's touch: one press at a time, holds, focus by Tab and arrows, scrolling.
#include <algorithm>
#include <cmath>

#include "gui/frame.h"

namespace kakehashi {

bool Frame::pointer_over(const Box& box) const {
  const ImVec2 p = ImGui::GetIO().MousePos;
  return box.contains(p.x, p.y) && (!clip_ || clip_->contains(p.x, p.y));
}

Touch Frame::touch(const std::string& id, const Box& box, bool enabled, double hold_seconds) {
  Touch t;
  // What is scrolled out of sight can neither be pressed nor get the focus.
  if (clip_ && (box.middle() < clip_->y || box.middle() > clip_->bottom())) return t;
  if (modal && !in_dialog) return t;
  items.push_back({id, box, enabled});
  t.focused = ui.focus == id;
  t.hovered = pointer_over(box);
  if (!enabled) {
    if (ui.pressed == id) ui.pressed.clear();
    return t;
  }
  const ImGuiIO& io = ImGui::GetIO();
  const bool by_enter = t.focused && ui.enter_pressed;
  if (ui.pressed.empty() && ((t.hovered && ImGui::IsMouseClicked(0)) || by_enter)) {
    ui.pressed = id;
    ui.pressed_at = now;
    ui.press_done = false;
    ui.focus = by_enter ? id : std::string();
    t.pressed = true;
  }
  t.down = now < ui.flashed_until && ui.flashed == id;
  if (ui.pressed != id) return t;

  const bool still = io.MouseDown[0] ? t.hovered : (t.focused && ui.enter_down);
  if (hold_seconds > 0) {
    if (!still) {
      ui.pressed.clear();  // released early: nothing happens
    } else if (!ui.press_done) {
      t.hold = static_cast<float>((now - ui.pressed_at) / hold_seconds);
      if (t.hold >= 1) {
        t.clicked = true;
        ui.press_done = true;
      }
    }
    t.down = still && !ui.press_done;
    return t;
  }
  t.down = true;
  const bool released = ImGui::IsMouseReleased(0);
  if (by_enter || released) {
    t.clicked = by_enter || t.hovered;
    ui.flashed = id;
    ui.flashed_until = now + 0.08;
    ui.pressed.clear();
  }
  return t;
}

float Frame::begin_scroll(const std::string& id, const Box& box) {
  clip_ = box;
  draw->PushClipRect({box.x, box.y}, {box.right(), box.bottom()}, true);
  return -ui.scroll[id];
}

void Frame::end_scroll(const std::string& id, const Box& box, float content) {
  clip_.reset();
  draw->PopClipRect();
  float& at = ui.scroll[id];
  const float most = std::max(content - box.h, 0.0F);
  if (pointer_over(box) && (!modal || in_dialog)) at -= ImGui::GetIO().MouseWheel * px(48);
  at = std::clamp(at, 0.0F, most);
  if (most <= 0) return;
  const float bar = std::max(px(24), box.h * box.h / content);
  fill({box.right() + px(2), box.y + (box.h - bar) * at / most, px(4), bar}, theme::kOutline, 2);
}

void Frame::whole_name(const Touch& t, const Box& box, const Ink& ink, std::string_view text,
                       float room) {
  if ((t.hovered || t.focused) && width(ink, text) > room) hint_ = Hint{box, std::string(text)};
}

void Frame::finish() {
  if (hint_) {
    const Ink ink{Face::Bold, 18, theme::kWin};
    const float w = width(ink, hint_->text) + px(24), h = px(36);
    const float most = ImGui::GetIO().DisplaySize.x - w - px(4);
    const Box plate{std::clamp(hint_->box.x, px(4), std::max(most, px(4))),
                    hint_->box.y - h - px(6), w, h};
    fill(plate, theme::kText, 4);
    label(plate, ink, hint_->text, Align::Centre);
  }
  const Move move = ui.move;
  ui.move = Move::None;
  ui.enter_pressed = false;
  if (!ui.pressed.empty() && !ImGui::GetIO().MouseDown[0] && !ui.enter_down) ui.pressed.clear();
  std::vector<const Item*> open;
  for (const Item& i : items)
    if (i.focusable) open.push_back(&i);
  const auto here =
      std::find_if(open.begin(), open.end(), [&](const Item* i) { return i->id == ui.focus; });
  if (here == open.end() && !ui.focus.empty()) ui.focus.clear();
  if (move == Move::None || open.empty()) return;
  if (here == open.end()) {
    ui.focus = (move == Move::Previous ? open.back() : open.front())->id;
    return;
  }
  const auto at = here - open.begin();
  const auto count = static_cast<std::ptrdiff_t>(open.size());
  if (move == Move::Next || move == Move::Previous) {
    const auto to = (at + (move == Move::Next ? 1 : count - 1)) % count;
    ui.focus = open[static_cast<std::size_t>(to)]->id;
    return;
  }
  // Arrows: the nearest one lying that way; sideways distance counts double.
  const Box& from = (*here)->box;
  const Item* best = nullptr;
  float least = 1e9F;
  for (const Item* i : open) {
    const float dx = i->box.x + i->box.w / 2 - from.x - from.w / 2;
    const float dy = i->box.middle() - from.middle();
    const bool across = move == Move::Left || move == Move::Right;
    const float ahead = move == Move::Left    ? -dx
                        : move == Move::Right ? dx
                        : move == Move::Up    ? -dy
                                              : dy;
    const float aside = std::abs(across ? dy : dx);
    if (ahead <= 1 || aside > ahead * 2) continue;
    if (ahead + 2 * aside < least) {
      least = ahead + 2 * aside;
      best = i;
    }
  }
  if (best) ui.focus = best->id;
}

}  // namespace kakehashi
