// SPDX-License-Identifier: GPL-3.0-or-later
// Private to presets/. A time on the clock at the wall, as people write it into an event.
#pragma once

#include <string_view>

namespace kakehashi {

// "14:00" or "2026-11-22T14:00", hours 00..23; the day must exist.
bool is_wall_time(std::string_view text);

}  // namespace kakehashi
