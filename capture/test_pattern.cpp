// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/test_pattern.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace kakehashi {
namespace {

Rect even(Rect r) { return {r.x / 2 * 2, r.y / 2 * 2, r.w / 2 * 2, r.h / 2 * 2}; }

}  // namespace

// ITU-R BT.709-6, limited range; r, g, b 0..1.
TestPattern::Yuv TestPattern::from_rgb(double r, double g, double b) {
  const double y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  const auto byte = [](double v) { return static_cast<std::uint8_t>(std::lround(v)); };
  return {byte(16 + 219 * y), byte(128 + 224 * (b - y) / 1.8556),
          byte(128 + 224 * (r - y) / 1.5748)};
}

TestPattern::Yuv TestPattern::from_hue(int hue, double value) {
  const double h = (hue % 360 + 360) % 360 / 60.0;
  const double s = 0.45;
  const auto channel = [&](double n) {
    const double k = std::fmod(n + h, 6.0);
    return value - value * s * std::max(0.0, std::min({k, 4 - k, 1.0}));
  };
  return from_rgb(channel(5), channel(3), channel(1));
}

TestPattern::TestPattern(int width, int height, const std::string& pattern, int hue)
    : width_(width), height_(height) {
  const auto luma = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  const auto chroma =
      static_cast<std::size_t>((width + 1) / 2) * static_cast<std::size_t>((height + 1) / 2);
  y_.assign(luma, 16);
  u_.assign(chroma, 128);
  v_.assign(chroma, 128);
  code_ = frame_code_rect(width, height);
  const int side = std::max(8, height / 6);
  flash_ = even({width - side - height / 20, height - side - height / 20, side, side});
  if (pattern == "bars")
    bars();
  else if (pattern == "lecture")
    lecture(from_hue(hue, 0.35));
  else if (pattern == "person")
    person(from_hue(hue, 0.35), from_hue((hue + 150) % 360, 0.3));
  else
    moving(from_hue(hue, 0.7));
  fill_background({flash_.x - 4, flash_.y - 4, side + 8, side + 8}, from_rgb(0.5, 0.5, 0.5));
  fill_background(flash_, from_rgb(0, 0, 0));
}

void TestPattern::fill_background(Rect r, Yuv c) {
  r = even(r);
  const int x0 = std::clamp(r.x, 0, width_), x1 = std::clamp(r.x + r.w, 0, width_);
  const int y0 = std::clamp(r.y, 0, height_), y1 = std::clamp(r.y + r.h, 0, height_);
  for (int y = y0; y < y1; ++y)
    std::fill(y_.begin() + y * width_ + x0, y_.begin() + y * width_ + x1, c.y);
  const int cw = (width_ + 1) / 2;
  for (int y = y0 / 2; y < (y1 + 1) / 2; ++y) {
    std::fill(u_.begin() + y * cw + x0 / 2, u_.begin() + y * cw + (x1 + 1) / 2, c.u);
    std::fill(v_.begin() + y * cw + x0 / 2, v_.begin() + y * cw + (x1 + 1) / 2, c.v);
  }
}

// Colour bars at 75 % (after ITU-R BT.471) over a grey ramp.
void TestPattern::bars() {
  constexpr std::array<std::array<double, 3>, 7> kBars{{{.75, .75, .75},
                                                        {.75, .75, 0},
                                                        {0, .75, .75},
                                                        {0, .75, 0},
                                                        {.75, 0, .75},
                                                        {.75, 0, 0},
                                                        {0, 0, .75}}};
  const int foot = height_ * 3 / 4;
  for (int i = 0; i < 7; ++i) {
    const auto& c = kBars[static_cast<std::size_t>(i)];
    fill_background({width_ * i / 7, 0, width_ / 7 + 2, foot}, from_rgb(c[0], c[1], c[2]));
  }
  for (int i = 0; i < 16; ++i) {
    const double grey = i / 15.0;
    fill_background({width_ * i / 16, foot, width_ / 16 + 2, height_ - foot},
                    from_rgb(grey, grey, grey));
  }
}

// A slow gradient with a grid, so that scaling and cropping faults are seen at a glance.
void TestPattern::moving(Yuv tint) {
  fill_background({0, 0, width_, height_}, tint);
  for (int y = 0; y < height_; ++y)
    for (int x = 0; x < width_; ++x) {
      const int shade = tint.y * (256 - 128 * y / height_) / 256 + 24 * x / width_;
      y_[static_cast<std::size_t>(y * width_ + x)] =
          static_cast<std::uint8_t>(std::clamp(shade, 16, 235));
    }
  const int cell = std::max(8, height_ / 12 / 2 * 2);
  const Yuv line{static_cast<std::uint8_t>(tint.y / 2), 128, 128};
  for (int x = cell; x < width_; x += cell) fill_background({x, 0, 2, height_}, line);
  for (int y = cell; y < height_; y += cell) fill_background({0, y, width_, 2}, line);
}

