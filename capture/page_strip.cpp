// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/page_strip.h"

#include <algorithm>
#include <cstring>

#include "core/frame_pool.h"

namespace kakehashi {
namespace {

constexpr std::uint8_t kGround[3] = {42, 128, 128};  // the desk's own dark grey

}  // namespace

FramePtr small_still(const PixelSheet& sheet, PictureSize box) {
  return program_still(shrunk(sheet, fitted_size(sheet.width, sheet.height, box, false)));
}

FramePtr paint_strip(const std::vector<FramePtr>& pages, PictureSize cell) {
  const int width = cell.width * static_cast<int>(pages.size());
  FramePool pool(PixelFormat::I420, width, cell.height, 1);
  FrameBuilder b = std::move(*pool.acquire());
  b.info().still = true;
  for (int plane = 0; plane < 3; ++plane) {
    const int half = plane == 0 ? 1 : 2;
    for (int y = 0; y < cell.height / half; ++y)
      std::memset(b.plane(plane) + static_cast<std::ptrdiff_t>(y) * b.stride(plane), kGround[plane],
                  static_cast<std::size_t>(width / half));
    for (std::size_t i = 0; i < pages.size(); ++i) {
      const FramePtr& page = pages[i];
      if (!page) continue;
      const int w = std::min(page->width(), cell.width), h = std::min(page->height(), cell.height);
      const int x = static_cast<int>(i) * cell.width + (cell.width - w) / 4 * 2;
      const int top = (cell.height - h) / 4 * 2;
      const PlaneView from = page->plane(plane);
      for (int y = 0; y < h / half; ++y)
        std::memcpy(b.plane(plane) + static_cast<std::ptrdiff_t>(top / half + y) * b.stride(plane) +
                        x / half,
                    from.data + static_cast<std::ptrdiff_t>(y) * from.stride,
                    static_cast<std::size_t>(w / half));
    }
  }
  return std::move(b).publish();
}

}  // namespace kakehashi
