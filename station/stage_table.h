// SPDX-License-Identifier: GPL-3.0-or-later
// Where each millisecond goes, as lines for a person. Pure.
#pragma once

#include <string>
#include <vector>

#include "core/snapshot.h"

namespace kakehashi {

// A line of headings and one per step; empty when no picture was sent.
std::string stage_table(const std::vector<StageTime>& stages);

}  // namespace kakehashi
