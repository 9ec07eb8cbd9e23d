// SPDX-License-Identifier: GPL-3.0-or-later
// A machine-readable mark in a picture: when it was made, its number, and whether this is the flash
// that goes with the beep. Painted by the test source, read back by the practice receiver after
// mixing, encoding and sending, so latency and A/V offset are measured on what viewers get.
//
// 2 rows of 44 cells, luma only: 6 sync (101010), 44 bits microseconds of CLOCK_MONOTONIC, 20 bits
// number, 2 bits flags, 16 bits CRC-16/CCITT-FALSE over the 66 bits before it. A code whose CRC
// fails is not read, never guessed. Cells need at least 6 x 6 pixels after scaling to survive 5
// Mbit/s H.264.
#pragma once

#include <cstdint>
#include <optional>

#include "core/show.h"
#include "core/time.h"

namespace kakehashi {

struct FrameCode {
  std::int64_t captured_us = 0;  // CLOCK_MONOTONIC microseconds, lowest 44 bits (203 days)
  std::uint32_t number = 0;      // picture number, lowest 20 bits
  bool flash = false;            // sound of the same moment starts its beep here
};

inline constexpr int kFrameCodeColumns = 44;
inline constexpr int kFrameCodeRows = 2;

// Where the code stands in a test picture of this size: a strip along the top, 1/40 margin.
Rect frame_code_rect(int picture_width, int picture_height);

// Paints into a luma plane (limited range, 16/235). `rect` as given by frame_code_rect.
void paint_frame_code(std::uint8_t* luma, int stride, Rect rect, const FrameCode& code);

// Reads from a luma plane of width x height; `rect` is where the strip stands now (also scaled).
// Nothing when the rectangle leaves the plane, the contrast is below 60 or the CRC fails.
std::optional<FrameCode> read_frame_code(const std::uint8_t* luma, int stride, int width,
                                         int height, Rect rect);

}  // namespace kakehashi
