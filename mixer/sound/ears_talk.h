// SPDX-License-Identifier: GPL-3.0-or-later
// Somebody speaks here: a voice comes and goes several times a second and leaves gaps, which a
// ventilator, applause and most music do not; what is left of music MusicSense knows. Slow
// (seconds) and sure, unlike the automix's. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "mixer/sound/ears_music.h"
#include "mixer/sound/ears_sketch.h"

namespace kakehashi::ears {

class TalkSense {
 public:
  void add(const SoundSketch& sketch);

  bool talks() const { return talks_; }        // in the last seconds
  double loud_db() const { return loud_db_; }  // their loud tenth, voice band
  double talked_s() const { return talked_; }  // of talk of late; sinks twice as slowly
  double quiet_s() const { return quiet_; }    // since the last talk
  // For setting the thresholds.
  double depth_db() const { return depth_; }
  double low_share() const { return low_; }
  int rises() const { return rises_; }
  const MusicSense& music() const { return music_; }

 private:
  void judge();

  static constexpr std::size_t kFrames = 300;  // 3 s
  static constexpr int kSteps = 60;            // of 2 dB from -120
  std::array<std::uint8_t, kFrames> levels_{};
  std::array<std::uint16_t, kSteps> count_{};
  std::size_t at_ = 0, filled_ = 0;
  MusicSense music_;
  bool talks_ = false;
  double loud_db_ = -120, depth_ = 0, low_ = 0, talked_ = 0, quiet_ = 1e9;
  int rises_ = 0;
};

}  // namespace kakehashi::ears
