// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/picture_scaler.h"

#include <algorithm>

namespace kakehashi {

PictureScaler::PictureScaler(const Canvas& size)
    : size_(size),
      scaler_(std::max(size.width, size.height)),
      pool_(PixelFormat::I420, size.width, size.height, 16) {}

FramePtr PictureScaler::scale(const FramePtr& picture) {
  auto builder = pool_.acquire();
  if (!builder || !picture) return {};
  const FrameInfo& from = picture->info();
  FrameInfo& info = builder->info();
  info.matrix = from.matrix;
  info.range = from.range;
  info.captured = from.captured;
  info.still = from.still;
  info.sequence = from.sequence;
  for (int p = 0; p < 3; ++p) {
    const int half = p == 0 ? 1 : 2;
    const int w = size_.width / half, h = size_.height / half;
    scaler_.plane(picture->plane(p), from.width / half, from.height / half, w, h, {0, 0, w, h},
                  builder->plane(p), builder->stride(p));
  }
  return std::move(*builder).publish();
}

}  // namespace kakehashi
