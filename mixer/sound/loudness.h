// SPDX-License-Identifier: GPL-3.0-or-later
// EBU R 128 / Tech 3341 loudness of one bus, by libebur128, and what it is called. Thread:
// mix.audio owns it; allocates when it is made (integrated loudness by histogram, so hours cost
// nothing).
#pragma once

#include <memory>

#include "core/audio_block.h"
#include "core/show.h"
#include "core/snapshot.h"

namespace kakehashi {

class LoudnessMeter {
 public:
  LoudnessMeter();
  ~LoudnessMeter();

  void add(const AudioBlock& block);
  // Integrated loudness begins anew (going live). Allocates nothing, takes effect at the next
  // block.
  void begin_programme();

  double momentary_lufs() const;  // -120: silence
  double short_term_lufs() const;
  double integrated_lufs() const;
  double true_peak_dbtp() const;  // highest of the last second

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// 小さい / ちょうど良い / 大きい for a short-term loudness; Silent below -50 LUFS.
LoudnessWord loudness_word(double short_term_lufs, const LoudnessTarget& target);

}  // namespace kakehashi
