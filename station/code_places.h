// SPDX-License-Identifier: GPL-3.0-or-later
// Where the machine-readable code of a test source stands on program, so that the practice receiver
// can read it in every scene.
#pragma once

#include <vector>

#include "core/show.h"

namespace kakehashi {

// In pixels of the canvas, one for each layer that shows an input of kind "test" (bindings
// applied), whole and uncropped by its rectangle; without repeats.
std::vector<Rect> code_places(const Show& show);

}  // namespace kakehashi
