// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/frame.h"

#include <algorithm>
#include <cmath>

namespace kakehashi {

float Frame::px(float at_100) const { return std::round(at_100 * scale); }

void Frame::fill(const Box& b, ImU32 color, float radius) {
  draw->AddRectFilled({b.x, b.y}, {b.right(), b.bottom()}, color, px(radius));
}

// Drawn inside the box, so a stroke never leaves its place.
void Frame::edge(const Box& b, ImU32 color, float stroke, float radius) {
  const float s = std::max(1.0F, px(stroke));
  draw->AddRect({b.x + s / 2, b.y + s / 2}, {b.right() - s / 2, b.bottom() - s / 2}, color,
                px(radius), 0, s);
}

void Frame::dashed(const Box& b, ImU32 color, float stroke, float on, float off) {
  const float s = std::max(1.0F, px(stroke));
  const auto side = [&](float x0, float y0, float x1, float y1) {
    const bool across = y1 - y0 <= s;
    const float length = across ? x1 - x0 : y1 - y0;
    // A whole number of periods, so that every corner is closed by a dash.
    const float wanted = px(on) + px(off);
    const float count = std::max(1.0F, std::round((length - px(on)) / wanted));
    const float period = (length - px(on)) / count;
    for (float k = 0; k <= count; ++k) {
      const float d = k * period;
      if (across)
        draw->AddRectFilled({x0 + d, y0}, {x0 + d + px(on), y1}, color);
      else
        draw->AddRectFilled({x0, y0 + d}, {x1, y0 + d + px(on)}, color);
    }
  };
  side(b.x, b.y, b.right(), b.y + s);
  side(b.x, b.bottom() - s, b.right(), b.bottom());
  side(b.x, b.y, b.x + s, b.bottom());
  side(b.right() - s, b.y, b.right(), b.bottom());
}

void Frame::hatch(const Box& b) {
  fill(b, theme::kPanel, 0);
  draw->PushClipRect({b.x, b.y}, {b.right(), b.bottom()}, true);
  const float step = px(22), thick = px(9);
  for (float x = b.x - b.h; x < b.right() + b.h; x += step)
    draw->AddLine({x, b.bottom() + thick}, {x + b.h + 2 * thick, b.y - thick}, theme::rgb(0x8C8C8C),
                  thick);
  draw->PopClipRect();
}

void Frame::panel(const Box& b, Icon which, std::string_view title, std::string_view hint) {
  fill(b, theme::kPanel, 8);
  const float y = b.y + px(20);
  icon(which, b.x + px(24), y, 18, theme::kText2);
  const Box head{b.x + px(42), b.y + px(4), b.w - px(56), px(32)};
  const float used = label(head, {Face::Bold, 18, theme::kText}, title);
  aside({head.x + used + px(16), head.y, head.w - used - px(16), head.h},
        {Face::Regular, 16, theme::kText3}, hint);
}

void Frame::icon(Icon which, float x, float y, float size, ImU32 color) {
  draw_icon(draw, which, std::round(x), std::round(y), px(size), color);
}

void Frame::ring(float x, float y, float radius, float part, ImU32 color) {
  constexpr float kPi = 3.14159265F;
  const float stroke = std::max(2.0F, radius * 0.3F);
  draw->AddCircle({x, y}, radius - stroke / 2, theme::kDisabled, 0, stroke * 0.6F);
  if (part <= 0) return;
  // Clockwise from 12 o'clock.
  draw->PathArcTo({x, y}, radius - stroke / 2, -kPi / 2, -kPi / 2 + 2 * kPi * std::min(part, 1.0F),
                  40);
  draw->PathStroke(color, 0, stroke);
}

void Frame::picture(const Box& b, const PictureRef& ref) {
  const Box at = fit_shape(b, ref.width, ref.height);
  fill(b, theme::kWell);
  draw->AddImage(ref.texture, {at.x, at.y}, {at.right(), at.bottom()});
}

float Frame::chip(float x, float y, Icon which, std::string_view text, ImU32 ground, ImU32 ink,
                  ImU32 edge_color) {
  const Ink letters{Face::Bold, 16, ink};
  const float h = px(26);
  const float w = px(8 + 14 + 6) + width(letters, text) + px(8);
  const Box b{x, y, w, h};
  fill(b, ground, 3);
  if (edge_color) edge(b, edge_color, 2, 3);
  icon(which, x + px(8 + 7), y + h / 2, 14, ink);
  label({x + px(28), y, w, h}, letters, text);
  return w;
}

float Frame::key_cap_width(std::string_view key) {
  return std::max(width({Face::Bold, 16, 0}, key) + px(14), px(26));
}

void Frame::key_cap(float right, float y, std::string_view key, ImU32 color) {
  const float w = key_cap_width(key);
  const Box b{right - w, y - px(13), w, px(26)};
  edge(b, color, 1.5F, 4);
  label(b, {Face::Bold, 16, color}, key, Align::Centre);
}

ImU32 Frame::button_ground(const Touch& t, const Box& b, bool enabled, float radius) {
  if (!enabled) {
    fill(b, theme::kPanel, radius);
    dashed(b, theme::kDisabled, 2, 6, 4);
    focus_ring(t, b, radius);
    return theme::kText3;
  }
  fill(b, t.down ? theme::kText : t.hovered ? theme::kHover : theme::kRaise, radius);
  if (t.hovered && !t.down) edge(b, theme::kOutline, 1.5F, radius);
  focus_ring(t, b, radius);
  return t.down ? theme::kWin : theme::kText;
}

void Frame::focus_ring(const Touch& t, const Box& b, float radius) {
  if (t.focused) edge(b.inset(-px(5)), theme::kText, 3, radius + 3);
}

bool Frame::button(const std::string& id, const Box& b, Icon which, std::string_view text,
                   bool enabled, std::string_view reason) {
  const Touch t = touch(id, b, enabled);
  const ImU32 color = button_ground(t, b, enabled);
  const Ink ink{Face::Bold, 18, color};
  const bool two = !enabled && !reason.empty() && b.h >= px(52);
  const float sign = which == Icon::None ? 0 : px(26);
  const std::string shown = fitted(ink, text, b.w - px(16) - sign);
  const float w = width(ink, shown) + sign;
  const float x = b.x + (b.w - w) / 2;
  const Box line{x + sign, b.y + (two ? px(4) : 0), w, two ? b.h / 2 : b.h};
  if (sign > 0) icon(which, x + px(9), line.middle(), 18, color);
  label(line, ink, shown);
  if (two)
    label({b.x + px(8), b.middle(), b.w - px(16), b.h / 2 - px(4)},
          {Face::Regular, 16, theme::kText2}, reason, Align::Centre);
  return t.clicked;
}

}  // namespace kakehashi
