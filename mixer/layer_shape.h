// SPDX-License-Identifier: GPL-3.0-or-later
// Rounded corners, border and shadow of one layer. Smooth edges are shares of a pixel (0..255)
// worked out only along the edge. Thread: one owner. Allocates only when a layer is larger than
// ever before.
#pragma once

#include <vector>

#include "core/layer.h"
#include "mixer/colour.h"
#include "mixer/picture.h"

namespace kakehashi {

// A rectangle with round corners.
struct RoundedBox {
  double x = 0, y = 0, w = 0, h = 0, radius = 0;
  // How far outside (negative: inside) a point lies.
  double distance(double px, double py) const;
};

// How much of the pixels x..x+n of line y the box covers: 255 inside, 0 outside, on the way over
// 2 * `soft` pixels around the edge (0.5: a sharp edge, smoothed), in an S when `soft` is more.
void box_coverage(const RoundedBox& box, double soft, int y, int x, int n, std::uint8_t* out);

class LayerShape {
 public:
  LayerShape(int width, int height);

  // `rect`: the layer's, in pixels of the result; `scale`: pixels of the result per pixel of the
  // canvas, in which radius, border and shadow are given.
  void begin(const Rect& rect, const LayerLook& look, double scale);

  // What the corners of `piece` are made of besides the layer: taken from `out` (the whole result)
  // before the layer is painted.
  void remember(const Rect& piece, const Picture& out);
  // Paints the border onto `area` of the layer, then gives its corners back what was remembered.
  // `alpha` (of the area, or null) becomes opaque where the border is.
  void finish(const Rect& area, const Picture& layer, std::uint8_t* alpha, int alpha_stride);

  // The shadow of `rect` alone, blended into `piece` of the result. weight 0..256.
  void shadow(const Rect& piece, const Picture& out, int weight);

  // Where a shadow may change the result.
  static Rect shadow_reach(const Rect& rect, const Shadow& shadow, double scale);
  // A part of rect without any of its round corners, even.
  static Rect inside(const Rect& rect, const LayerLook& look, double scale);

 private:
  void rows(int n);
  void border(const Rect& strip, const Rect& area, const Picture& layer, std::uint8_t* alpha,
              int alpha_stride);
  Rect corner(int which) const;

  Rect rect_;
  // Relative to rect_, so that a part of the result comes out as in the whole, byte for byte.
  RoundedBox outer_, inner_;
  bool bordered_ = false;
  int corner_ = 0;     // side of the squares that hold the round corners, even; 0 none
  int thickness_ = 0;  // of the strips that hold the border, even
  Yuv border_colour_;
  RoundedBox shadow_;
  double shadow_soft_ = 0.5;
  double shadow_opacity_ = 0;
  ScratchPicture behind_;  // the four corners, as a picture of twice corner_ each way
  std::vector<std::uint8_t> alpha_, colour_;
};

}  // namespace kakehashi
