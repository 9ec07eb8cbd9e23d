// SPDX-License-Identifier: GPL-3.0-or-later
// 前回と違う点: what differs from the last equipment test at the same venue. Pure.
#pragma once

#include <vector>

#include "core/equipment_test.h"

namespace kakehashi {

// Changed ones first: an item that is new or gone, another device, another verdict, a figure beyond
// its tolerance. Then what stayed the same, one row per item that was tested both times.
std::vector<EquipmentDifference> differences(const EquipmentResult& before,
                                             const EquipmentResult& now);

}  // namespace kakehashi
