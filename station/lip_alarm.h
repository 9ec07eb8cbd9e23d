// SPDX-License-Identifier: GPL-3.0-or-later
// Picture against sound, said aloud when viewers would see it: sound more than 40 ms before its
// picture or more than 60 ms after it (EBU R37, distribution). Two things are known: what the
// equipment test measured for a camera and a microphone and nobody has set right yet, and how much
// later than its moment the sound of an input is played now because its device is always late.
// Pure.
#pragma once

#include "core/snapshot.h"

namespace kakehashi {

inline constexpr double kSoundEarlyMs = 40, kSoundLateMs = 60;

// Adds "lips.<input>" to `snapshot.messages`, at most one for each sound; from its `inputs` and
// `equipment`. Keeps the worst first.
void add_lip_alarms(Snapshot& snapshot);

}  // namespace kakehashi
