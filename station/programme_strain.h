// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the programme has just suffered: a tick or a block came late, a picture or sound was left
// out. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/snapshot.h"

namespace kakehashi {

class ProgrammeStrain {
 public:
  // Whether any of its counters has grown since the last look. They begin anew with other loops.
  bool look(const Health& now) {
    const std::array<std::uint64_t, 4> fresh{now.late_ticks, now.skipped_pictures, now.late_blocks,
                                             now.refused_blocks};
    bool grown = false;
    for (std::size_t i = 0; i < fresh.size(); ++i) grown |= known_ && fresh[i] > before_[i];
    before_ = fresh;
    known_ = true;
    return grown;
  }

 private:
  std::array<std::uint64_t, 4> before_{};
  bool known_ = false;
};

}  // namespace kakehashi
