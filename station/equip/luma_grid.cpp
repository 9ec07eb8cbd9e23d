// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/luma_grid.h"

#include <algorithm>

namespace kakehashi {
namespace {

// Of the pixels of a cell's edge at most every 8th, at least 4.
int step_for(int edge) { return std::clamp(edge / 4, 1, 8); }

}  // namespace

void luma_grid(const VideoFrame& frame, int columns, int rows, std::span<float> cells) {
  const FrameInfo& info = frame.info();
  const PlaneView plane = frame.plane(0);
  int bytes = 1, first = 0;  // per pixel, of the luma
  if (info.format == PixelFormat::YUY2 || info.format == PixelFormat::UYVY) bytes = 2;
  if (info.format == PixelFormat::UYVY) first = 1;
  if (info.format == PixelFormat::BGRx) bytes = 4, first = 1;  // green
  const int step_x = step_for(info.width / columns), step_y = step_for(info.height / rows);
  for (int row = 0; row < rows; ++row)
    for (int column = 0; column < columns; ++column) {
      const int x0 = info.width * column / columns, x1 = info.width * (column + 1) / columns;
      const int y0 = info.height * row / rows, y1 = info.height * (row + 1) / rows;
      double sum = 0;
      int count = 0;
      for (int y = y0; y < y1; y += step_y)
        for (int x = x0; x < x1; x += step_x, ++count)
          sum += plane.data[static_cast<std::ptrdiff_t>(y) * plane.stride + x * bytes + first];
      cells[static_cast<std::size_t>(row * columns + column)] =
          count > 0 ? static_cast<float>(sum / count) : 0;
    }
}

}  // namespace kakehashi
