// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/rate_advice.h"

#include <cmath>
#include <string>

namespace kakehashi {
namespace {

constexpr Duration kSure = Duration::seconds(5);

enum class Family { Neither, Fifty, Sixty };

Family family_of(double fps) {
  const auto near = [fps](double rate) { return std::abs(fps / rate - 1) < 0.005; };
  if (near(25) || near(50)) return Family::Fifty;
  if (near(30) || near(60)) return Family::Sixty;  // and 29.97, 59.94
  return Family::Neither;
}

std::string number(double fps) {
  const double whole = std::round(fps);
  if (std::abs(fps - whole) < 0.015) return std::to_string(static_cast<int>(whole));
  const auto hundredths = static_cast<int>(std::lround(fps * 100));
  return std::to_string(hundredths / 100) + "." + (hundredths % 100 < 10 ? "0" : "") +
         std::to_string(hundredths % 100);
}

}  // namespace

void RateAdvice::look(double fps, MediaTime now) {
  const Family camera = family_of(fps), program = family_of(program_.per_second());
  const bool wrong = camera != Family::Neither && program != Family::Neither && camera != program;
  if (wrong == wrong_) {
    waiting_ = false;
    if (wrong) fps_ = fps;
    return;
  }
  if (!waiting_) {
    waiting_ = true;
    since_ = now;
  }
  if (now - since_ < kSure) return;
  wrong_ = wrong;
  waiting_ = false;
  fps_ = fps;
}

Text RateAdvice::words() const {
  if (!wrong_) return {};
  const std::string camera = number(fps_), program = number(program_.per_second());
  const bool sixty = family_of(program_.per_second()) == Family::Sixty;
  return {"カメラが毎秒" + camera + "枚、番組が" + program +
              "枚なので、動きがなめらかに見えません。→ カメラの設定を" + program + "枚（" +
              (sixty ? "NTSC・60Hz" : "PAL・50Hz") + "）に変更",
          "The camera gives " + camera + " pictures a second, the program has " + program +
              ": motion stutters. -> Set the camera to " + program +
              (sixty ? " (NTSC, 60 Hz)" : " (PAL, 50 Hz)")};
}

}  // namespace kakehashi
