// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/capture/detect_films.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include "core/frame_pool.h"

namespace kakehashi::testing {
namespace {

// Gaussian noise from a table: a fresh piece of it for every row.
class Noise {
 public:
  Noise() : table_(1 << 16) {
    std::normal_distribution<float> bell;
    for (float& v : table_) v = bell(random_);
  }
  const float* row() { return table_.data() + random_() % (table_.size() - kFilmWidth); }

 private:
  std::mt19937 random_{7};
  std::vector<float> table_;
};

// One 8x8 block through the cosine transform and the quantiser of ITU-T T.81 (1992), table K.1, at
// about quality 75.
void squeeze(float* block, std::size_t stride) {
  static constexpr std::array<int, 64> kTable{
      16, 11, 10, 16, 24,  40,  51,  61,  12, 12, 14, 19, 26,  58,  60,  55,
      14, 13, 16, 24, 40,  57,  69,  56,  14, 17, 22, 29, 51,  87,  80,  62,
      18, 22, 37, 56, 68,  109, 103, 77,  24, 35, 55, 64, 81,  104, 113, 92,
      49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99};
  static const std::array<std::array<float, 8>, 8> kWave = [] {
    std::array<std::array<float, 8>, 8> w{};
    for (std::size_t k = 0; k < 8; ++k)
      for (std::size_t n = 0; n < 8; ++n)
        w[k][n] = static_cast<float>((k == 0 ? std::sqrt(0.125) : 0.5) *
                                     std::cos((2.0 * static_cast<double>(n) + 1) *
                                              static_cast<double>(k) * std::numbers::pi / 16));
    return w;
  }();
  float half[8][8]{}, coefficient[8][8]{};
  for (std::size_t y = 0; y < 8; ++y)
    for (std::size_t k = 0; k < 8; ++k)
      for (std::size_t n = 0; n < 8; ++n) half[y][k] += kWave[k][n] * block[y * stride + n];
  for (std::size_t j = 0; j < 8; ++j)
    for (std::size_t k = 0; k < 8; ++k) {
      for (std::size_t y = 0; y < 8; ++y) coefficient[j][k] += kWave[j][y] * half[y][k];
      const float q = static_cast<float>(kTable[j * 8 + k]) / 2;
      coefficient[j][k] = std::round(coefficient[j][k] / q) * q;
    }
  for (auto& row : half) std::fill(std::begin(row), std::end(row), 0.0F);
  for (std::size_t j = 0; j < 8; ++j)
    for (std::size_t n = 0; n < 8; ++n)
      for (std::size_t k = 0; k < 8; ++k) half[j][n] += kWave[k][n] * coefficient[j][k];
  for (std::size_t y = 0; y < 8; ++y)
    for (std::size_t n = 0; n < 8; ++n) {
      float sum = 0;
      for (std::size_t j = 0; j < 8; ++j) sum += kWave[j][y] * half[j][n];
      block[y * stride + n] = sum;
    }
}

std::uint8_t byte(float v) {
  return static_cast<std::uint8_t>(std::min(std::max(v, 0.0F), 255.0F) + 0.5F);
}

void colour_planes(const Sheet& sheet, FrameBuilder& out) {
  for (int y = 0; y < kFilmHeight / 2; ++y)
    for (int x = 0; x < kFilmWidth / 2; ++x) {
      const std::array<float, 2> c = sheet.colour.empty()
                                         ? std::array<float, 2>{}
                                         : sheet.colour[static_cast<std::size_t>(2 * x)];
      for (int p = 1; p < 3; ++p)
        out.plane(p)[y * out.stride(p) + x] = byte(128 + 224 * c[static_cast<std::size_t>(p - 1)]);
    }
}

}  // namespace

std::set<std::string> said(const Film& film, InputSort sort, PictureFigures* last) {
  FramePool pool(PixelFormat::I420, kFilmWidth, kFilmHeight, 3);
  PictureDetector detector(sort);
  Noise noise;
  std::set<std::string> all;
  Sheet sheet;
  const int count = static_cast<int>(film.seconds * film.fps);
  for (int n = 0; n < count; ++n) {
    const double seconds = n / film.fps;
    if (!film.frozen || n == 0) {
      sheet.colour.clear();
      film.paint(sheet, seconds, n);
      if (film.noise > 0)
        for (int y = 0; y < kFilmHeight; ++y) {
          const float* grain = noise.row();
          for (int x = 0; x < kFilmWidth; ++x)
            sheet.at(x, y) += static_cast<float>(film.noise) * grain[x];
        }
      if (film.mjpeg)
        for (int y = 0; y + 8 <= kFilmHeight; y += 8)
          for (int x = 0; x + 8 <= kFilmWidth; x += 8) squeeze(&sheet.at(x, y), kFilmWidth);
    }
    auto out = pool.acquire();
    for (int y = 0; y < kFilmHeight; ++y)
      for (int x = 0; x < kFilmWidth; ++x)
        out->plane(0)[y * out->stride(0) + x] = byte(16 + sheet.at(x, y) * (219.0F / 255));
    colour_planes(sheet, *out);
    out->info().captured = MediaTime{} + Duration::from_seconds(1 + seconds);
    out->info().sequence = static_cast<std::uint64_t>(n);
    const FramePtr frame = std::move(*out).publish();
    detector.see(*frame, frame->info().captured);
    for (std::size_t i = 0; i < kFindings; ++i)
      if (const auto f = static_cast<Finding>(i); detector.found(f)) all.insert(finding_id(f));
  }
  if (last) *last = detector.figures();
  return all;
}

void fill(Sheet& sheet, float luma) { std::fill(sheet.luma.begin(), sheet.luma.end(), luma); }

// A wall with light from one side, panels with hard edges, chairs.
void hall(Sheet& sheet, double shift_x, double shift_y) {
  std::array<float, kFilmWidth> column{};
  for (int x = 0; x < kFilmWidth; ++x) {
    const double u = x + shift_x;
    column[static_cast<std::size_t>(x)] =
        static_cast<float>(90 + 40 * std::sin(u / 90) + (std::fmod(u + 96000, 64) < 20 ? 50 : 0));
  }
  for (int y = 0; y < kFilmHeight; ++y) {
    const double v = y + shift_y;
    const auto row = static_cast<float>(20 * std::cos(v / 60));
    for (int x = 0; x < kFilmWidth; ++x) {
      const int chair = static_cast<int>(x + shift_x + v / 4 + 96000) % 40;
      sheet.at(x, y) = column[static_cast<std::size_t>(x)] + row - (v > 180 && chair < 9 ? 60 : 0);
    }
  }
}

void person(Sheet& sheet, double cx, double cy) {
  const int left = std::max(0, static_cast<int>(cx) - 56);
  const int right = std::min(kFilmWidth, static_cast<int>(cx) + 57);
  for (int y = std::max(0, static_cast<int>(cy) - 29); y < kFilmHeight; ++y)
    for (int x = left; x < right; ++x) {
      const double head = std::hypot((x - cx) / 22, (y - cy) / 28);
      const double body = std::hypot((x - cx) / 55, (y - cy - 110) / 85);
      if (head < 1)
        sheet.at(x, y) = static_cast<float>(190 - 60 * head);
      else if (body < 1)
        sheet.at(x, y) = 40;
    }
}

// Strokes one line thick and columns two wide, as letters of a slide are.
void letters(Sheet& sheet, int left, int top, int lines, float ink) {
  for (int line = 0; line < lines; ++line)
    for (int y = 0; y < 9; ++y)
      for (int x = 0; x < 200; ++x) {
        const int at_x = left + x, at_y = top + line * 16 + y, letter = x / 10 + line * 7;
        if (at_x < 0 || at_x >= kFilmWidth || at_y < 0 || at_y >= kFilmHeight) continue;
        const int in = x % 10;
        const bool across = (y == 0 || y == 4 || y == 8) && in < 8 && (letter * 5 + y) % 3 != 0;
        const bool down = (in < 2 || in == 6 || in == 7) && (letter * 3 + in) % 5 != 0;
        if (across || down) sheet.at(at_x, at_y) = ink;
      }
}

}  // namespace kakehashi::testing
