// SPDX-License-Identifier: GPL-3.0-or-later
// One picture of a scene: which input, where, and how it is treated on the way there.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace kakehashi {

// A rectangle on the canvas. Unit: pixels of the canvas, origin top left; may reach outside.
struct Rect {
  int x = 0, y = 0, w = 0, h = 0;
  friend bool operator==(const Rect&, const Rect&) = default;
};

enum class FitMode : std::uint8_t {
  Fit,      // whole picture, bars where it does not fill
  Fill,     // fills the rectangle, what overlaps is cut evenly
  Stretch,  // fills it, shape ignored
};

// Part of the source to show. Unit: fractions of the source's width and height cut from each side,
// 0..<1.
struct Crop {
  double left = 0, top = 0, right = 0, bottom = 0;
  friend bool operator==(const Crop&, const Crop&) = default;
};

enum class Turn : std::uint8_t { Upright, Right, Half, Left };  // clockwise by quarter turns

// Neutral by default. Applied to R'G'B' of the source in this order: white balance, contrast around
// mid grey, brightness, gamma, saturation.
struct ColourCorrection {
  double brightness = 0;               // -1..1, added
  double contrast = 1;                 // 0..4
  double saturation = 1;               // 0..4, 0 is grey
  double gamma = 1;                    // 0.1..10, higher lifts the middle
  double red_gain = 1, blue_gain = 1;  // 0.25..4, white balance against green
  friend bool operator==(const ColourCorrection&, const ColourCorrection&) = default;
};

// A speaker before a green (or blue) wall, shown in front of slides; bars beside his picture are
// see-through too. Distances are those of the chroma plane, 1 = from grey to the fullest colour.
struct ChromaKey {
  bool on = false;
  std::uint32_t colour = 0x00B140;  // 0xRRGGBB of the wall
  double similarity = 0.25;         // 0..1: nearer to the wall's colour than this is see-through
  double smoothness = 0.10;         // 0..1: width of the way to opaque beyond it
  double spill = 0.5;               // 0..1: how much of the wall's light is taken off what stays
  friend bool operator==(const ChromaKey&, const ChromaKey&) = default;
};

// Hides a part of a source: the privacy mask. Unit: fractions of the source's picture as it
// arrives, before crop, flip and turn, so that it stays on the thing it hides.
struct Mask {
  enum class Shape : std::uint8_t { Rectangle, Ellipse };
  enum class Cover : std::uint8_t { Blur, Solid };  // a blur leaves no detail finer than 1/12 of it
  Shape shape = Shape::Rectangle;
  Cover cover = Cover::Solid;
  double x = 0, y = 0, w = 0, h = 0;
  std::uint32_t colour = 0x1E1E1E;  // of a solid one
  friend bool operator==(const Mask&, const Mask&) = default;
};

struct Border {
  int width = 0;  // pixels of the canvas, inside the rectangle; 0 none
  std::uint32_t colour = 0xFFFFFF;
  friend bool operator==(const Border&, const Border&) = default;
};

// Of the layer's rectangle; none when its wall is keyed out.
struct Shadow {
  int x = 0, y = 6;    // pixels of the canvas
  int blur = 18;       // pixels
  double opacity = 0;  // 0..1; 0 none
  friend bool operator==(const Shadow&, const Shadow&) = default;
};

// What is done to a picture besides laying it into its rectangle. Order: masks, crop, flip, turn,
// then fitted; colour correction, key, rounding, border on the fitted picture; shadow beneath it.
struct LayerLook {
  bool flip_horizontal = false, flip_vertical = false;
  Turn turn = Turn::Upright;
  ColourCorrection correction;
  ChromaKey key;
  std::vector<Mask> masks;
  int corner_radius = 0;  // pixels of the canvas
  Border border;
  Shadow shadow;
  friend bool operator==(const LayerLook&, const LayerLook&) = default;
};

struct Layer {
  std::string input;
  Rect rect;
  FitMode fit = FitMode::Fit;
  Crop crop;
  double opacity = 1.0;  // 0..1
  int z = 0;             // higher is nearer; equal ones in list order
  LayerLook look;
  std::string slot;  // set when a layout made this layer: "slide", "speaker", "sign", ...
  friend bool operator==(const Layer&, const Layer&) = default;
};

}  // namespace kakehashi
