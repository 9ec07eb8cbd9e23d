// SPDX-License-Identifier: GPL-3.0-or-later
// Why a device gives nothing, as far as it can be told apart: each has its own sentence and its own
// next step. Beside ErrorKind, which says what a caller can do.
#pragma once

#include <cstdint>

namespace kakehashi {

enum class Trouble : std::uint8_t {
  Unknown,
  Busy,       // another program has it (EBUSY): asked again in a second
  Forbidden,  // this user may not open it (EACCES, EPERM): groups video and audio
  Format,     // it refuses what was chosen, or does not start with it: the next choice at once
  Gone,       // it was unplugged (ENODEV)
  NoSignal,   // it works, but nothing is plugged into it (ENOLINK, ENOLCK)
  Crowded,    // no room for its pictures on the USB cable (ENOSPC): a smaller format may pass
  Hanging,    // its driver does not come back: to be unplugged
};

// Of a system call.
Trouble trouble_of_errno(int error);

// Of a GStreamer error, by its domain ("gst-resource-error-quark"), its code and what its element
// adds for developers, where Linux's own words stand ("system error: ..."). A table.
Trouble trouble_of_gstreamer(const char* domain, int code, const char* debug);

}  // namespace kakehashi
