// SPDX-License-Identifier: GPL-3.0-or-later
// The last thing before a bus leaves: no true peak (ITU-R BS.1770-4 annex 2) passes the ceiling,
// and what is below it is not touched. Looks ahead, so nothing is bent. Pure; mix.audio owns it;
// allocates when it is made.
#pragma once

#include <memory>

#include "core/audio_block.h"

namespace kakehashi {

class TruePeakLimiter {
 public:
  static constexpr int kLatency = 240;  // samples (5 ms), always

  TruePeakLimiter();
  ~TruePeakLimiter();
  TruePeakLimiter(TruePeakLimiter&&) noexcept;

  // In place, kLatency later.
  void process(AudioBlock& block, double ceiling_dbtp);
  double reduction_db() const;  // <= 0, the most of the last block

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace kakehashi
