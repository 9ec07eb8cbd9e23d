// SPDX-License-Identifier: GPL-3.0-or-later
// What the mixing benches mix: full-HD pictures that behave like video. Each input has its own
// large "photograph" (octaves of noise, shaded shapes, hard edges, writing-like strokes) over which
// the camera pans, with fresh sensor grain in every picture; all pictures of 16 inputs together are
// larger than any cache.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/video_frame.h"
#include "mixer/painter.h"

namespace kakehashi::bench {

inline constexpr int kWidth = 1920, kHeight = 1080;
inline constexpr int kPictures = 10;  // per input, then from the start again

// kPictures pictures of one input, I420 BT.709 limited.
std::vector<FramePtr> contents(int input, int width = kWidth, int height = kHeight);

// A still page: 1-pixel lines, text-like strokes, plain ground. BGRx.
FramePtr slide();

// A title over the whole width: 1920 x 216 at line 864, alpha falling from 85 % to 35 %.
std::shared_ptr<const OverlayImage> title();
// The same as 8 bit R G B A, for programs that read that.
std::vector<std::uint8_t> title_rgba();

// The luma, then the chroma planes without padding, as raw video files have them.
void append_raw(const VideoFrame& frame, std::string& out);

}  // namespace kakehashi::bench
