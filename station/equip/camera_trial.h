// SPDX-License-Identifier: GPL-3.0-or-later
// One camera opened and watched for some seconds without any engine, by the same road as on air:
// its source kind pushes into a FrameSync. Not thread safe; several may live side by side.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "capture/detect_picture.h"
#include "capture/frame_sync.h"
#include "capture/source_kind.h"
#include "core/clock.h"
#include "core/snapshot.h"
#include "station/equip/camera_figures.h"
#include "station/equip/probe.h"

namespace kakehashi {

class CameraTrial {
 public:
  // Opens; may block as long as the driver does. `clock` outlives it.
  CameraTrial(const Input& input, const ProbeTask& task, Clock& clock);
  ~CameraTrial();  // closes

  // Open, and not broken since.
  bool runs() const { return source_ && !broke_; }
  // Looks for a new picture; to be called every few milliseconds. `late`: how much later than
  // wanted.
  void look(Duration late = {});
  // Everything before is forgotten: a camera's first pictures come in fits.
  void restart();
  CameraFigures figures() const;
  // The newest picture, with the input's privacy masks not yet applied.
  FramePtr picture() const { return newest_; }
  // What the detectors see in its pictures.
  std::vector<InputFinding> findings() const;

 private:
  Clock& clock_;
  FrameSync sync_;
  std::unique_ptr<Source> source_;
  FramePtr newest_;
  CameraWatch watch_;
  const InputSort sort_;
  PictureDetector detector_;
  std::atomic<Trouble> why_{};
  std::uint64_t lost_before_ = 0, late_before_ = 0;
  PcLoadWatch load_;
  MediaTime polled_;
  Error trouble_;
  bool broke_ = false;
};

}  // namespace kakehashi
