// SPDX-License-Identifier: GPL-3.0-or-later
// How fast the recording's disk takes data, and for how many hours there is room.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "core/equipment_test.h"
#include "core/show.h"

namespace kakehashi {

struct DiskFigures {
  int error = 0;  // errno; 0: none
  bool folder_made = false;
  std::uint64_t written = 0;    // bytes
  double mb_per_s = 0;          // 10^6 bytes, until it was on the disk
  double longest_stall_ms = 0;  // for 4 MiB
  double free_bytes = 0;        // for us, before
};

// Writes `bytes` into an unnamed file in `folder`, which is gone whatever happens. The folder is
// made when it is missing.
DiskFigures measure_disk(const std::string& folder, std::uint64_t bytes,
                         const std::atomic<bool>& stop, const std::function<void(double)>& tell);

// Pure.
EquipmentItem judge_disk(const Show& show, const DiskFigures& figures);

}  // namespace kakehashi
