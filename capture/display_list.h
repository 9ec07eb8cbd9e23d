// SPDX-License-Identifier: GPL-3.0-or-later
// The displays and projectors that are plugged in: from X RandR where there is an X display, else
// from the kernel.
#pragma once

#include <string>
#include <vector>

#include "capture/edid.h"

namespace kakehashi {

struct ShownDisplay {
  std::string connector;           // "HDMI-1"
  std::optional<Edid> edid;        // nothing: it does not say who it is
  std::optional<DisplayMode> now;  // nothing: switched off, or not known
  bool on = false;                 // a picture is sent to it
};

struct DisplayList {
  std::vector<ShownDisplay> displays;
  bool modes_known = false;  // whether `on` and `now` are worth anything
};

// Blocking, some milliseconds. `root`: of the kernel's files, "" for this machine.
DisplayList list_displays();
std::vector<ShownDisplay> kernel_displays(const std::string& root);

}  // namespace kakehashi
