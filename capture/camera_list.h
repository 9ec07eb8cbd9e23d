// SPDX-License-Identifier: GPL-3.0-or-later
// The V4L2 cameras that are plugged in now, asked from the kernel itself: a device that streams
// answers, too, and nothing goes over its cable. Private to capture/.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "capture/camera_choice.h"
#include "core/device.h"
#include "core/result.h"
#include "core/settings.h"

namespace kakehashi {

struct Camera {
  std::string node;  // "/dev/video0": only good until the next plugging
  std::string name;  // for people
  DeviceIdentity identity;
  double usb_mbit = 0;
  bool locked = false;  // this user may not open it: known by /sys only
};

// What a node said when it was last asked; nothing: it is no camera. The key changes when the node
// is made anew or its rights change.
using CameraMemory = std::map<std::string, std::optional<Camera>>;

// Nodes that give pictures (not the metadata node of a UVC camera, not outputs). A node that
// `memory` does not know is opened for a moment: that wakes a sleeping camera, so it is not done at
// each look.
std::vector<Camera> list_cameras(CameraMemory* memory = nullptr);

// The one that a role's settings bind (capture/device_choice.h); its `locked` is for the caller.
Result<Camera> find_camera(const Settings& settings, const std::vector<DeviceIdentity>& others);

// What it offers now. A capture card tells what its signal is, if any.
std::vector<CameraMode> camera_modes(const std::string& node);

}  // namespace kakehashi
