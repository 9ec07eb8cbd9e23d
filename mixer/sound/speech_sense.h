// SPDX-License-Identifier: GPL-3.0-or-later
// Is this a voice? Told from level and zero crossings of 10 ms blocks alone, because every strip is
// asked at every block. A voice stands above its room; it comes in syllables, so that within a
// second it is nearly silent for a good part of the time; and most of its loud moments are vowels,
// which cross zero rarely (J. Saunders, "Real-time discrimination of broadcast speech/music",
// ICASSP 1996). A ventilator, applause and most music lack one of the three. Pure; allocates
// nothing.
#pragma once

#include <array>
#include <cstddef>

namespace kakehashi {

class SpeechSense {
 public:
  // One block: mean square and zero crossings above 200 Hz.
  void hear(double power, int crossings);
  // From about 60 ms after its first syllable until 400 ms after the last.
  bool talks() const { return talks_; }
  // ... and has for a second: by then what only began like a voice has been told from one.
  bool surely() const { return talked_ == static_cast<int>(kWindow); }

 private:
  static constexpr std::size_t kWindow = 100;  // blocks: 1 s
  bool unlike_speech() const;

  std::array<float, kWindow> amplitudes_{};
  std::array<bool, kWindow> vowels_{};
  std::size_t at_ = 0, filled_ = 0;
  double floor_db_ = -70;  // the room's level, as far as it is known
  int loud_ = 0;           // more of the last blocks were above the room than not
  int quiet_ = 0;          // blocks since it was last above its room
  int talked_ = 0;         // blocks
  bool talks_ = false;
};

}  // namespace kakehashi
