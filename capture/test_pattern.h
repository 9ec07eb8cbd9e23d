// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of the test source: a still background painted once, and on every picture a moving mark,
// the frame code and, while the beep sounds, a white square. Only what moves is repainted, so a
// full-HD picture costs tens of microseconds. Deterministic: picture n looks the same in every run.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/frame_code.h"
#include "core/frame_pool.h"

namespace kakehashi {

class TestPattern {
 public:
  // `pattern`: "bars", "moving", "lecture" (a hall) or "person" (one, upright, in the middle: a
  // speaker, an interpreter); `hue` 0..359 tints all but the bars.
  TestPattern(int width, int height, const std::string& pattern, int hue);

  // Paints picture `code.number` into a frame of an I420 pool of this size. Frames of the pool that
  // were painted before are only corrected where they differ.
  void paint(FrameBuilder& frame, const FrameCode& code);

 private:
  struct Yuv {
    std::uint8_t y, u, v;
  };
  struct Painted {  // a frame of the pool that already carries the background
    const std::uint8_t* luma;
    Rect mark;
  };
  void bars();
  void moving(Yuv tint);
  void lecture(Yuv tint);
  void person(Yuv wall, Yuv clothes);
  void fill_background(Rect r, Yuv c);
  void restore(FrameBuilder& frame, Rect r) const;
  static void fill(FrameBuilder& frame, Rect r, Yuv c);
  static Yuv from_rgb(double r, double g, double b);
  static Yuv from_hue(int hue, double value);

  int width_, height_;
  std::vector<std::uint8_t> y_, u_, v_;  // the background, tightly packed
  Rect code_, flash_;
  std::vector<Painted> painted_;
};

}  // namespace kakehashi
