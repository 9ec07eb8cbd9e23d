// SPDX-License-Identifier: GPL-3.0-or-later
// The codec context behind VideoEncoder and the test that it holds no picture. Private to encoder/
// and its tests.
#pragma once

#include "core/result.h"
#include "core/show.h"
#include "encoder/libav.h"

namespace kakehashi {

struct X264Options {
  int threads = 2;
  bool zero_latency = true;  // false only to prove that held_pictures() sees the difference
};
// Slices, CBR without HRD, closed GOPs, IDR on demand, BT.709 limited, High. Time base: one
// picture.
Result<Libav<AVCodecContext>> open_x264(const EncodeSettings& settings, const Canvas& canvas,
                                        const X264Options& options);

// Encodes `pictures` test pictures and says how many had not come out when the last was in. The
// context is used up: no viewer may see those pictures.
Result<int> held_pictures(AVCodecContext& context, int pictures);

}  // namespace kakehashi
