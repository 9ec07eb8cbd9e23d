// SPDX-License-Identifier: GPL-3.0-or-later
// Peak and power of a block. Private to the audio mixer. Pure.
#pragma once

#include "core/audio_block.h"

namespace kakehashi {

struct Levels {
  float peak[2] = {0, 0};
  float power = 0;  // mean square of both channels
};

// A source that hands over NaN or infinity must not poison the meters: they count as silence.
Levels levels_of(const AudioBlock& block);

}  // namespace kakehashi
