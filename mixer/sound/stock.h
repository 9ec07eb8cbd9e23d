// SPDX-License-Identifier: GPL-3.0-or-later
// What an arrangement of the audio mixer needs anew, made beforehand by a thread that has the time:
// 32 strips are a whole block's worth of work. Filled by whoever makes the stage, emptied by
// mix.audio, which leaves in it what it no longer uses.
#pragma once

#include <memory>
#include <vector>

#include "core/show.h"
#include "mixer/sound/limiter.h"
#include "mixer/sound/strip.h"

namespace kakehashi {

struct SoundStock {
  // For the strips and buses of `show` that `before` (null: nothing) does not have.
  SoundStock(const Show& show, const Show* before);

  std::unique_ptr<SoundStrip> strip();         // one of the stock, else made now
  std::unique_ptr<TruePeakLimiter> limiter();  // likewise

  std::vector<std::unique_ptr<SoundStrip>> strips, worn;
  std::vector<std::unique_ptr<TruePeakLimiter>> limiters;
};

}  // namespace kakehashi
