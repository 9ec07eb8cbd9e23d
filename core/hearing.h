// SPDX-License-Identifier: GPL-3.0-or-later
// What a device's own detectors (capture/detect_sound.h) and the station's ears behind them
// (mixer/sound/ears_table.h) mean by the same word: one table, so that they never disagree. dBFS.
#pragma once

namespace kakehashi::hearing {

// One channel is dead: quiet by itself and this far below the other, which sounds.
inline constexpr double kSoundingDb = -45, kDeadUnderDb = 40, kDeadDb = -60;
inline constexpr double kDeadSeconds = 5;
// Accident 39: level to nothing for 20 to 500 ms; three within ten seconds are no accident. Pieces
// of 10 ms: a hole of 20 ms has at least one of them wholly in it, one of 500 ms at most 50.
inline constexpr int kHolesInTen = 3;
inline constexpr double kHoleDb = -80, kAroundHoleDb = -45;
inline constexpr double kAfterHoleDb = -60;  // the first piece after a hole may be half empty
inline constexpr int kShortHole = 1, kLongHole = 50;

}  // namespace kakehashi::hearing
