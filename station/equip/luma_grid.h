// SPDX-License-Identifier: GPL-3.0-or-later
// A picture as a coarse grid of mean luma, whatever its format. Pure.
#pragma once

#include <span>

#include "core/video_frame.h"

namespace kakehashi {

// Row by row; `cells` holds columns x rows, 0..255. Looks at some of the pixels only.
void luma_grid(const VideoFrame& frame, int columns, int rows, std::span<float> cells);

}  // namespace kakehashi
