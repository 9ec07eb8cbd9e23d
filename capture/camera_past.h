// SPDX-License-Identifier: GPL-3.0-or-later
// What a camera refused before, kept from one opening to the next, so that it is asked carefully
// and gets its best format back. Pure. Private to capture/.
//
// As long as it never failed, the best format is opened at once. From the first failure on each
// opening tries the formats beforehand, the best one first: a refusal then costs nothing, and what
// works again is taken again.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "capture/camera_choice.h"

namespace kakehashi {

class CameraPast {
 public:
  struct Choice {
    std::optional<CameraMode> mode;  // none: it refuses all of them, or has none that is wanted
    int refusal = 0;                 // errno of the best one's refusal
  };
  // `start`: tries to start the camera in a mode; 0 or errno.
  Choice choose(const std::vector<CameraMode>& modes, const CameraWish& wish,
                const std::function<int(const CameraMode&)>& start);

  // The stream in this mode failed before its first picture.
  void failed(const CameraMode& mode);
  // It failed later: the next start may be refused.
  void died();
  // Pictures come.
  void works();

 private:
  std::mutex mutex_;  // a driver that hangs keeps its attempt while the next one begins
  bool careful_ = false;
  std::vector<CameraMode> failed_;  // though they had been tried
};

}  // namespace kakehashi
