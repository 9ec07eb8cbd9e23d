// SPDX-License-Identifier: GPL-3.0-or-later
// A camera's figures in words: passed or not, why, and the one thing to do. Pure.
#pragma once

#include <vector>

#include "core/equipment_test.h"
#include "core/show.h"
#include "core/snapshot.h"
#include "station/equip/camera_figures.h"

namespace kakehashi {

// `findings`: of the detectors, worst first or in any order. `canvas`: what the programme wants.
EquipmentItem judge_camera(const std::string& item_id, const Input& input, const Canvas& canvas,
                           const CameraFigures& figures, const std::vector<InputFinding>& findings);

// What was measured with all cameras open at once, seen beside what each did alone: a camera that
// fails alone is not blamed on the others, one that only fails together is a matter of the USB bus.
void explain_together(std::vector<EquipmentItem>& items);

}  // namespace kakehashi
