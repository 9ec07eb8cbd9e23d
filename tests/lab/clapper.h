// SPDX-License-Identifier: GPL-3.0-or-later
// A person with a clapperboard before a camera and a microphone: pictures into a v4l2loopback
// camera and sound into a loopback card whose white and whose tone begin at the same moment, to
// within a sample. Threads: two of its own; the functions are for one other.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

namespace kakehashi::testing {

class Clapper {
 public:
  static constexpr int kWidth = 320, kHeight = 180;
  static constexpr double kHz = 1000, kSeconds = 1;  // of a clap

  // Writes black pictures at 30 a second into `port` and silence into `card` until it dies. `ppm`:
  // by how much the camera's own clock is fast.
  Clapper(const std::string& port, int card, double ppm);
  ~Clapper();

  // One clap about half a second from now. Returns the moment (seconds of CLOCK_MONOTONIC) its
  // white and its tone begin; comes back kAfter seconds after it, when it is over.
  static constexpr double kAfter = 1.5;
  double clap();
  // The camera hangs: its node stays, no picture comes.
  void hang(bool on) { hangs_ = on; }

 private:
  void film(int fd);
  void sound(int card);

  const std::int64_t period_ns_;
  std::int64_t begin_ns_ = 0;
  std::atomic<std::int64_t> clap_ns_{-1};  // when the next or current one begins
  std::atomic<bool> hangs_{false}, end_{false};
  std::thread film_, sound_;
};

}  // namespace kakehashi::testing