// A hall seen from the back: wall, screen with lines of "text", lectern, a speaker.
void TestPattern::lecture(Yuv tint) {
  const auto box = [&](double x, double y, double w, double h, Yuv c) {
    fill_background({static_cast<int>(x * width_), static_cast<int>(y * height_),
                     static_cast<int>(w * width_), static_cast<int>(h * height_)},
                    c);
  };
  fill_background({0, 0, width_, height_}, tint);
  box(0, 0.82, 1, 0.18, from_rgb(0.25, 0.18, 0.12));
  box(0.08, 0.16, 0.52, 0.52, from_rgb(0.95, 0.95, 0.93));
  box(0.11, 0.21, 0.34, 0.05, from_rgb(0.13, 0.22, 0.35));
  for (int i = 0; i < 6; ++i)
    box(0.12, 0.32 + 0.055 * i, 0.42 - 0.05 * (i * 5 % 4), 0.018, from_rgb(0.3, 0.3, 0.33));
  box(0.725, 0.36, 0.07, 0.13, from_rgb(0.85, 0.66, 0.54));
  box(0.69, 0.49, 0.14, 0.34, from_rgb(0.16, 0.2, 0.32));
  box(0.66, 0.62, 0.20, 0.25, from_rgb(0.45, 0.3, 0.18));
}

void TestPattern::person(Yuv wall, Yuv clothes) {
  const auto box = [&](double x, double y, double w, double h, Yuv c) {
    fill_background({static_cast<int>(x * width_), static_cast<int>(y * height_),
                     static_cast<int>(w * width_), static_cast<int>(h * height_)},
                    c);
  };
  const Yuv skin = from_rgb(0.85, 0.66, 0.54);
  fill_background({0, 0, width_, height_}, wall);
  box(0, 0.86, 1, 0.14, from_rgb(0.25, 0.18, 0.12));
  box(0.445, 0.26, 0.11, 0.06, from_rgb(0.14, 0.11, 0.1));  // hair
  box(0.45, 0.31, 0.10, 0.18, skin);
  box(0.48, 0.48, 0.04, 0.04, skin);
  box(0.40, 0.52, 0.20, 0.48, clothes);
  box(0.37, 0.54, 0.04, 0.20, clothes);  // arms, the hands before the chest
  box(0.59, 0.54, 0.04, 0.20, clothes);
  box(0.41, 0.66, 0.045, 0.08, skin);
  box(0.545, 0.62, 0.045, 0.08, skin);
}

void TestPattern::restore(FrameBuilder& frame, Rect r) const {
  const auto copy = [&](int plane, const std::vector<std::uint8_t>& from, int width, Rect at) {
    std::uint8_t* to = frame.plane(plane) + at.y * frame.stride(plane) + at.x;
    const std::uint8_t* line = from.data() + at.y * width + at.x;
    for (int y = 0; y < at.h; ++y, to += frame.stride(plane), line += width)
      std::memcpy(to, line, static_cast<std::size_t>(at.w));
  };
  const Rect half{r.x / 2, r.y / 2, (r.w + 1) / 2, (r.h + 1) / 2};
  copy(0, y_, width_, r);
  copy(1, u_, (width_ + 1) / 2, half);
  copy(2, v_, (width_ + 1) / 2, half);
}

void TestPattern::fill(FrameBuilder& frame, Rect r, Yuv c) {
  const auto paint = [&](int plane, std::uint8_t value, Rect at) {
    for (int y = at.y; y < at.y + at.h; ++y)
      std::memset(frame.plane(plane) + y * frame.stride(plane) + at.x, value,
                  static_cast<std::size_t>(at.w));
  };
  const Rect half{r.x / 2, r.y / 2, r.w / 2, r.h / 2};
  paint(0, c.y, r);
  paint(1, c.u, half);
  paint(2, c.v, half);
}

void TestPattern::paint(FrameBuilder& frame, const FrameCode& code) {
  const std::uint8_t* luma = frame.plane(0);
  auto known = std::find_if(painted_.begin(), painted_.end(),
                            [&](const Painted& p) { return p.luma == luma; });
  if (known == painted_.end()) {
    restore(frame, {0, 0, width_, height_});
    known = painted_.insert(painted_.end(), {luma, {}});
  } else {
    restore(frame, known->mark);
  }
  // The mark crosses the picture in 90 pictures, on the height between the code and the flash.
  const int w = std::max(4, width_ / 40 / 2 * 2);
  const int x = static_cast<int>((width_ - w) * static_cast<std::int64_t>(code.number % 90) / 89);
  known->mark = even({x, height_ * 7 / 10, w, height_ / 20});
  fill(frame, known->mark, {235, 128, 128});
  fill(frame, flash_, {static_cast<std::uint8_t>(code.flash ? 235 : 16), 128, 128});
  paint_frame_code(frame.plane(0), frame.stride(0), code_, code);
}

}  // namespace kakehashi
