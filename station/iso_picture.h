// SPDX-License-Identifier: GPL-3.0-or-later
// A picture as an input brought it, at its own size, in the encoder's form and with the input's
// privacy masks: what is hidden in the programme is hidden in the input's own recording too. One
// owner; allocates only for its first pictures and with every new size.
#pragma once

#include <memory>
#include <span>

#include "core/frame_pool.h"
#include "core/layer.h"
#include "mixer/privacy_mask.h"

namespace kakehashi {

class IsoPicture {
 public:
  // Empty when all of the stock is in use, or the picture is too small to be encoded (16 x 16). An
  // odd last column or line is cut off.
  FramePtr make(const VideoFrame& from, std::span<const Mask> masks);

 private:
  int width_ = 0, height_ = 0;
  std::unique_ptr<FramePool> pool_;
  std::unique_ptr<PrivacyMasks> masks_;
};

}  // namespace kakehashi
