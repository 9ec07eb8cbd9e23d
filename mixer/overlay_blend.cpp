// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/overlay_blend.h"

#include "mixer/kernels.h"

namespace kakehashi {

void blend_overlay(const OverlayImage& image, int weight, const Picture& out, int out_x,
                   int out_y) {
  const Rect seen = intersect(image.rect, {out_x, out_y, out.width, out.height});
  if (weight <= 0 || empty(seen)) return;
  const Kernels& k = kernels();
  const Picture to = out.part({seen.x - out_x, seen.y - out_y, seen.w, seen.h});
  const int x = seen.x - image.rect.x, y = seen.y - image.rect.y;
  const auto luma = [&](int line) {
    return static_cast<std::ptrdiff_t>(y + line) * image.stride_y + x;
  };
  const auto chroma = [&](int line) {
    return static_cast<std::ptrdiff_t>((y + line) / 2) * image.stride_uv + x / 2;
  };
  for (int line = 0; line + 1 < seen.h; line += 2) {
    std::uint8_t* row = to.y + static_cast<std::ptrdiff_t>(line) * to.stride_y;
    const std::uint8_t* alpha0 = image.alpha.data() + luma(line);
    const std::uint8_t* alpha1 = image.alpha.data() + luma(line + 1);
    k.blend(row, image.y.data() + luma(line), alpha0, weight, seen.w);
    k.blend(row + to.stride_y, image.y.data() + luma(line + 1), alpha1, weight, seen.w);
    k.blend_chroma(to.u + static_cast<std::ptrdiff_t>(line / 2) * to.stride_u,
                   image.u.data() + chroma(line), alpha0, alpha1, weight, seen.w / 2);
    k.blend_chroma(to.v + static_cast<std::ptrdiff_t>(line / 2) * to.stride_v,
                   image.v.data() + chroma(line), alpha0, alpha1, weight, seen.w / 2);
  }
}

}  // namespace kakehashi
