// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures that do not move: from decoded pixels to a program frame, and handing the same frame
// over again under a new time. Pure; any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "core/video_frame.h"

namespace kakehashi {

// Pixels B G R x in memory, lines of width * 4 bytes.
struct PixelSheet {
  int width = 0, height = 0;
  std::vector<std::uint8_t> bytes;

  PixelSheet() = default;
  PixelSheet(int w, int h)
      : width(w), height(h), bytes(static_cast<std::size_t>(w) * static_cast<std::size_t>(h) * 4) {}
  std::uint8_t* line(int y) { return bytes.data() + static_cast<std::ptrdiff_t>(y) * width * 4; }
  const std::uint8_t* line(int y) const {
    return bytes.data() + static_cast<std::ptrdiff_t>(y) * width * 4;
  }
};

struct PictureSize {
  int width = 0, height = 0;
  friend bool operator==(const PictureSize&, const PictureSize&) = default;
};
// The largest even size inside the box that keeps the shape; both at least 2. Without `enlarge`
// never larger than the picture itself.
PictureSize fitted_size(double width, double height, PictureSize box, bool enlarge);

// Each new pixel is the mean of the area it stands for, so that thin lines of a big picture do not
// vanish. To a size that is not larger.
PixelSheet shrunk(const PixelSheet& from, PictureSize to);

// I420, BT.709 limited, marked still. Even sizes; each chroma sample is the mean of its four
// pixels.
FramePtr program_still(const PixelSheet& sheet);

// The same picture under another time, marked still. Equal sequences promise equal pixels, so that
// nobody draws it again.
FramePtr with_time(FramePtr picture, MediaTime captured, std::uint64_t sequence);

// A number no other still of this process has had.
std::uint64_t next_still_sequence();

}  // namespace kakehashi
