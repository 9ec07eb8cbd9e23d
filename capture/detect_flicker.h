// SPDX-License-Identifier: GPL-3.0-or-later
// Flicker of mains light: lamps pulse at 100 Hz (50 Hz mains) or 120 Hz, and pictures at 30 a
// second see the beat of 10 Hz (at 60: 20 Hz). A rolling shutter makes moving bands of it, so each
// band of rows is measured by itself. Pure; one owner.
#pragma once

#include <vector>

#include "capture/luma_rows.h"

namespace kakehashi {

class FlickerMeter {
 public:
  // Modulation that is visible and disturbs (accident table: periodic luma above 1.5 %).
  static constexpr double kVisiblePercent = 1.5;
  // The line must stand out from its neighbours: movement has no line.
  static constexpr double kOverNeighbours = 3;

  void add(const BandSample& sample);
  void forget();

  // The last window's result. `windows` grows by one with each (about 2 s apart).
  int windows() const { return windows_; }
  double percent() const { return percent_; }  // amplitude against the bands' own brightness
  int mains() const { return mains_; }
  bool visible() const { return percent_ > kVisiblePercent && clear_; }

 private:
  void measure();
  double strength_at(double hz, double fps) const;

  std::vector<BandSample> samples_;
  int windows_ = 0, mains_ = 0;
  double percent_ = 0;
  bool clear_ = false;
};

// Where light pulsing at `pulse_hz` shows up in pictures at `fps`: 0..fps/2.
double beat_of(double pulse_hz, double fps);

}  // namespace kakehashi
