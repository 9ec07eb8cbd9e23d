// SPDX-License-Identifier: GPL-3.0-or-later
// Xlib ends the whole process when a display goes away or a request fails. A station must not end
// because a screen was unplugged: these handlers count instead. Private to capture/.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "core/result.h"

namespace kakehashi {

// Once per process, before the first display is opened. Any thread.
void install_x_guard();

// How often connections to this display (":0") broke, and how often a request was refused (a
// region that is outside after the screen became smaller). Any thread.
std::uint64_t x_troubles(const std::string& display);

// One open connection. Keep it while another is being opened: a server whose last client leaves
// starts over and refuses the next one meanwhile.
class XScreen {
 public:
  // `display` empty: $DISPLAY.
  static Result<XScreen> open(const std::string& display);
  XScreen(XScreen&& o) noexcept : display_(std::exchange(o.display_, nullptr)) {}
  XScreen& operator=(XScreen&&) = delete;
  ~XScreen();

  std::string name() const;  // the name that was really meant: ":0"
  int width() const;
  int height() const;

 private:
  explicit XScreen(void* display) : display_(display) {}
  void* display_;  // Xlib's Display; its header's macros stay in the .cpp
};

}  // namespace kakehashi
