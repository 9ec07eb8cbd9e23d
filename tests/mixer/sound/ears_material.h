// SPDX-License-Identifier: GPL-3.0-or-later
// A hall's other sounds, made: music by several instruments, applause, a loop that howls. Mono,
// 48 kHz, full scale 1.0, the same for the same seed.
#pragma once

#include <cstdint>
#include <vector>

namespace kakehashi::testing {

// Chords, bass, melody and drums in a tempo of its own; `drums` false: a slow piece for strings,
// flute and a struck instrument, with swells. Mean power `db`.
std::vector<float> music(double seconds, double db, std::uint32_t seed, bool drums = true);

// Some dozen to some hundred hands, swelling and dying away.
std::vector<float> applause(double seconds, double db, std::uint32_t seed);

// A line at `hz` that rises by `db_per_s` from -70 dBFS and is cut off at `top` of full scale.
std::vector<float> howl(double seconds, double hz, double db_per_s, double top = 0.7);

}  // namespace kakehashi::testing
