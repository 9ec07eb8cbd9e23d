// SPDX-License-Identifier: GPL-3.0-or-later
// Ten milliseconds of sound, counted in samples since the session's zero: position / 48000 is its
// time.
#pragma once

#include <array>
#include <cstdint>

#include "core/time.h"

namespace kakehashi {

// A plain value of 3.8 KiB: copied through rings and queues, so no block is ever allocated or
// shared.
struct AudioBlock {
  std::int64_t position = 0;  // first sample; a multiple of kBlockSamples on the program clock
  std::array<float, static_cast<std::size_t>(kBlockSamples* kProgramChannels)>
      samples{};  // L R L R, full scale = 1.0

  void silence() { samples.fill(0.0F); }
};

}  // namespace kakehashi
