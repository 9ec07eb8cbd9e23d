// SPDX-License-Identifier: GPL-3.0-or-later
// A drawn speaker, 480 x 270: hair of thin lines, a face, dark clothes with the wall's light on the
// shoulders, soft edges; before a green wall that is darker to the left and the bottom.
#pragma once

#include "tests/mixer/frames.h"

namespace kakehashi::testing {

// Distance to the speaker's outline, negative inside, pixels.
inline double speaker_outline(double x, double y) {
  const double head = (std::hypot((x - 240) / 0.8, y - 95) - 50) * 0.9;
  const double bx = (x - 240) / 95, by = (y - 270) / 120;
  const double body = (std::hypot(bx, by) - 1) * 95;
  return std::min(head, body);
}
// Hairs stand out of the head: lines of one pixel and a half.
inline double hair_share(double x, double y) {
  const double dx = (x - 240) / 0.8, dy = y - 95, r = std::hypot(dx, dy);
  if (dy > -10 || r < 40 || r > 72) return 0;
  const double angle = std::atan2(dx, -dy), pitch = 0.16;
  const double off = std::abs(angle - pitch * std::round(angle / pitch)) * r;  // across the line
  return std::min(1.0, std::max(0.0, 1.25 - off));
}
// How much of pixel (x, y) is speaker.
inline double speaker_share(int x, int y) {
  const double edge = std::min(1.0, std::max(0.0, 0.5 - speaker_outline(x + 0.5, y + 0.5) / 2));
  return std::max(edge, hair_share(x + 0.5, y + 0.5));
}
// 0 or 1 when all pixels within `clear` of it are so, else what it is itself or between.
inline double speaker_share(int x, int y, int clear) {
  double least = 1, most = 0;
  for (int dy = -clear; dy <= clear; ++dy)
    for (int dx = -clear; dx <= clear; ++dx) {
      const double s = speaker_share(x + dx, y + dy);
      least = std::min(least, s);
      most = std::max(most, s);
    }
  return most == 0 ? 0 : least == 1 ? 1 : 0.5;
}
inline Rgb blended(Rgb a, Rgb b, double share) {
  return {a.r * share + b.r * (1 - share), a.g * share + b.g * (1 - share),
          a.b * share + b.b * (1 - share)};
}
inline Rgb speaker_alone(int x, int y) {
  Rgb c = y < 150 ? hex(0xC89478) : hex(0x2C3440);
  if (y < 80 || hair_share(x, y) > 0) c = hex(0x28201C);
  if (y >= 150 && std::abs(x - 240) < 16) c = hex(0xF0F0EC);  // a white shirt
  if (std::hypot((x - 240) / 0.8, y - 95.0) < 38 && y >= 80) c = hex(0xD8A488);
  return c;
}
inline Rgb wall(int x, int y) {
  const double light = 1.08 - 0.3 * (1 - x / 480.0) - 0.12 * y / 270.0;
  const Rgb c = hex(0x00B140);
  return {c.r * light, c.g * light, c.b * light};
}
inline Rgb speaker_over(int x, int y, Rgb behind) {
  return blended(speaker_alone(x, y), behind, speaker_share(x, y));
}
// With the wall's light on him: strongest near the outline.
inline Rgb speaker_before_wall(int x, int y) {
  Rgb c = speaker_alone(x, y);
  const double rim = std::exp(std::min(0.0, speaker_outline(x, y)) / 12);
  c.g = std::min(1.0, c.g + 0.12 * rim);
  c.b = std::min(1.0, c.b + 0.03 * rim);
  return blended(c, wall(x, y), speaker_share(x, y));
}

}  // namespace kakehashi::testing
