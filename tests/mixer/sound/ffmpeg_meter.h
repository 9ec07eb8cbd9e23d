// SPDX-License-Identifier: GPL-3.0-or-later
// Loudness and true peak as ffmpeg's ebur128 filter reads them: a meter by other people, to compare
// ours with.
#pragma once

#include <optional>
#include <span>
#include <vector>

namespace kakehashi::testing {

struct FfmpegReading {
  // One each 100 ms: LUFS. Short-term reads -120.7 until 3 s are over.
  std::vector<double> momentary, short_term, integrated;
  double true_peak_db = -120;  // of all of it; its resolution is 0.01 dB at full scale
};

// 48 kHz, L R L R. Nothing without the program ffmpeg; standard error then says what to install.
// Where it failed the reading is empty, which tests REQUIRE it not to be.
std::optional<FfmpegReading> measured_by_ffmpeg(std::span<const float> stereo);

}  // namespace kakehashi::testing
