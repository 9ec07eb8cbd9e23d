// SPDX-License-Identifier: GPL-3.0-or-later
// Flips and quarter turns. A turned picture is the same samples in other places: plane by plane,
// exact, also for odd sizes. What concerns places (crop, size, masks) is turned by arithmetic, so
// that only the kept part of a source is ever moved.
#pragma once

#include "core/layer.h"
#include "core/video_frame.h"
#include "mixer/picture.h"

namespace kakehashi {

// One of the eight ways to look at a rectangle. Turned sample (x, y) is the source's sample (a, b),
// a = mirror_x ? width - 1 - x : x, b alike, width and height those of the turned picture; and
// (b, a) when transposed.
struct Orientation {
  bool transpose = false, mirror_x = false, mirror_y = false;
  friend bool operator==(const Orientation&, const Orientation&) = default;

  bool upright() const { return *this == Orientation{}; }
  // Flips first, then the turn.
  static Orientation of(const LayerLook& look);

  // Size and shape of one pixel after turning.
  FrameInfo turned(FrameInfo info) const;
  Crop turned(const Crop& crop) const;
  // A part of the turned picture (of this size) to the same part of the source.
  Rect source_part(const Rect& turned_part, int turned_width, int turned_height) const;
};

// out gets (width x height) samples of the source turned; its size is height x width when
// transposed.
void turn_plane(PlaneView source, int width, int height, Orientation o, std::uint8_t* out,
                int out_stride);

// A turned copy of a part of a frame, in memory that is kept from tick to tick.
class TurnedSource {
 public:
  TurnedSource(int width, int height);
  // `part`: in the turned picture, x and y even. The result is I420 of part's size with the
  // frame's matrix and range (RGB becomes program), valid until the next call.
  const VideoFrame* turn(const VideoFrame& frame, Orientation o, const Rect& part);

 private:
  class View final : public VideoFrame {
   public:
    void set(const FrameInfo& info, const Picture& p);
    void recycle() noexcept override {}
  };
  ScratchPicture unpacked_, turned_;
  View view_;
};

}  // namespace kakehashi
