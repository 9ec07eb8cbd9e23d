// SPDX-License-Identifier: GPL-3.0-or-later
// Compares what arrived with what a practice stream says of itself (practice_code.h): is it this
// picture, how old is it, which numbers are missing, how far has the sound moved against the
// pictures, is any of it lost. Works on any programme, not only on test pictures. Pure; one owner.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "encoder/decoder.h"
#include "station/ingest_report.h"
#include "station/practice_code.h"

namespace kakehashi {

class ProgramMatch {
 public:
  void begin_session();
  // A decoded picture with the note it came with; `decoded`: CLOCK_MONOTONIC, now.
  void picture(const DecodedPicture& picture, const PracticeNote& note, MediaTime decoded);
  void sound(const DecodedSound& sound);
  void fill(IngestReport& report) const;

 private:
  static constexpr std::size_t kSteps = 4096;  // 10 s, both rings
  static constexpr int kWindow = 1600;         // 4 s
  static constexpr int kFarthest = 380;  // under 1 s either way: the test sound beeps each second
  struct Ring {
    std::array<std::int64_t, kSteps> step;
    std::array<float, kSteps> db;
    Ring() { step.fill(-1); }
    void put(std::int64_t at, double level);
    std::optional<float> get(std::int64_t at) const;
  };
  void heard_step();
  void compare();

  // Program time minus stream time; stream times are whole milliseconds, so it is smoothed.
  std::optional<double> shift_ms_;
  Ring expected_, heard_;
  std::int64_t newest_expected_ = -1, newest_heard_ = -1, compared_ = -1;
  std::int64_t first_heard_ = -1;
  int rate_ = 0;
  double sound_ms_ = 0;  // stream time of the next sample
  bool sound_known_ = false;
  double power_ = 0;
  int samples_ = 0;
  std::int64_t step_ = -1;  // being filled

  std::optional<std::uint32_t> last_number_;
  std::uint64_t notes_ = 0, wrong_ = 0, missing_ = 0;
  std::vector<std::uint32_t> delays_;  // histogram, 1 ms each
  double longest_delay_ms_ = 0;
  std::vector<float> offsets_;
  double lost_s_ = 0;
};

}  // namespace kakehashi
