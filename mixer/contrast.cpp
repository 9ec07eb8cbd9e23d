// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/contrast.h"

#include <algorithm>
#include <cmath>

namespace kakehashi {
namespace {

double linear(double v) { return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); }
// A fifth of a line may hang over: what is measured is the line, not the letter's ink.
bool lies_on(const PlaceD& text, const PlaceD& plate) {
  const double w = std::min(text.x + text.w, plate.x + plate.w) - std::max(text.x, plate.x);
  const double h = std::min(text.y + text.h, plate.y + plate.h) - std::max(text.y, plate.y);
  return w > 0.98 * text.w && h > 0.8 * text.h;
}

}  // namespace

double luminance(const Colour& c) {
  return 0.2126 * linear(c.r) + 0.7152 * linear(c.g) + 0.0722 * linear(c.b);
}
Colour over(const Colour& top, const Colour& below) {
  const auto mix = [&](double t, double b) { return t * top.a + b * (1 - top.a); };
  return {mix(top.r, below.r), mix(top.g, below.g), mix(top.b, below.b), 1};
}

double contrast(const Colour& a, const Colour& b) {
  const double one = luminance(a), other = luminance(b);
  return (std::max(one, other) + 0.05) / (std::min(one, other) + 0.05);
}

double least_contrast(const std::vector<PaintNote>& notes, std::size_t text,
                      const std::vector<Colour>& behind) {
  double least = 21;
  for (Colour below : behind) {
    for (std::size_t i = 0; i < text; ++i)
      if (notes[i].kind == PaintNote::Kind::Plate && lies_on(notes[text].place, notes[i].place))
        below = over(notes[i].colour, below);
    least = std::min(least, contrast(over(notes[text].colour, below), below));
  }
  return least;
}

}  // namespace kakehashi
