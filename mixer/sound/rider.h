// SPDX-License-Identifier: GPL-3.0-or-later
// The hand on the fader: lifts who is too quiet and lowers who is too loud, over seconds, so that
// talker after talker arrives at the target. It rests in silence and never chases a pause. One per
// talker group. Pure; mix.audio owns it; allocates nothing.
#pragma once

#include <array>
#include <cstddef>

#include "core/audio_block.h"
#include "core/show.h"

namespace kakehashi {

class LoudnessRider {
 public:
  LoudnessRider();

  // One block of the group's sound after processing and fader, before this gain. `talks`: somebody
  // speaks; only then it moves. Returns the linear gain at the end of the block, within
  // +-`most_db` (0: returns to 1), moving by at most 1 dB a second.
  float ride(const AudioBlock& group, bool talks, const LoudnessTarget& target, double most_db);
  double gain_db() const { return gain_db_; }

 private:
  void forget();
  double weigh(const AudioBlock& block);  // K-weighted mean square, both channels' sum

  static constexpr std::size_t kWindow = 40;  // blocks: 400 ms, as momentary loudness
  double gain_db_ = 0;
  double power_ = 0;    // K-weighted mean square while somebody talks
  double heard_s_ = 0;  // seconds of talking behind `power_`, at most what it remembers
  double far_s_ = 0;    // seconds of talking far away from `power_`
  bool moving_ = false;
  std::array<double, kWindow> window_{};
  std::size_t at_ = 0, filled_ = 0;
  double filter_[4][2] = {};  // two second-order stages, left and right side by side
};

}  // namespace kakehashi
