// SPDX-License-Identifier: GPL-3.0-or-later
// A delay-locked loop: from the noisy moments at which a device handed over its samples it learns
// where sample n really stands on the session clock and how fast the device's crystal runs.
// F. Adriaensen, "Using a DLL to filter time" (LAC 2005), in a form for chunks of any length. Pure.
#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>

namespace kakehashi {

class DelayLoop {
 public:
  static constexpr double kMostDrift = 1000e-6;  // no crystal is worse

  // The next sample stands at `seconds`.
  void start(double seconds) {
    expected_ = seconds;
    pace_ = 1;
    age_ = 0;
    known_ = false;
  }
  // The same after a gap: the device's crystal is the one it was, so its speed is kept and only the
  // place is found anew; found from nothing it would be noisy for half a minute. Never started:
  // start().
  void resume(double seconds) {
    known_ = known_ || age_ >= kFound;
    if (!known_) pace_ = 1;
    expected_ = seconds;
    age_ = 0;
  }
  // Where the next chunk's first sample is expected, in seconds.
  double expected() const { return expected_; }
  // Seconds of session per second of device sound, 1 +- kMostDrift.
  double pace() const { return pace_; }
  double age() const { return age_; }  // seconds of sound since start() or resume()
  // The line's end is looked at `seconds` later; nothing is learnt.
  void shift(double seconds) { expected_ += seconds; }

  // The chunk that begins now was stamped `error` seconds away from expected() and lasts `length`
  // seconds of device time.
  void advance(double error, double length) {
    // One late wake-up of a thread must not bend the line.
    const double limit = age_ < kFound ? 20e-3 : 5e-3;
    const double e = std::clamp(error, -limit, limit);
    const double w = 2 * std::numbers::pi * bandwidth() * length;
    pace_ = std::clamp(pace_ + w * w * e / length, 1 - kMostDrift, 1 + kMostDrift);
    expected_ += pace_ * length + std::numbers::sqrt2 * w * e;
    age_ += length;
  }

 private:
  static constexpr double kFound = 2;  // seconds
  // Fast to find the line, then slow so that jitter does not become vibrato: at 0.05 Hz the speed
  // is noisy by about 11 ppm for 0.5 ms of jitter.
  double bandwidth() const {
    if (age_ < kFound && !known_) return 1.0;
    return age_ < 20 ? 0.1 : 0.05;
  }

  double expected_ = 0;
  double pace_ = 1;
  double age_ = 0;
  bool known_ = false;  // the pace, from before a gap
};

}  // namespace kakehashi
