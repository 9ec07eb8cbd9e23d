// SPDX-License-Identifier: GPL-3.0-or-later
// High-pass and equaliser of a strip: second-order sections after R. Bristow-Johnson, "Cookbook
// formulae for audio EQ biquad filter coefficients", in the transposed direct form II. A change
// glides: figures (Hz on a logarithmic scale, dB, Q) in steps of 1 ms, the coefficients between two
// steps in a straight line, between two stable filters always a stable one (the stable region of
// a1, a2 is a triangle).
#pragma once

#include <array>
#include <span>

#include "core/strip_settings.h"
#include "mixer/sound/strip_parts.h"

namespace kakehashi::strip {

struct Coefficients {
  double b0 = 1, b1 = 0, b2 = 0, a1 = 0, a2 = 0;
};
Coefficients high_pass(double hz);  // Butterworth: -3 dB at hz
Coefficients equaliser(const EqBand& band);

// One section. Runs from its present coefficients to others over a piece of sound.
class Section {
 public:
  void forget() { s1_ = s2_ = pair(0); }
  void jump(const Coefficients& c) { c_ = c; }
  void run(std::span<Pair> samples);
  void run_to(const Coefficients& goal, std::span<Pair> samples);
  // One after the other, a sample apart in time: a section alone waits for its own results most of
  // the time.
  static void run_both(Section& first, Section& second, std::span<Pair> samples);
  bool rings() const { return s1_[0] != 0 || s1_[1] != 0 || s2_[0] != 0 || s2_[1] != 0; }
  void dust();  // after a block

 private:
  Coefficients c_;
  Pair s1_ = pair(0);
  Pair s2_ = pair(0);
};

inline constexpr std::size_t kFilterStep = 48;  // 1 ms
inline constexpr int kFilterSteps = 20;         // of a whole change

class HighPass {
 public:
  void set(double hz, bool at_once);  // 0: none
  void run(std::span<Pair> samples);  // a multiple of kFilterStep

 private:
  Section section_;
  double hz_ = 80;
  double goal_hz_ = 80;
  int left_ = 0;
  Glide wet_;  // switched on and off by a cross-fade
};

class EqualiserBand {
 public:
  void set(const EqBand& band, bool at_once);
  void run(std::span<Pair> samples);  // a multiple of kFilterStep
  bool idle() const { return left_ == 0 && now_.gain_db == 0 && !section_.rings(); }
  bool steady() const { return left_ == 0; }
  Section& section() { return section_; }

 private:
  void plan();
  void step();

  Section section_;
  EqBand now_;
  EqBand wanted_;
  EqBand goal_;  // wanted_, or on the way to another shape: this one without any gain
  int left_ = 0;
};

class Equaliser {
 public:
  void set(const std::array<EqBand, 4>& bands, bool at_once);
  void run(std::span<Pair> samples);  // a multiple of kFilterStep

 private:
  std::array<EqualiserBand, 4> bands_;
};

}  // namespace kakehashi::strip
