// SPDX-License-Identifier: GPL-3.0-or-later
// Golden pictures: tests/golden/<name>.png is what a picture has to look like.
#pragma once

#include <string>

#include "core/video_frame.h"

namespace kakehashi::testing {

struct GoldenTolerance {
  double mean = 0.5;  // of all channels, in 8 bit RGB codes
  int most = 6;
};

// Empty when `frame` (I420, BT.709 limited) looks like the golden picture; else what is different
// and where the files are. With KAKEHASHI_BLESS=1 in the environment it becomes the golden one.
std::string unlike_golden(const VideoFrame& frame, const std::string& name,
                          GoldenTolerance tolerance = {});

// A PNG for looking at.
bool write_png(const VideoFrame& frame, const std::string& path);

}  // namespace kakehashi::testing
