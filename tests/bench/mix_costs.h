// SPDX-License-Identifier: GPL-3.0-or-later
// What things cost beside each other inside this mixer: standing still, passing through, changing
// over, a second bus, tiles of inputs that are not on air.
#pragma once

#include "tests/bench/mix_grid.h"

namespace kakehashi::bench {

std::vector<Figure> measure_costs(GridStudio& studio, int rounds);

}  // namespace kakehashi::bench
