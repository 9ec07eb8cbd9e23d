// SPDX-License-Identifier: GPL-3.0-or-later
// Views on planes of pixels while a picture is being made. No ownership: whoever holds the memory
// (a FrameBuilder, the compositor's scratch) outlives the view.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/frame_pool.h"
#include "core/show.h"

namespace kakehashi {

// I420 that may be written. Chroma planes are (width + 1) / 2 by (height + 1) / 2.
struct Picture {
  std::uint8_t* y = nullptr;
  std::uint8_t* u = nullptr;
  std::uint8_t* v = nullptr;
  int stride_y = 0, stride_u = 0, stride_v = 0;
  int width = 0, height = 0;

  // The part at `r`, which must lie inside; x and y even.
  Picture part(const Rect& r) const {
    return {y + static_cast<std::ptrdiff_t>(r.y) * stride_y + r.x,
            u + static_cast<std::ptrdiff_t>(r.y / 2) * stride_u + r.x / 2,
            v + static_cast<std::ptrdiff_t>(r.y / 2) * stride_v + r.x / 2,
            stride_y,
            stride_u,
            stride_v,
            r.w,
            r.h};
  }
};

// I420 that is only read.
struct PicturePlanes {
  const std::uint8_t* y = nullptr;
  const std::uint8_t* u = nullptr;
  const std::uint8_t* v = nullptr;
  int stride_y = 0, stride_u = 0, stride_v = 0;
  int width = 0, height = 0;
};
inline PicturePlanes view_of(const Picture& p) {
  return {p.y, p.u, p.v, p.stride_y, p.stride_u, p.stride_v, p.width, p.height};
}
inline PicturePlanes view_of(const VideoFrame& f) {  // an I420 frame
  const PlaneView y = f.plane(0), u = f.plane(1), v = f.plane(2);
  return {y.data, u.data, v.data, y.stride, u.stride, v.stride, f.width(), f.height()};
}

inline Picture picture_of(FrameBuilder& b) {
  return {b.plane(0),  b.plane(1),  b.plane(2),     b.stride(0),
          b.stride(1), b.stride(2), b.info().width, b.info().height};
}

// Memory for one picture, kept from tick to tick. Grows when a larger one is asked for and then
// never again, so a steady show allocates nothing.
class ScratchPicture {
 public:
  Picture view(int width, int height) {
    const int stride = (width + 63) / 64 * 64, half = ((width + 1) / 2 + 63) / 64 * 64;
    const auto luma = static_cast<std::size_t>(stride) * static_cast<std::size_t>(height);
    const auto chroma = static_cast<std::size_t>(half) * static_cast<std::size_t>((height + 1) / 2);
    if (memory_.size() < luma + 2 * chroma + kSlack) memory_.resize(luma + 2 * chroma + kSlack);
    std::uint8_t* p = memory_.data();
    return {p, p + luma, p + luma + chroma, stride, half, half, width, height};
  }

 private:
  static constexpr std::size_t kSlack = 64;
  std::vector<std::uint8_t> memory_;
};

inline Rect intersect(const Rect& a, const Rect& b) {
  const int x0 = std::max(a.x, b.x), y0 = std::max(a.y, b.y);
  const int x1 = std::min(a.x + a.w, b.x + b.w), y1 = std::min(a.y + a.h, b.y + b.h);
  return x1 > x0 && y1 > y0 ? Rect{x0, y0, x1 - x0, y1 - y0} : Rect{};
}
inline bool empty(const Rect& r) { return r.w <= 0 || r.h <= 0; }
// Outwards to even, so that chroma stays with its luma.
inline Rect even_around(const Rect& r) {
  const int x = r.x & ~1, y = r.y & ~1;
  return {x, y, ((r.x + r.w + 1) & ~1) - x, ((r.y + r.h + 1) & ~1) - y};
}

}  // namespace kakehashi
