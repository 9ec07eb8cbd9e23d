// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/camera_past.h"

#include <algorithm>
#include <cerrno>

#include "capture/next_mode.h"

namespace kakehashi {

CameraPast::Choice CameraPast::choose(const std::vector<CameraMode>& modes, const CameraWish& wish,
                                      const std::function<int(const CameraMode&)>& start) {
  const auto best = mode_after_refusals(modes, wish, 0);
  if (!best) return {};
  std::vector<CameraMode> turn, failed;
  {
    const std::lock_guard lock(mutex_);
    if (!careful_) return {best, 0};
    failed = failed_;
  }
  const auto among = [](const std::vector<CameraMode>& list, const CameraMode& mode) {
    return std::find(list.begin(), list.end(), mode) != list.end();
  };
  for (int refused = 0; refused < kChoices; ++refused)
    if (const auto mode = mode_after_refusals(modes, wish, refused); mode && !among(turn, *mode))
      turn.push_back(*mode);
  Choice choice;
  for (const CameraMode& mode : turn) {
    if (among(failed, mode)) continue;
    int why = 0;
    for (int time = 0; time < 2; ++time) {  // a single refusal shall not cost the best format
      if (why = start(mode); why == 0) return {mode, 0};
      if (choice.refusal == 0) choice.refusal = why;
      // Of all formats alike, or not for us to press.
      if (why == EBUSY || why == ENODEV || why == EACCES || why == EPERM) return {{}, why};
    }
  }
  // All were in vain; the next opening begins with the best again.
  const std::lock_guard lock(mutex_);
  failed_.clear();
  if (choice.refusal == 0) choice.mode = best;
  return choice;
}

void CameraPast::failed(const CameraMode& mode) {
  const std::lock_guard lock(mutex_);
  if (careful_) failed_.push_back(mode);
  careful_ = true;
}

void CameraPast::died() {
  const std::lock_guard lock(mutex_);
  careful_ = true;
}

void CameraPast::works() {
  const std::lock_guard lock(mutex_);
  failed_.clear();
}

}  // namespace kakehashi
