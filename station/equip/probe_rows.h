// SPDX-License-Identifier: GPL-3.0-or-later
// Private to station/equip/. One function per row of the table in probes.cpp, defined in
// probe_<name>.cpp.
#pragma once

#include "station/equip/probe.h"

namespace kakehashi {

Probe camera_probe();
Probe cameras_together_probe();
Probe sound_probe();
Probe offset_probe();
Probe screens_probe();
Probe machine_probe();
Probe cpu_probe();
Probe disk_probe();
Probe network_probe();
Probe burn_in_probe();

}  // namespace kakehashi
