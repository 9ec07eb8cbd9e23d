// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/next_mode.h"

#include <algorithm>

namespace kakehashi {

std::optional<CameraMode> mode_after_refusals(const std::vector<CameraMode>& modes,
                                              const CameraWish& wish, int refused) {
  const CameraMode* best = choose_mode(modes, wish);
  if (!best) return std::nullopt;
  const auto without = [&](auto&& refuse) {
    std::vector<CameraMode> rest;
    std::copy_if(modes.begin(), modes.end(), std::back_inserter(rest),
                 [&](const CameraMode& m) { return !refuse(m); });
    const CameraMode* next = choose_mode(rest, wish);
    return next ? *next : *best;
  };
  switch (refused % kChoices) {
    case 1:
      return without(
          [&](const CameraMode& m) { return m.media != best->media || m.format == best->format; });
    case 2:
      return without([&](const CameraMode& m) { return m.media == best->media; });
    case 3:
      return without(
          [&](const CameraMode& m) { return m.width * m.height >= best->width * best->height; });
    default:
      return *best;
  }
}

}  // namespace kakehashi
