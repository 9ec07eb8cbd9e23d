// SPDX-License-Identifier: GPL-3.0-or-later
// Private to panel_check*.cpp: what the parts of the check page share.
#pragma once

#include <string>
#include <vector>

#include "gui/panels.h"

namespace kakehashi {

struct VerdictLook {
  Word word;
  Icon icon;
  ImU32 ground;  // 0: no plate
};
VerdictLook look_of(Verdict v);
bool troubled(Verdict v);  // Fail or Caution

// Tests these items again, with the length of the result they are in.
void test_again(DeskPage& desk, const std::vector<const EquipmentItem*>& items);
// What the camera showed; false when there is no picture.
bool draw_check_picture(Frame& frame, const Box& box, const EquipmentItem& item);

// panel_check_side.cpp: offset, line and differences, one below the other.
void draw_check_side(DeskPage& desk, const Box& box);
// panel_check_detail.cpp: all that is known of one item, in the place of the side.
void draw_check_detail(DeskPage& desk, const Box& box, const EquipmentItem& item);

}  // namespace kakehashi
