// SPDX-License-Identifier: GPL-3.0-or-later
// Which of a camera's many modes to use. Pure, so that it is tested with lists of real cameras.
// Private to capture/.
#pragma once

#include <gst/gst.h>

#include <string>
#include <vector>

#include "core/show.h"

namespace kakehashi {

struct CameraMode {
  std::string media;   // "video/x-raw" or "image/jpeg"
  std::string format;  // "YUY2", "NV12"; "MJPG" for jpeg
  int width = 0, height = 0;
  Rate rate;
};

// Every fixed mode in caps as v4l2src offers them. Unknown media types are left out.
std::vector<CameraMode> camera_modes(const GstCaps* caps);

// The mode nearest to the wish: fast enough first, then size (not smaller if possible), then raw
// before JPEG (no decoding, no loss). `format`: "auto", "raw" or "mjpg". Null when there is none.
const CameraMode* choose_mode(const std::vector<CameraMode>& modes, int width, int height,
                              Rate rate, const std::string& format);

}  // namespace kakehashi
