// SPDX-License-Identifier: GPL-3.0-or-later
// The V4L2 cameras that are plugged in now, asked from the kernel itself: a device that streams
// answers, too, and nothing goes over its cable. Private to capture/.
#pragma once

#include <string>
#include <vector>

#include "capture/camera_choice.h"
#include "core/device.h"

namespace kakehashi {

struct Camera {
  std::string node;  // "/dev/video0": only good until the next plugging
  std::string name;  // for people
  DeviceIdentity identity;
  double usb_mbit = 0;
  bool locked = false;  // this user may not open it: known by /sys only
};

// Nodes that give pictures (not the metadata node of a UVC camera, not outputs). Each is opened for
// a moment to ask what it is.
std::vector<Camera> list_cameras();

// What it offers now. A capture card tells what its signal is, if any.
std::vector<CameraMode> camera_modes(const std::string& node);

}  // namespace kakehashi
