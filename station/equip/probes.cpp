// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of the equipment test, in the order in which a technician wants to hear of them. A new
// one is a file and a line here.
#include "capture/devices.h"
#include "station/equip/probe_rows.h"

namespace kakehashi {

std::vector<DeviceIdentity> others_of(const ProbeTask& task, const Input& input) {
  std::vector<DeviceIdentity> others;
  for (const Input& other : task.show.inputs)
    if (other.id != input.id && other.source)
      if (auto theirs = identity_of(*other.source); !theirs.empty())
        others.push_back(std::move(theirs));
  return others;
}

const std::vector<Probe>& probes() {
  static const std::vector<Probe> rows{
      camera_probe(),  cameras_together_probe(), sound_probe(), offset_probe(),
      screens_probe(), machine_probe(),          cpu_probe(),   disk_probe(),
      network_probe(), burn_in_probe(),
  };
  return rows;
}

}  // namespace kakehashi
