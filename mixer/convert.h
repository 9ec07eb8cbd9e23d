// SPDX-License-Identifier: GPL-3.0-or-later
// Any captured picture to program numbers (I420, BT.709 limited) at its own size. No allocation.
#pragma once

#include "core/video_frame.h"
#include "mixer/colour.h"
#include "mixer/picture.h"

namespace kakehashi {

// Converts the part of `frame` at (x, y), both even, of out's size into `out`. The part must lie
// inside the frame.
void convert_part(const VideoFrame& frame, int x, int y, const Picture& out);

// The same, but YCbCr keeps its own matrix and range (recolour_in_place does the rest, on fewer
// pixels, when the picture is made smaller in between). RGB becomes program at once.
void unpack_part(const VideoFrame& frame, int x, int y, const Picture& out);

// Changes YCbCr of another matrix or range to the program's, in place.
void recolour_in_place(const Picture& picture, ColorMatrix matrix, ColorRange range);

void fill(const Picture& picture, Yuv colour);
void copy(const PicturePlanes& from, const Picture& to);  // same size
// to = from * weight + to * (256 - weight), weight 0..256. Same size.
void mix_into(const PicturePlanes& from, const Picture& to, int weight);
// to = a * weight + b * (256 - weight), weight 0..256. Same size; `to` may be b.
void mix_of(const PicturePlanes& a, const PicturePlanes& b, const Picture& to, int weight);

}  // namespace kakehashi
