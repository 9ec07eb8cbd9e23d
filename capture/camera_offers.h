// SPDX-License-Identifier: GPL-3.0-or-later
// What a role's camera offers, for the technician's table of formats.
#pragma once

#include <string>
#include <vector>

#include "core/device.h"
#include "core/settings.h"

namespace kakehashi {

// One size of one format.
struct CameraOffer {
  std::string format;  // in people's words: "MJPEG", "YUY2", "NV12", "H.264"
  std::string choice;  // of setting "format", so that it is tried: "mjpg", "raw", "h264"
  int width = 0, height = 0;
  bool interlaced = false;
  std::vector<double> rates;  // pictures per second, highest first; empty: its signal decides
  friend bool operator==(const CameraOffer&, const CameraOffer&) = default;
};

// Of the camera that these settings bind; empty when it is not there, is locked or tells nothing.
// Opens its node for a moment.
std::vector<CameraOffer> camera_offers(const Settings& settings,
                                       const std::vector<DeviceIdentity>& others);

}  // namespace kakehashi
