// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/iso_picture.h"

#include "mixer/convert.h"
#include "mixer/layout.h"
#include "mixer/orientation.h"
#include "mixer/picture.h"

namespace kakehashi {
namespace {

constexpr int kStock = 4;  // one at the encoder, one that may be repeated, and slack

}  // namespace

FramePtr IsoPicture::make(const VideoFrame& from, std::span<const Mask> masks) {
  const int width = from.width() & ~1, height = from.height() & ~1;
  if (width < 16 || height < 16) return {};
  if (!pool_ || width != width_ || height != height_) {
    width_ = width;
    height_ = height;
    pool_ = std::make_unique<FramePool>(PixelFormat::I420, width, height, kStock);
    masks_ = std::make_unique<PrivacyMasks>(width, height);
  }
  auto builder = pool_->acquire();
  if (!builder) return {};
  FrameInfo& info = builder->info();
  info.captured = from.info().captured;
  info.still = from.info().still;
  info.sequence = from.info().sequence;
  info.aspect_numerator = from.info().aspect_numerator;
  info.aspect_denominator = from.info().aspect_denominator;
  const Picture picture = picture_of(*builder);
  convert_part(from, 0, 0, picture);
  if (!masks.empty()) {
    const Rect whole{0, 0, width, height};
    masks_->clear();
    masks_->add(masks, from, Orientation{}, Placement{whole, whole, whole});
    masks_->paint(whole, picture);
  }
  return std::move(*builder).publish();
}

}  // namespace kakehashi
