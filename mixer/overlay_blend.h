// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mixer/painter.h"
#include "mixer/picture.h"

namespace kakehashi {

// Lays a painted overlay over `out` at its own place, clipped to it. weight: 0 nothing .. 256 as
// painted. (x, y), even: which pixel of the canvas out's first one is.
void blend_overlay(const OverlayImage& image, int weight, const Picture& out, int x = 0, int y = 0);

}  // namespace kakehashi
