// SPDX-License-Identifier: GPL-3.0-or-later
// Private to station/equip/. One function per row of the table in probes.cpp, defined in
// probe_<name>.cpp.
#pragma once

#include <vector>

#include "core/device.h"
#include "station/equip/probe.h"

namespace kakehashi {

// What the other roles are bound to: of two devices that are the same, the one left over is never
// tested in the place of a missing one.
std::vector<DeviceIdentity> others_of(const ProbeTask& task, const Input& input);

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
