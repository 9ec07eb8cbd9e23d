// SPDX-License-Identifier: GPL-3.0-or-later
// Soft gate and compressor of a strip. Both channels get one gain, computed every eight samples
// from the louder one and applied in straight lines between; feed-forward, smoothed in dB
// (Giannoulis, Massberg, Reiss, "Digital Dynamic Range Compressor Design", JAES 60 (2012)). Levels
// are dBFS after AES17: a full-scale sine is 0.
#pragma once

#include <span>

#include "core/strip_settings.h"
#include "mixer/sound/strip_parts.h"

namespace kakehashi::strip {

// Takes off up to its range from what lies under the threshold: twice as many dB as it lies under
// it, from 4 dB below the threshold on (above that it stays open), after it has been there for
// kHoldMs, and slowly. It opens within 2 ms.
class SoftGate {
 public:
  static constexpr double kHysteresisDb = 4;
  static constexpr double kHoldMs = 200;

  void set(const GateSettings& settings, bool at_once);
  void run(std::span<Pair> samples);             // a multiple of kStep
  double taken_db() const { return taken_db_; }  // most in the last run(), <= 0

 private:
  Glide threshold_{-50};
  double range_ = 0;
  double power_ = 0;  // mean of 5 ms
  int held_ = 0;      // steps until it may close
  double reduction_ = 0;
  double gain_ = 1;
  double taken_db_ = 0;
};

// Soft knee of 6 dB. The make-up is half of what a full-scale sine would lose, at most
// makeup_most_db: it depends on the settings and never on what was said before.
class Compressor {
 public:
  static constexpr double kKneeDb = 6;

  void set(const CompressorSettings& settings, bool at_once);
  void run(std::span<Pair> samples);             // a multiple of kStep
  double taken_db() const { return taken_db_; }  // most in the last run(), before make-up, <= 0

  // What the settings take off a steady sound of that level, >= 0.
  static double reduction_at(double level_db, double threshold_db, double slope);
  static double makeup_of(const CompressorSettings& settings);

 private:
  Glide slope_;  // 1 - 1 / ratio
  Glide threshold_{-24};
  Glide makeup_;
  double keep_attack_ = 0;
  double keep_release_ = 0;
  double power_ = 0;
  double reduction_ = 0;
  double gain_ = 1;
  double taken_db_ = 0;
};

}  // namespace kakehashi::strip
