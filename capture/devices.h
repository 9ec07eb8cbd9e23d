// SPDX-License-Identifier: GPL-3.0-or-later
// What is plugged in: cameras (V4L2 through GStreamer's device monitor), sound inputs (PortAudio),
// X11 displays. For `kakehashi-station devices` and for binding roles.
#pragma once

#include <string>
#include <vector>

#include "core/device.h"
#include "core/result.h"
#include "core/show.h"

namespace kakehashi {

struct Device {
  std::string id;    // serial, else port path, else model; unique among those listed together
  std::string name;  // for people
  DeviceIdentity identity;           // what a role is bound by
  std::string kind;                  // the source kind that opens it
  std::vector<std::string> formats;  // "1920x1080 30/1 MJPG"; "2 channels 48000 Hz"
  SourceSpec spec;                   // ready to be written into a venue file
};

// Blocking, up to some seconds. An empty list is not an error.
Result<std::vector<Device>> list_devices();

}  // namespace kakehashi
