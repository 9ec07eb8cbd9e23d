// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/layout.h"

#include <algorithm>
#include <cmath>

#include "mixer/picture.h"

namespace kakehashi {
namespace {

constexpr std::size_t kMostPieces = 64;

int even_near(double v) { return static_cast<int>(std::lround(v / 2)) * 2; }

int scaled(int v, int from, int to) {
  return from == to ? even_near(v) : even_near(static_cast<double>(v) * to / from);
}

}  // namespace

Rect scaled_rect(const Rect& r, int from_width, int from_height, int to_width, int to_height) {
  const int x0 = scaled(r.x, from_width, to_width);
  const int y0 = scaled(r.y, from_height, to_height);
  return {x0, y0, scaled(r.x + r.w, from_width, to_width) - x0,
          scaled(r.y + r.h, from_height, to_height) - y0};
}

Placement place(const FrameInfo& frame, const Rect& rect, FitMode fit, const Crop& crop) {
  const auto fraction = [](double v) { return std::clamp(std::isfinite(v) ? v : 0.0, 0.0, 0.99); };
  const int w = frame.width, h = frame.height;
  int x0 = even_near(w * fraction(crop.left)), x1 = w - even_near(w * fraction(crop.right));
  int y0 = even_near(h * fraction(crop.top)), y1 = h - even_near(h * fraction(crop.bottom));
  if (empty(rect) || x1 - x0 < 2 || y1 - y0 < 2) return {};

  Placement p{rect, rect, {x0, y0, x1 - x0, y1 - y0}};
  if (fit == FitMode::Stretch) return p;

  const double pixel = frame.aspect_numerator > 0 && frame.aspect_denominator > 0
                           ? static_cast<double>(frame.aspect_numerator) / frame.aspect_denominator
                           : 1.0;
  const double shape = p.source.w * pixel / p.source.h;  // width : height as seen
  const double wanted = static_cast<double>(rect.w) / rect.h;
  // A camera of 1366 x 768 is not "almost" 16:9 to the eye but would get bars of one pixel.
  constexpr double kSame = 0.003;
  if (std::abs(shape / wanted - 1.0) < kSame) return p;

  if (fit == FitMode::Fit) {
    if (shape > wanted)
      p.picture.h = std::clamp(even_near(rect.w / shape), 2, rect.h);
    else
      p.picture.w = std::clamp(even_near(rect.h * shape), 2, rect.w);
    p.picture.x += (rect.w - p.picture.w) / 4 * 2;
    p.picture.y += (rect.h - p.picture.h) / 4 * 2;
  } else {
    if (shape > wanted) {
      const int keep = std::clamp(even_near(p.source.h * wanted / pixel), 2, p.source.w);
      p.source.x += (p.source.w - keep) / 4 * 2;
      p.source.w = keep;
    } else {
      const int keep = std::clamp(even_near(p.source.w * pixel / wanted), 2, p.source.h);
      p.source.y += (p.source.h - keep) / 4 * 2;
      p.source.h = keep;
    }
  }
  return p;
}

void uncovered(const Rect& whole, const std::vector<Rect>& cover, std::size_t first_cover,
               std::vector<Rect>& out) {
  const std::size_t begin = out.size();
  if (empty(whole)) return;
  out.push_back(whole);
  for (std::size_t c = first_cover; c < cover.size(); ++c) {
    const std::size_t count = out.size();
    for (std::size_t i = begin; i < count; ++i) {
      const Rect piece = out[i], hole = intersect(piece, cover[c]);
      if (empty(hole) || out.size() + 4 > begin + kMostPieces) continue;
      out[i] = {};
      const int bottom = hole.y + hole.h, right = hole.x + hole.w;
      const Rect left_over[] = {
          {piece.x, piece.y, piece.w, hole.y - piece.y},
          {piece.x, bottom, piece.w, piece.y + piece.h - bottom},
          {piece.x, hole.y, hole.x - piece.x, hole.h},
          {right, hole.y, piece.x + piece.w - right, hole.h},
      };
      for (const Rect& r : left_over)
        if (!empty(r)) out.push_back(r);
    }
    out.erase(std::remove_if(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(),
                             [](const Rect& r) { return empty(r); }),
              out.end());
  }
}

}  // namespace kakehashi
