// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/frame_copy.h"

#include <cstring>
#include <utility>

#include "core/frame_pool.h"

namespace kakehashi {
namespace {

struct Extent {
  int bytes, lines;
};

Extent extent_of(const FrameInfo& f, int plane) {
  const int half = (f.width + 1) / 2, half_lines = (f.height + 1) / 2;
  switch (f.format) {
    case PixelFormat::I420:
      return plane == 0 ? Extent{f.width, f.height} : Extent{half, half_lines};
    case PixelFormat::NV12:
      return plane == 0 ? Extent{f.width, f.height} : Extent{2 * half, half_lines};
    case PixelFormat::Y42B:
      return {plane == 0 ? f.width : half, f.height};
    case PixelFormat::YUY2:
    case PixelFormat::UYVY:
      return {4 * half, f.height};
    case PixelFormat::BGRx:
      break;
  }
  return {4 * f.width, f.height};
}

}  // namespace

FramePtr copy_of(const VideoFrame& frame) {
  const FrameInfo& info = frame.info();
  FramePool pool(info.format, info.width, info.height, 1);
  FrameBuilder copy = std::move(*pool.acquire());
  copy.info() = info;
  for (int p = 0; p < plane_count(info.format); ++p) {
    const Extent e = extent_of(info, p);
    const PlaneView from = frame.plane(p);
    for (int y = 0; y < e.lines; ++y)
      std::memcpy(copy.plane(p) + static_cast<std::ptrdiff_t>(y) * copy.stride(p),
                  from.data + static_cast<std::ptrdiff_t>(y) * from.stride,
                  static_cast<std::size_t>(e.bytes));
  }
  return std::move(copy).publish();
}

}  // namespace kakehashi
