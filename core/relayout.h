// SPDX-License-Identifier: GPL-3.0-or-later
// Another layout for a scene while the show runs: its inputs find their places again. Pure.
#pragma once

#include <string>
#include <vector>

#include "core/layout_table.h"
#include "core/result.h"
#include "core/show.h"

namespace kakehashi {

// Who stands where when `scene` gets `layout`: an input keeps the slot of its name ("slide");
// slides go to "slide", the interpreter to "sign"; the other inputs of the scene follow in their
// order, then the show's other pictures by role (cam_main, remote_pc, cam_panel, ...). No input
// stands twice; a slot that nobody is left for has no fill.
std::vector<SlotFill> slots_for(const Show& show, const Scene& scene, const LayoutRow& layout);

// The same show with that scene changed and arranged again. NotFound for an unknown scene or
// layout, FixInput for a card or a scene of hand-made layers.
Result<Show> with_layout(const Show& show, const std::string& scene, const std::string& layout);

}  // namespace kakehashi
