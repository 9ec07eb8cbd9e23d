// SPDX-License-Identifier: GPL-3.0-or-later
// A small picture of an input as a JPEG file, for the sheet of the equipment test.
#pragma once

#include <string>
#include <vector>

#include "core/layer.h"
#include "core/result.h"
#include "core/video_frame.h"

namespace kakehashi {

// At most `width` pixels wide, in the picture's own shape. What `masks` hide is covered by plain
// colour, also where the mask is a blur.
Status save_thumbnail(const VideoFrame& frame, const std::vector<Mask>& masks, int width,
                      const std::string& path);

}  // namespace kakehashi
