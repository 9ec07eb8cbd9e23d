// SPDX-License-Identifier: GPL-3.0-or-later
// Mains hum: lines at 50, 100, 150 Hz (or 60, 120, 180) far above the floor around them, in quiet
// and steady moments, unchanging. A bass plays one of these notes at most, and not for long. Pure;
// one owner.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace kakehashi {

class HumMeter {
 public:
  static constexpr std::size_t kPerPiece = 15;  // values per 10 ms: 1500 a second
  static constexpr double kOverFloorDb = 20;    // accident table
  static constexpr double kQuietDb = -20;       // louder than this nobody calls it hum
  static constexpr double kSteadyDb = 6;        // between the loudest and the quietest 100 ms
  static constexpr double kAudibleDb = -75;     // lines below this nobody hears
  static constexpr double kSameDb = 1.5;        // hum keeps its level from window to window

  void add(const std::array<float, kPerPiece>& slow);
  void forget() { *this = HumMeter(); }

  int windows() const { return windows_; }  // grows by one with each quiet window of 2 s judged
  bool present() const { return same_ >= kWindows; }
  double over_db() const { return over_db_; }    // of the last quiet window
  double level_db() const { return level_db_; }  // strongest line, RMS
  int mains() const { return mains_; }

 private:
  static constexpr int kWindows = 3;            // quiet windows in a row that must agree
  static constexpr std::size_t kLength = 1000;  // 2 s at 500 a second
  struct Lines {
    int strong = 0;  // of the three
    double over_db = 0, level_db = -120;
  };
  void measure();
  Lines lines_of(int mains, double floor) const;
  double amplitude(double hz) const;

  std::vector<float> filtered_;
  std::array<float, 32> history_{};
  std::size_t at_ = 0, phase_ = 0;
  int windows_ = 0, same_ = 0, mains_ = 0, candidate_ = 0;
  double over_db_ = 0, level_db_ = -120, last_db_ = -120;
};

}  // namespace kakehashi
