// SPDX-License-Identifier: GPL-3.0-or-later
// A picture that depends on nobody: what a device lent must go back when it closes.
#pragma once

#include "core/video_frame.h"

namespace kakehashi {

// The same picture, format, times and sequence in memory of its own. Allocates: never on a mix
// loop.
FramePtr copy_of(const VideoFrame& frame);

}  // namespace kakehashi
