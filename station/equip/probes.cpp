// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of the equipment test, in the order in which a technician wants to hear of them. A new
// one is a file and a line here.
#include "station/equip/probe_rows.h"

namespace kakehashi {

const std::vector<Probe>& probes() {
  static const std::vector<Probe> rows{
      camera_probe(),  cameras_together_probe(), sound_probe(), offset_probe(),
      screens_probe(), machine_probe(),          cpu_probe(),   disk_probe(),
      network_probe(), burn_in_probe(),
  };
  return rows;
}

}  // namespace kakehashi
