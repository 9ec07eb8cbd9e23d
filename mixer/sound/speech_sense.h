// SPDX-License-Identifier: GPL-3.0-or-later
// Is this a voice? Told from level and zero crossings of 10 ms blocks alone, because every strip is
// asked at every block. A voice stands above its room and comes in syllables: within a second it is
// nearly silent for a good part of the time (J. Saunders, "Real-time discrimination of broadcast
// speech/music", ICASSP 1996). Applause and air conditioning do not, and most music does not.
// Pure; allocates nothing.
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
  double floor_db() const { return floor_db_; }  // the room's level, as far as it is known

 private:
  static constexpr std::size_t kWindow = 100;  // blocks: 1 s
  bool unlike_speech() const;

  std::array<float, kWindow> powers_{}, levels_{}, crossings_{};
  std::size_t at_ = 0, filled_ = 0;
  double floor_db_ = -70;
  int loud_ = 0;   // of the last blocks, up to kOnset
  int quiet_ = 0;  // blocks since it was last above its room
  int run_ = 0;    // blocks since it began to be loud
  bool talks_ = false;
};

}  // namespace kakehashi
