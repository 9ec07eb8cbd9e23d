// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of a picture as plain 8-bit luma, whatever its format. Only the rows asked for are touched:
// the whole of a full-HD picture would cost more than all detectors may. Private to capture/.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/video_frame.h"

namespace kakehashi {

// Luma of one row, info().width bytes: the picture's own memory where it is planar, else `scratch`
// (grown once). Values in the picture's own range.
const std::uint8_t* luma_row(const VideoFrame& frame, int row, std::vector<std::uint8_t>& scratch);

// Luma 0..255 as 0..1 of nominal black to white (below and above both are possible).
struct LumaScale {
  double black = 0, span = 255;
  double operator()(double value) const { return (value - black) / span; }
};
LumaScale luma_scale(const FrameInfo& info);

// Y 0..1, Cb and Cr -0.5..0.5 of the pixel (x, row).
struct PixelColour {
  double y = 0, cb = 0, cr = 0;
};
PixelColour colour_at(const VideoFrame& frame, int x, int row);

// Every byte of the picture counts. Same picture, same number.
std::uint64_t fingerprint(const VideoFrame& frame);

// The brightness of some rows of one picture: what flicker is found in.
struct BandSample {
  static constexpr int kBands = 24;
  MediaTime captured;
  std::array<float, kBands> mean{};  // nominal black 0, white 1
};
// 10 to 20 us for full HD: 24 rows are read.
BandSample band_sample(const VideoFrame& frame, std::vector<std::uint8_t>& scratch);

}  // namespace kakehashi
