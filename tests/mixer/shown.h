// SPDX-License-Identifier: GPL-3.0-or-later
// Painted things as a viewer sees them: over a busy picture, cut out with a margin.
#pragma once

#include "core/frame_pool.h"
#include "mixer/overlay_blend.h"
#include "tests/mixer/frames.h"

namespace kakehashi::testing {

// Light and dark fields and fine stripes: what stands without a plate on it cannot be read.
inline Rgb busy(int x, int y) {
  if (y / 40 % 3 == 1 && x % 12 < 3) return hex(0xF8F8F8);
  return hex(x / 60 % 2 == y / 60 % 2 ? 0xE8E2D0 : 0x5A7FA0);
}

inline FramePtr blended(const OverlayImage& image, const VideoFrame& under) {
  FramePool pool(PixelFormat::I420, under.width(), under.height(), 1);
  FrameBuilder builder = std::move(*pool.acquire());
  for (int p = 0; p < 3; ++p)
    for (int y = 0; y < under.height() / (p ? 2 : 1); ++y)
      std::copy_n(under.plane(p).data + static_cast<std::ptrdiff_t>(y) * under.plane(p).stride,
                  under.width() / (p ? 2 : 1),
                  builder.plane(p) + static_cast<std::ptrdiff_t>(y) * builder.stride(p));
  blend_overlay(image, 256, picture_of(builder));
  return std::move(builder).publish();
}

// `width`: of the place; a plate may be some pixels shorter with another FreeType.
inline FramePtr over_busy(const OverlayImage& image, int width = 0, int margin = 16) {
  OverlayImage moved = image;
  moved.rect.x = moved.rect.y = margin;
  const auto under = make_frame(
      {PixelFormat::I420, std::max(width, moved.rect.w) + 2 * margin, moved.rect.h + 2 * margin},
      busy);
  return blended(moved, *under);
}

}  // namespace kakehashi::testing
