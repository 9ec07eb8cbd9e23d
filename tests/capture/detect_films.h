// SPDX-License-Identifier: GPL-3.0-or-later
// Films made of a formula, as a device would deliver them: with a sensor's noise and, where wanted,
// through MJPEG. Small, because the detectors look at shares of the picture.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "capture/detect_picture.h"
#include "core/video_frame.h"

namespace kakehashi::testing {

constexpr int kFilmWidth = 480, kFilmHeight = 270;

// Luma 0 black .. 255 white, and one colour for all of it (Cb, Cr -0.5..0.5).
struct Sheet {
  std::vector<float> luma = std::vector<float>(std::size_t{kFilmWidth} * kFilmHeight);
  std::vector<std::array<float, 2>> colour;  // empty: grey; else one per column
  float& at(int x, int y) { return luma[static_cast<std::size_t>(y * kFilmWidth + x)]; }
};

struct Film {
  std::function<void(Sheet&, double seconds, int picture)> paint;
  double seconds = 12;
  double fps = 30;
  double noise = 0;     // standard deviation of the sensor's noise, of 255
  bool mjpeg = false;   // 8x8 blocks, quantised as a webcam does
  bool frozen = false;  // its pictures repeat the first one, noise and all
};

// Everything the detectors said at any moment of the film.
std::set<std::string> said(const Film& film, InputSort sort, PictureFigures* last = nullptr);

// What is filmed. Textured: soft and hard edges, as in a room.
void hall(Sheet& sheet, double shift_x, double shift_y = 0);
void person(Sheet& sheet, double x, double y);
void letters(Sheet& sheet, int x, int y, int lines, float ink);
void fill(Sheet& sheet, float luma);

}  // namespace kakehashi::testing
