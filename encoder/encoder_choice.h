// SPDX-License-Identifier: GPL-3.0-or-later
// Which encoder an encode gets on this PC: each that the settings allow is really tried, on
// pictures of the encode's size, and the first that works, holds nothing back and is fast enough
// wins. The decision is pure; trying is given to it.
#pragma once

#include <functional>
#include <string>

#include "core/result.h"
#include "core/show.h"

namespace kakehashi {

struct EncoderChoice {
  EncodeSettings settings;  // maker, codec and preset decided
  Text why;                 // one or two sentences for people
  Duration p95;             // measured; zero: was not measured
};

struct EncoderTrial {
  int held = 0;
  Duration p95;
};
// `settings`: maker and preset decided.
using TryEncoder =
    std::function<Result<EncoderTrial>(const EncodeSettings& settings, const Canvas& canvas)>;

// `canvas`: of the encode, so its own size. `busy`: the p95 of the encodes that already run on the
// processor: theirs and this one's share a picture's time (encoder/preset_ladder.h). An encoder or
// preset asked for by name is taken whatever it needs; a GPU asked for that does not work is
// replaced, since a show must go on. HEVC and AV1 become H.264 where this PC is too slow for them.
EncoderChoice decide_encoder(const EncodeSettings& wish, const Canvas& canvas, Duration busy,
                             const TryEncoder& attempt);

// With this machine's own encoders. What was measured is remembered for the life of the process, by
// encoder, preset and size. Up to a second the first time, for a new size.
EncoderChoice choose_encoder(const EncodeSettings& wish, const Canvas& canvas, Duration busy = {});

}  // namespace kakehashi
