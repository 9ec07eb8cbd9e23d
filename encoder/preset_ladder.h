// SPDX-License-Identifier: GPL-3.0-or-later
// x264's presets as steps from good to fast, and when a running encode has to take the next one.
// Pure.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"

namespace kakehashi {

// Best first. "ultrafast+" is ultrafast's analysis in superfast's syntax (CABAC, 8x8 transform,
// weighted prediction): 1.5 times ultrafast's time, and stepping down to it on air changes no
// stream header. Presets above veryfast are for those who ask for them by name.
inline constexpr std::array<std::string_view, 4> kPresetLadder{"veryfast", "superfast",
                                                               "ultrafast+", "ultrafast"};

// The step below `preset`; nothing below the last. A slower preset of x264's goes to the first.
std::optional<std::string> next_preset(std::string_view preset);

// At most this share of a picture's time may pass in the encoder (p95) when a preset is chosen; on
// air it is given up above the second one, so that chance does not step it down.
inline constexpr double kChosenShare = 0.6, kHopelessShare = 0.85;

// Watches one encoder's times. Owned by enc.video; allocates only when made.
class OverloadWatch {
 public:
  explicit OverloadWatch(Duration period);
  // One picture encoded; `skipped`: pictures left out before the encoder so far. True: this
  // encoder is too slow: 2 s long its p95 was above kHopelessShare of a picture's time, or
  // pictures were left out while it was above kChosenShare.
  bool picture(Duration took, std::uint64_t skipped);
  void restart();  // another encoder

 private:
  const Duration period_;
  std::vector<Duration> times_, sorted_;
  std::size_t window_;
  std::uint64_t skipped_before_ = 0;
  bool first_ = true;
};

}  // namespace kakehashi
