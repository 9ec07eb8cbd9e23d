// SPDX-License-Identifier: GPL-3.0-or-later
// What a picture's shape tells by itself: black bars left and right of a 4:3 picture, and the blue
// picture or colour bars that capture devices show when nothing is plugged in. Pure functions.
#pragma once

#include <cstdint>
#include <optional>

#include "capture/luma_rows.h"
#include "core/video_frame.h"

namespace kakehashi {

// Some rows of luma, one after the other.
struct ShapeView {
  const std::uint8_t* data = nullptr;
  int width = 0, rows = 0;
  LumaScale scale;
};

// Width of each bar as a share of the picture's width where a 4:3 or 5:4 picture stands in the
// middle of a wide one, 0 where it does not; nothing where too little is bright to tell.
std::optional<double> side_bars(const ShapeView& view, const FrameInfo& info);

struct NoSignalLook {
  // With "NO SIGNAL" written on it some is left of the blue.
  static constexpr double kAllBlue = 0.92;
  double blue = 0;    // share of the picture in one flat saturated blue
  bool bars = false;  // seven or eight vertical bars in the colours and order of a test pattern
};
NoSignalLook no_signal_look(const VideoFrame& frame);

}  // namespace kakehashi
