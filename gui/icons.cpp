// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/icons.h"

#include <cmath>
#include <initializer_list>

namespace kakehashi {
namespace {

constexpr float kPi = 3.14159265F;

// Coordinates of a sign: -1..1 around its centre.
struct Pen {
  ImDrawList* draw;
  float x, y, r, stroke;
  ImU32 color;

  ImVec2 at(float u, float v) const { return {x + u * r, y + v * r}; }
  void line(float u0, float v0, float u1, float v1) const {
    draw->AddLine(at(u0, v0), at(u1, v1), color, stroke);
  }
  void box(float u0, float v0, float u1, float v1, float round = 0.15F) const {
    draw->AddRect(at(u0, v0), at(u1, v1), color, round * r, 0, stroke);
  }
  void solid(float u0, float v0, float u1, float v1, float round = 0) const {
    draw->AddRectFilled(at(u0, v0), at(u1, v1), color, round * r);
  }
  void circle(float u, float v, float radius) const {
    draw->AddCircle(at(u, v), radius * r, color, 0, stroke);
  }
  void dot(float u, float v, float radius) const {
    draw->AddCircleFilled(at(u, v), radius * r, color);
  }
  void arc(float u, float v, float radius, float from, float to) const {
    draw->PathArcTo(at(u, v), radius * r, from * kPi, to * kPi, 20);
    draw->PathStroke(color, 0, stroke);
  }
  void triangle(bool filled, float u0, float v0, float u1, float v1, float u2, float v2) const {
    if (filled)
      draw->AddTriangleFilled(at(u0, v0), at(u1, v1), at(u2, v2), color);
    else
      draw->AddTriangle(at(u0, v0), at(u1, v1), at(u2, v2), color, stroke);
  }
  void tick(float k) const {
    const ImVec2 p[3] = {at(-0.75F * k, 0.05F * k), at(-0.2F * k, 0.6F * k),
                         at(0.8F * k, -0.6F * k)};
    draw->AddPolyline(p, 3, color, 0, stroke * 1.2F);
  }
  void speaker() const {
    solid(-0.95F, -0.35F, -0.45F, 0.35F);
    const ImVec2 p[4] = {at(-0.5F, -0.35F), at(0.05F, -0.85F), at(0.05F, 0.85F), at(-0.5F, 0.35F)};
    draw->AddConvexPolyFilled(p, 4, color);
  }
};

}  // namespace

void draw_icon(ImDrawList* draw, Icon icon, float x, float y, float size, ImU32 color) {
  const Pen p{draw, x, y, size / 2, std::fmax(1.5F, size / 10), color};
  switch (icon) {
    case Icon::None:
      break;
    case Icon::Program:
      p.solid(-0.72F, -0.72F, 0.72F, 0.72F);
      break;
    case Icon::Next:
      p.triangle(true, 0, -0.85F, 0.85F, 0.7F, -0.85F, 0.7F);
      break;
    case Icon::Low:
      p.triangle(false, 0, 0.75F, -0.8F, -0.6F, 0.8F, -0.6F);
      break;
    case Icon::Live:
      p.dot(0, 0, 0.85F);
      break;
    case Icon::Record:
      p.circle(0, 0, 0.85F);
      p.dot(0, 0, 0.48F);
      break;
    case Icon::Caution:
      p.triangle(false, 0, -0.85F, 0.95F, 0.8F, -0.95F, 0.8F);
      p.line(0, -0.3F, 0, 0.25F);
      p.dot(0, 0.52F, 0.12F);
      break;
    case Icon::Cross:
      p.line(-0.7F, -0.7F, 0.7F, 0.7F);
      p.line(-0.7F, 0.7F, 0.7F, -0.7F);
      break;
    case Icon::Pass:
      p.circle(0, 0, 0.92F);
      p.tick(0.55F);
      break;
    case Icon::Check:
      p.tick(0.9F);
      break;
    case Icon::Speaker:
      p.speaker();
      p.arc(0.1F, 0, 0.5F, -0.35F, 0.35F);
      p.arc(0.1F, 0, 0.85F, -0.35F, 0.35F);
      break;
    case Icon::Muted:
      p.speaker();
      p.line(0.9F, -0.9F, -0.9F, 0.9F);
      break;
    case Icon::Microphone:
      p.solid(-0.32F, -0.95F, 0.32F, 0.2F, 0.32F);
      p.arc(0, -0.05F, 0.6F, 0, 1);
      p.line(0, 0.55F, 0, 0.95F);
      p.line(-0.4F, 0.95F, 0.4F, 0.95F);
      break;
    case Icon::Card:
      p.box(-0.95F, -0.75F, 0.95F, 0.75F);
      p.line(-0.5F, -0.15F, 0.5F, -0.15F);
      p.line(-0.5F, 0.25F, 0.5F, 0.25F);
      break;
    case Icon::Overlay:
      p.box(-0.95F, -0.75F, 0.95F, 0.75F);
      p.solid(-0.6F, 0.15F, 0.3F, 0.45F);
      break;
    case Icon::Screen:
      p.box(-0.95F, -0.8F, 0.95F, 0.4F);
      p.line(0, 0.4F, 0, 0.85F);
      p.line(-0.5F, 0.85F, 0.5F, 0.85F);
      break;
    case Icon::Mast:
      p.line(0, -0.1F, 0, 0.9F);
      p.line(-0.45F, 0.9F, 0.45F, 0.9F);
      p.dot(0, -0.2F, 0.2F);
      p.arc(0, -0.2F, 0.55F, -0.35F, 0.35F);
      p.arc(0, -0.2F, 0.55F, 0.65F, 1.35F);
      p.arc(0, -0.2F, 0.9F, -0.35F, 0.35F);
      p.arc(0, -0.2F, 0.9F, 0.65F, 1.35F);
      break;
    case Icon::Disk:
      p.box(-0.95F, -0.5F, 0.95F, 0.6F);
      p.line(-0.95F, 0.1F, 0.95F, 0.1F);
      p.dot(0.5F, 0.35F, 0.12F);
      break;
    case Icon::Return:
      p.arc(0.1F, 0.15F, 0.6F, -0.5F, 0.5F);
      p.line(-0.7F, -0.45F, 0.1F, -0.45F);
      p.line(0.1F, 0.75F, -0.3F, 0.75F);
      p.line(-0.75F, -0.45F, -0.25F, -0.9F);
      p.line(-0.75F, -0.45F, -0.25F, 0.0F);
      break;
    case Icon::Lock:
      p.solid(-0.65F, -0.1F, 0.65F, 0.9F, 0.12F);
      p.arc(0, -0.15F, 0.42F, -1, 0);
      break;
    case Icon::Wait:
      for (int i = 0; i < 8; ++i) {
        const float a = static_cast<float>(i) * kPi / 4;
        p.dot(0.8F * std::cos(a), 0.8F * std::sin(a), 0.13F);
      }
      break;
    case Icon::Arrow:
      p.line(-0.85F, 0, 0.8F, 0);
      p.line(0.2F, -0.6F, 0.85F, 0);
      p.line(0.2F, 0.6F, 0.85F, 0);
      break;
    case Icon::Headphones:
      p.arc(0, 0.1F, 0.75F, -1, 0);
      p.solid(-0.95F, 0.1F, -0.5F, 0.85F, 0.15F);
      p.solid(0.5F, 0.1F, 0.95F, 0.85F, 0.15F);
      break;
    case Icon::Bridge:
      p.line(-1, 0.55F, 1, 0.55F);
      p.arc(0, 0.55F, 0.9F, -1, 0);
      for (const float u : {-0.5F, 0.0F, 0.5F})
        p.line(u, 0.55F, u, 0.55F - std::sqrt(0.81F - u * u));
      break;
  }
}

}  // namespace kakehashi
