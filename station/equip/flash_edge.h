// SPDX-License-Identifier: GPL-3.0-or-later
// When a light goes on, from pictures of many flashes laid over each other: each picture around the
// edge says how much of its exposure was lit, and a ramp as wide as the exposure is laid through
// all of them. A gain that pumps, missing pictures and stamps that jitter do no harm. Pure.
#pragma once

#include <optional>
#include <vector>

#include "station/equip/av_offset.h"

namespace kakehashi {

struct FlashEdge {
  double phase = 0;        // seconds after `zero`, of slot 0: half of the exposure is lit
  double spread = 0;       // seconds, 95 %
  std::vector<int> slots;  // which of the period's slots had a flash
};
// `period`: of the page as our clock counts it. Empty: fewer than `least` flashes that keep it.
std::optional<FlashEdge> find_flash_edge(const std::vector<LitPicture>& pictures, MediaTime zero,
                                         double period, std::size_t least);

// The phase on the period's grid that most of the times share within `near`, all in seconds.
double common_phase(const std::vector<double>& times, double period, double near);

}  // namespace kakehashi
