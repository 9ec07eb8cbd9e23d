// SPDX-License-Identifier: GPL-3.0-or-later
// Who looks at everything that passes on a road, without being on it. Called on the source's
// thread: some microseconds, no waiting, no allocation but the first time.
#pragma once

#include <span>

#include "core/time.h"
#include "core/video_frame.h"

namespace kakehashi {

class PictureWatcher {
 public:
  virtual ~PictureWatcher() = default;
  virtual void picture(const VideoFrame& frame) = 0;
};
class SoundWatcher {
 public:
  virtual ~SoundWatcher() = default;
  virtual void sound(std::span<const float> interleaved, int channels, int rate,
                     MediaTime captured) = 0;
};

}  // namespace kakehashi
