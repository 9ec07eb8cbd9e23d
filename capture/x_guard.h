// SPDX-License-Identifier: GPL-3.0-or-later
// Xlib ends the whole process when a display goes away or a request fails. A station must not end
// because a screen was unplugged: these handlers count instead. Private to capture/.
#pragma once

#include <cstdint>
#include <string>

#include "core/result.h"

namespace kakehashi {

// Once per process, before the first display is opened. Any thread.
void install_x_guard();

// How often connections to this display ("":0") broke, and how often a request was refused (a
// region that is outside after the screen became smaller). Any thread.
std::uint64_t x_troubles(const std::string& display);

struct ScreenSize {
  int width = 0;
  int height = 0;
};
// `display` empty: $DISPLAY. The name that was really meant is written to `display`.
Result<ScreenSize> screen_size(std::string& display);

}  // namespace kakehashi
