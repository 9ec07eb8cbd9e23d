// SPDX-License-Identifier: GPL-3.0-or-later
// What watching a camera for some seconds gives, as figures. Pure: the times come from outside.
#pragma once

#include <cstdint>
#include <string>

#include "capture/trouble.h"
#include "core/result.h"
#include "core/stats.h"
#include "core/text.h"
#include "core/time.h"
#include "station/equip/pc_load.h"

namespace kakehashi {

struct CameraFigures {
  bool opened = false;
  bool broke = false;                 // opened, then stopped with an error
  ErrorKind why{};                    // of the failure, when not opened or broke
  Trouble reason = Trouble::Unknown;  // nearer, where the device said it
  std::string trouble;                // English, for detail; holds no secret
  std::string device;                 // what it is
  std::string format;                 // negotiated: "1920x1080 30/1 NV12"
  double wanted_fps = 0;              // negotiated; 0: not known
  double fps = 0;                     // by the pictures' own times
  double seconds = 0;                 // from the first to the last picture
  int width = 0, height = 0;
  std::uint64_t pictures = 0;
  std::uint64_t lost_device = 0;      // gaps in the device's own counting
  std::uint64_t fetched_late = 0;     // gaps in it too, but this PC was late (capture/loss_count.h)
  std::uint64_t lost_us = 0;          // missing otherwise: the PC did not keep up
  double jitter_ms = 0;               // p95
  PcLoad pc;                          // while it was watched
  Text words;                         // cause → action, where the device said more than `reason`
  double age_ms = 0, age_p95_ms = 0;  // from the driver's stamp to the decoded picture
};

// The rate in "1920x1080 30000/1001 NV12"; 0: none.
double rate_in(const std::string& format);

// Collects pictures. Memory does not grow.
class CameraWatch {
 public:
  // Pictures in order; `sequence` counts up by one per picture handed over, so that a look that
  // came too late for one still counts it.
  void picture(MediaTime captured, MediaTime seen, std::uint64_t sequence);
  void restart() { *this = CameraWatch(); }
  // Adds to figures: pictures, seconds, fps, ages, and what is missing of wanted_fps; lost_device
  // and fetched_late are known before.
  void tell(CameraFigures& out) const;
  MediaTime last() const { return last_; }

 private:
  static constexpr int kSteps = 400;  // of 1 ms; the last one holds what is older
  std::uint32_t ages_[kSteps] = {};
  std::uint64_t looked_ = 0, first_number_ = 0, last_number_ = 0;
  MediaTime first_, last_;
};

}  // namespace kakehashi
