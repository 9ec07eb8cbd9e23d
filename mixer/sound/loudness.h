// SPDX-License-Identifier: GPL-3.0-or-later
// EBU R 128 / Tech 3341 loudness of one bus, by libebur128, and what it is called. Thread:
// mix.audio owns it; allocates when it is made (integrated loudness by histogram, so hours cost
// nothing). Figures move ten times a second, as Tech 3341 §2.3 asks for.
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
  LoudnessMeter(LoudnessMeter&&) noexcept;

  void add(const AudioBlock& block);  // samples that are not numbers count as silence
  // Integrated loudness begins anew (going live). Allocates nothing, takes effect at the next
  // block.
  void begin_programme();

  double momentary_lufs() const;  // -120: silence
  double short_term_lufs() const;
  double integrated_lufs() const;  // -120: nothing louder than -70 LUFS yet
  double true_peak_dbtp() const;   // highest of the last second

  // Short-term loudness of what is heard, pauses left out (R 128's gates over the last 3 s): a word
  // must not change because a speaker takes a breath. -120: nothing above -50 LUFS.
  double heard_lufs() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// 小さい / ちょうど良い / 大きい for a loudness (heard_lufs() for the operator's word); Silent
// below -50 LUFS. `before`: what was said last; a word is left only 0.5 LU beyond its edge, so that
// it does not flutter.
LoudnessWord loudness_word(double lufs, const LoudnessTarget& target,
                           LoudnessWord before = LoudnessWord::Silent);

}  // namespace kakehashi
