// SPDX-License-Identifier: GPL-3.0-or-later
// A hall as a webcam sees it, and what can be wrong with its picture: written into a v4l2loopback
// camera, which is there as long as this lives. Thread: one of its own.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace kakehashi::testing {

enum class Sight {
  Hall,       // somebody runs to and fro before a wall; the sensor's noise over everything
  Black,      // a lens cap
  Frozen,     // the last picture again and again
  Flicker,    // lamps on 50 Hz mains, 4 %
  Comb,       // two fields woven together
  FourThree,  // black bars left and right
  Stopped,    // no picture at all
};

class Film {
 public:
  static constexpr int kWidth = 640, kHeight = 360, kRate = 30;

  explicit Film(const std::string& port, Sight sight = Sight::Hall);
  ~Film();
  void show(Sight sight) { sight_ = sight; }

 private:
  void run(int fd);
  void paint(std::int64_t n, Sight sight);

  std::vector<std::uint8_t> yuyv_;
  std::uint32_t noise_ = 1;
  std::atomic<Sight> sight_;
  std::atomic<bool> end_{false};
  std::thread thread_;
};

}  // namespace kakehashi::testing
