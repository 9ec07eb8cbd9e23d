// SPDX-License-Identifier: GPL-3.0-or-later
// The V4L2 cameras that are plugged in now, by GStreamer's device monitor. Private to capture/.
#pragma once

#include <string>
#include <vector>

#include "capture/camera_choice.h"

namespace kakehashi {

struct Camera {
  std::string id;    // serial, else port path, else model
  std::string name;  // "UVC Camera"
  std::string node;  // "/dev/video0": only good until the next plugging
  std::vector<CameraMode> modes;
};
std::vector<Camera> list_cameras();

}  // namespace kakehashi
