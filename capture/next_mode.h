// SPDX-License-Identifier: GPL-3.0-or-later
// What is asked of a camera after it refused the best mode, or did not start with it. Pure. Private
// to capture/.
#pragma once

#include <optional>
#include <vector>

#include "capture/camera_choice.h"

namespace kakehashi {

// `refused`: how often in a row it refused. 0: the best mode for the wish; then the best of another
// pixel format, the best JPEG instead of raw or raw instead of JPEG, the best of a smaller size;
// then from the beginning. Where there is none of the kind: the best. Nothing when no mode has the
// wanted format.
inline constexpr int kChoices = 4;
std::optional<CameraMode> mode_after_refusals(const std::vector<CameraMode>& modes,
                                              const CameraWish& wish, int refused);

}  // namespace kakehashi
