// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mixer/painter.h"
#include "mixer/picture.h"

namespace kakehashi {

// Lays a painted overlay over `out` at its own place, clipped to it. weight: 0 nothing .. 256 as
// painted.
void blend_overlay(const OverlayImage& image, int weight, const Picture& out);

}  // namespace kakehashi
