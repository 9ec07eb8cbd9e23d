// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures for tests, made from a colour function by double arithmetic only, so that they are
// independent of the code under test.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <functional>

#include "core/frame_pool.h"
#include "core/show.h"

namespace kakehashi::testing {

struct Rgb {
  double r = 0, g = 0, b = 0;  // 0..1
};
using Paint = std::function<Rgb(int x, int y)>;

inline Rgb hex(std::uint32_t v) {
  return {((v >> 16) & 0xFF) / 255.0, ((v >> 8) & 0xFF) / 255.0, (v & 0xFF) / 255.0};
}

// Y, Cb, Cr as 8 bit codes, not yet rounded.
inline std::array<double, 3> codes(Rgb c, ColorMatrix matrix, ColorRange range) {
  const double kr = matrix == ColorMatrix::Bt601 ? 0.299 : 0.2126;
  const double kb = matrix == ColorMatrix::Bt601 ? 0.114 : 0.0722;
  const double y = kr * c.r + (1 - kr - kb) * c.g + kb * c.b;
  const double u = (c.b - y) / (2 * (1 - kb)), v = (c.r - y) / (2 * (1 - kr));
  if (range == ColorRange::Full) return {255 * y, 128 + 255 * u, 128 + 255 * v};
  return {16 + 219 * y, 128 + 224 * u, 128 + 224 * v};
}

inline std::uint8_t code8(double v) {
  return static_cast<std::uint8_t>(std::lround(std::min(255.0, std::max(0.0, v))));
}

struct FrameWish {
  PixelFormat format = PixelFormat::I420;
  int width = 0, height = 0;
  ColorMatrix matrix = ColorMatrix::Bt709;
  ColorRange range = ColorRange::Limited;
  MediaTime captured{};
  int aspect_numerator = 1, aspect_denominator = 1;
};

inline FramePtr make_frame(const FrameWish& wish, const Paint& paint) {
  const int w = wish.width, h = wish.height;
  FramePool pool(wish.format, w, h, 1);
  FrameBuilder b = std::move(*pool.acquire());
  b.info().matrix = wish.matrix;
  b.info().range = wish.range;
  b.info().captured = wish.captured;
  b.info().aspect_numerator = wish.aspect_numerator;
  b.info().aspect_denominator = wish.aspect_denominator;
  const auto at = [&](int plane, int x, int y) -> std::uint8_t& {
    return b.plane(plane)[static_cast<std::ptrdiff_t>(y) * b.stride(plane) + x];
  };
  const auto colour = [&](int x, int y) {
    return codes(paint(std::min(x, w - 1), std::min(y, h - 1)), wish.matrix, wish.range);
  };
  // Mean chroma of the pixels one sample stands for.
  const auto chroma = [&](int x, int y, int lines, int which) {
    double sum = 0;
    for (int j = 0; j < lines; ++j)
      for (int i = 0; i < 2; ++i) sum += colour(x + i, y + j)[static_cast<std::size_t>(which)];
    return code8(sum / (2 * lines));
  };
  for (int y = 0; y < h; ++y)
    for (int x = 0; x < w; ++x) {
      const std::uint8_t luma = code8(colour(x, y)[0]);
      switch (wish.format) {
        case PixelFormat::I420:
        case PixelFormat::NV12:
        case PixelFormat::Y42B:
          at(0, x, y) = luma;
          break;
        case PixelFormat::YUY2:
          at(0, 2 * x, y) = luma;
          break;
        case PixelFormat::UYVY:
          at(0, 2 * x + 1, y) = luma;
          break;
        case PixelFormat::BGRx: {
          const Rgb c = paint(x, y);
          at(0, 4 * x, y) = code8(255 * c.b);
          at(0, 4 * x + 1, y) = code8(255 * c.g);
          at(0, 4 * x + 2, y) = code8(255 * c.r);
          at(0, 4 * x + 3, y) = 0;
          break;
        }
      }
      if (x % 2) continue;
      const int cx = x / 2, cy = y / 2;
      if (wish.format == PixelFormat::Y42B) {
        at(1, cx, y) = chroma(x, y, 1, 1);
        at(2, cx, y) = chroma(x, y, 1, 2);
      } else if (wish.format == PixelFormat::YUY2) {
        at(0, 4 * cx + 1, y) = chroma(x, y, 1, 1);
        at(0, 4 * cx + 3, y) = chroma(x, y, 1, 2);
      } else if (wish.format == PixelFormat::UYVY) {
        at(0, 4 * cx, y) = chroma(x, y, 1, 1);
        at(0, 4 * cx + 2, y) = chroma(x, y, 1, 2);
      } else if (y % 2 == 0 && wish.format == PixelFormat::I420) {
        at(1, cx, cy) = chroma(x, y, 2, 1);
        at(2, cx, cy) = chroma(x, y, 2, 2);
      } else if (y % 2 == 0 && wish.format == PixelFormat::NV12) {
        at(1, 2 * cx, cy) = chroma(x, y, 2, 1);
        at(1, 2 * cx + 1, cy) = chroma(x, y, 2, 2);
      }
    }
  return std::move(b).publish();
}

inline FramePtr plain(int w, int h, std::uint32_t rgb, MediaTime captured = {}) {
  return make_frame({PixelFormat::I420, w, h, ColorMatrix::Bt709, ColorRange::Limited, captured},
                    [rgb](int, int) { return hex(rgb); });
}

inline std::uint8_t sample(const VideoFrame& f, int plane, int x, int y) {
  const PlaneView p = f.plane(plane);
  return p.data[static_cast<std::ptrdiff_t>(y) * p.stride + x];
}

// Largest difference of two I420 pictures of one size, over all samples.
inline int largest_difference(const VideoFrame& a, const VideoFrame& b) {
  int most = 0;
  for (int plane = 0; plane < 3; ++plane) {
    const int w = plane ? (a.width() + 1) / 2 : a.width();
    const int h = plane ? (a.height() + 1) / 2 : a.height();
    for (int y = 0; y < h; ++y)
      for (int x = 0; x < w; ++x)
        most = std::max(most, std::abs(sample(a, plane, x, y) - sample(b, plane, x, y)));
  }
  return most;
}

}  // namespace kakehashi::testing
