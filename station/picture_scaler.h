// SPDX-License-Identifier: GPL-3.0-or-later
// Program pictures in an encode's own size. One owner (enc.video); allocates only for its first
// pictures.
#pragma once

#include "core/frame_pool.h"
#include "core/show.h"
#include "mixer/scale.h"

namespace kakehashi {

class PictureScaler {
 public:
  explicit PictureScaler(const Canvas& size);
  // All of it, in I420 like its source; times and `still` stay.
  FramePtr scale(const FramePtr& picture);

 private:
  const Canvas size_;
  Scaler scaler_;
  FramePool pool_;  // as many as an encoder may keep
};

}  // namespace kakehashi
