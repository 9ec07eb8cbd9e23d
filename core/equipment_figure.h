// SPDX-License-Identifier: GPL-3.0-or-later
// What the figures of an equipment test are called by people, for the sheet and the desk's details.
#pragma once

#include <string>
#include <string_view>

#include "core/equipment_test.h"

namespace kakehashi {

// Of a figure that is not known here: its id, so that nothing measured is hidden.
Text figure_name(std::string_view id);

// "29.97 fps", "-61 dBFS", "1920": as many digits as one reads.
std::string figure_words(const EquipmentFigure& figure);

}  // namespace kakehashi
