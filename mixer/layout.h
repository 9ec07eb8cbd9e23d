// SPDX-License-Identifier: GPL-3.0-or-later
// Where each layer's picture lands and what of it can be seen. Pure arithmetic on rectangles.
// Everything is even, so that luma and chroma of 4:2:0 stay together.
#pragma once

#include <vector>

#include "core/show.h"
#include "core/video_frame.h"

namespace kakehashi {

// `r` on a canvas of another size: edges scaled, then rounded to even.
Rect scaled_rect(const Rect& r, int from_width, int from_height, int to_width, int to_height);

// A layer covers its whole rectangle; what the picture leaves free of it is black bars, so what
// lies behind never shows through when a source changes its shape.
struct Placement {
  Rect rect;     // all of it, may reach outside the canvas
  Rect picture;  // where the kept part of the source goes; inside or (Fill: exactly) rect
  Rect source;   // the kept part of the source, in its pixels; x, y even
};
// `rect` in pixels of the output, even. An empty placement (source without area) has rect.w == 0.
Placement place(const FrameInfo& frame, const Rect& rect, FitMode fit, const Crop& crop);

// The parts of `whole` that no rectangle of `cover` hides, as rectangles that do not overlap.
// Appends to `out`. Stops splitting at 64 pieces: then hidden pixels are drawn, never missed.
void uncovered(const Rect& whole, const std::vector<Rect>& cover, std::size_t first_cover,
               std::vector<Rect>& out);

}  // namespace kakehashi
