// SPDX-License-Identifier: GPL-3.0-or-later
// What can be told from an input's pictures: black, frozen, flickering, combed, 4:3, the capture
// device's own "no signal". The input's watch and the equipment test use the same code. Pure; one
// owner.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "capture/detect_comb.h"
#include "capture/detect_flicker.h"
#include "capture/detect_plan.h"
#include "capture/luma_rows.h"
#include "core/video_frame.h"

namespace kakehashi {

// As measured last, before any threshold.
struct PictureFigures {
  double mean_luma = 0;        // 0 black .. 1 white
  double luma_spread = 0;      // standard deviation, same scale
  double still_seconds = 0;    // for how long the picture has been the same bit for bit
  double flicker_percent = 0;  // modulation at the beat of the mains light; 0: not measured
  int flicker_mains = 0;       // 50 or 60: which mains it beats with
  double comb = 0;             // share of moving columns that are combed, 0..1
  double bars = 0;             // width of each black side bar, share of the width; 0: none
  double blue = 0;             // share of the picture in one flat saturated blue
  bool colour_bars = false;
};

class PictureDetector {
 public:
  explicit PictureDetector(InputSort sort);

  // Every picture, in order (flicker needs all of them).
  void add(const BandSample& sample) { flicker_.add(sample); }
  // The newest picture, about every 100 ms: most calls do nothing, two looks a second cost about
  // 100 us each.
  void look(const VideoFrame& frame, MediaTime now);
  // Both at once, for whoever has every picture in hand.
  void see(const VideoFrame& frame, MediaTime now);
  // No more pictures for now, or another device: everything is measured anew.
  void forget();

  // False: this sort of input needs no BandSamples.
  bool wants_bands() const;
  const PictureFigures& figures() const { return figures_; }
  bool found(Finding f) const { return holds_[static_cast<std::size_t>(f)].on(); }

 private:
  static constexpr int kRows = 32;
  void look_closely(const VideoFrame& frame, MediaTime now);
  void measure_luma(const VideoFrame& frame);
  void compare(const VideoFrame& frame, MediaTime now);
  void say(Finding f, bool seen, MediaTime now);

  InputSort sort_;
  std::vector<Hold> holds_;
  PictureFigures figures_;
  FlickerMeter flicker_;
  CombMeter comb_;
  std::vector<std::uint8_t> rows_, before_, scratch_;
  MediaTime looked_, same_since_;
  std::uint64_t sequence_ = 0, fingerprint_ = 0;
  bool any_ = false, bars_known_ = false;
  int combed_looks_ = 0;
};

}  // namespace kakehashi
