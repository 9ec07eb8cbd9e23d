// SPDX-License-Identifier: GPL-3.0-or-later
// The displays in words. Pure.
#pragma once

#include <vector>

#include "capture/display_list.h"
#include "core/equipment_test.h"

namespace kakehashi {

// One item per display and one for their number. `hall_wanted`: the event shows something in the
// hall, so the operator's own screen alone is not enough.
std::vector<EquipmentItem> judge_displays(const DisplayList& list, bool hall_wanted);

}  // namespace kakehashi
