// SPDX-License-Identifier: GPL-3.0-or-later
// `kakehashi-station title-check`: every title of an event, before the audience reads it.
#pragma once

#include <iosfwd>
#include <string>

#include "core/text.h"

namespace kakehashi {

inline constexpr int kExitFaults = 1;  // the event opens, but its titles have faults

struct TitleCheckOptions {
  std::string event, venue;
  bool json = false;
  bool timing = false;  // also say how long it took
  Language language = Language::Japanese;
};

// Faults and notices, one line each (JSON: one object); kExitOk, kExitFaults, kExitBadEvent.
int run_title_check(const TitleCheckOptions& options, std::ostream& out, std::ostream& err);

}  // namespace kakehashi
