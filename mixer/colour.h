// SPDX-License-Identifier: GPL-3.0-or-later
// Colour arithmetic: ITU-R BT.601-7 §2.5, BT.709-6 §3 and §4 (8 bit), JFIF 1.02 for full range. The
// program is BT.709 limited: luma 16..235, chroma 16..240 around 128.
#pragma once

#include <array>
#include <cstdint>

#include "core/video_frame.h"

namespace kakehashi {

// YCbCr of one kind to the program's, as integers of 14 fractional bits:
//   Y' = (yy Y + yu U + yv V + y0) >> 14,  U' = (uu U + uv V + u0) >> 14,  V' likewise.
// Grey stays grey in every such change, so chroma never depends on luma. Rounding is inside the
// constants; results are clamped to 0..255.
struct Recolour {
  std::int16_t yy = 16384, yu = 0, yv = 0;
  std::int16_t uu = 16384, uv = 0, vu = 0, vv = 16384;
  std::int32_t y0 = 8192, u0 = 8192, v0 = 8192;
};

// True when frames like this need no change of numbers to be program.
constexpr bool is_program_colour(const FrameInfo& info) {
  return info.format != PixelFormat::BGRx && info.matrix == ColorMatrix::Bt709 &&
         info.range == ColorRange::Limited;
}
Recolour recolour_from(ColorMatrix matrix, ColorRange range);

struct Yuv {
  std::uint8_t y = 16, u = 128, v = 128;
  friend bool operator==(const Yuv&, const Yuv&) = default;
};
inline constexpr Yuv kBlack{};

// 0xRRGGBB (sRGB, full range) to program colour.
Yuv program_colour(std::uint32_t rgb);

}  // namespace kakehashi
