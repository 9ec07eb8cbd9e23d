// SPDX-License-Identifier: GPL-3.0-or-later
// Level figures made readable: where a level stands on the bar, how the bar falls, and which word
// it deserves. Pure: times are given in. Unit of time: seconds on any steady clock.
#pragma once

#include <cstdint>
#include <deque>

namespace kakehashi {

// dBFS -> part of the bar's length: -60 0, -40 .20, -30 .35, -20 .58, -12 .78, -6 .90, 0 1.
double meter_position(double db);
// Fader, -60..+12 dB -> 0..1, with 0 dB at 0.8 so that the useful range is the long one; and back.
double fader_position(double db);
double fader_level(double position);

enum class LevelWord : std::uint8_t { Quiet, Low, Good, Loud, Clipping };

// The bar rises at once and falls 20 dB/s; the peak mark stays for 1 s.
class MeterBar {
 public:
  void feed(double level_db, double peak_db, double now);
  double level(double now) const;
  double peak(double now) const;

 private:
  double level_ = -120, level_at_ = 0;
  double peak_ = -120, peak_at_ = -10;
};

// The word for a microphone: from the mean power of the last 3 s, changing at most once a second
// and with 2 dB of hysteresis, so that it can be read while somebody talks.
class LevelJudge {
 public:
  void feed(double level_db, double peak_db, double now);
  LevelWord word() const { return word_; }
  double mean_db() const { return mean_db_; }

 private:
  struct Sample {
    double at, power;
  };
  std::deque<Sample> samples_;
  std::deque<double> clips_;  // when peaks reached -1 dBFS
  LevelWord word_ = LevelWord::Quiet;
  double mean_db_ = -120;
  double changed_at_ = -10;
};

// The program is judged by loudness over 3 s (aim -16 LUFS).
LevelWord loudness_word(double short_term_lufs);

}  // namespace kakehashi
