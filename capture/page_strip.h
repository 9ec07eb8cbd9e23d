// SPDX-License-Identifier: GPL-3.0-or-later
// Small pages beside each other, for the desk. Pure. Private to capture/.
#pragma once

#include <vector>

#include "capture/still_picture.h"

namespace kakehashi {

// The sheet as a small frame that fits the box.
FramePtr small_still(const PixelSheet& sheet, PictureSize box);

// One cell per page, the page in its middle; an empty one where there is no page (yet).
FramePtr paint_strip(const std::vector<FramePtr>& pages, PictureSize cell);

}  // namespace kakehashi
