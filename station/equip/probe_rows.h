// SPDX-License-Identifier: GPL-3.0-or-later
// Private to station/equip/. One function per row of the table in probes.cpp, defined in
// probe_<name>.cpp.
#pragma once

#include "station/equip/probe.h"

namespace kakehashi {

Probe camera_probe();
Probe cameras_together_probe();
Probe burn_in_probe();

}  // namespace kakehashi
