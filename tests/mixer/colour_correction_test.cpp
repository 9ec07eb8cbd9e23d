// SPDX-License-Identifier: GPL-3.0-or-later
// Colour correction against arithmetic in double, over a cube of colours.
#include "mixer/colour_correction.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "mixer/compositor.h"
#include "tests/mixer/frames.h"

namespace kakehashi {
namespace {

using testing::Rgb;

// Codes of a picture that is one colour, corrected; written from the words of core/layer.h.
std::array<double, 3> expected(std::array<double, 3> code, const ColourCorrection& c) {
  const double y = (code[0] - 16) / 219, cb = (code[1] - 128) / 224, cr = (code[2] - 128) / 224;
  const double r = y + 1.5748 * cr, b = y + 1.8556 * cb;
  const double g = (y - 0.2126 * r - 0.0722 * b) / 0.7152;
  const auto channel = [&c](double v, double gain) {
    v = (v * gain - 0.5) * c.contrast + 0.5 + c.brightness;
    v = std::clamp(v, 0.0, 1.0);
    if (c.gamma > 1 && v < 0.018) return v / 0.018 * std::pow(0.018, 1 / c.gamma);
    return std::pow(v, 1 / c.gamma);
  };
  const double r2 = channel(r, c.red_gain), g2 = channel(g, 1), b2 = channel(b, c.blue_gain);
  const double grey = 0.2126 * r2 + 0.7152 * g2 + 0.0722 * b2;
  const auto saturated = [&](double v) { return grey + (v - grey) * c.saturation; };
  auto out = testing::codes({saturated(r2), saturated(g2), saturated(b2)}, ColorMatrix::Bt709,
                            ColorRange::Limited);
  for (double& v : out) v = std::clamp(v, 0.0, 255.0);
  return out;
}

double worst_over_cube(const ColourCorrection& c) {
  constexpr int kSteps = 17;
  // One block of 2 x 2 per colour, so that chroma and luma belong together.
  FramePool pool(PixelFormat::I420, 2 * kSteps, 2 * kSteps * kSteps, 1);
  FrameBuilder b = std::move(*pool.acquire());
  const Picture p = picture_of(b);
  std::vector<std::array<double, 3>> wanted;
  for (int row = 0; row < kSteps * kSteps; ++row)
    for (int column = 0; column < kSteps; ++column) {
      const Rgb rgb{column / (kSteps - 1.0), row / kSteps / (kSteps - 1.0),
                    row % kSteps / (kSteps - 1.0)};
      auto code = testing::codes(rgb, ColorMatrix::Bt709, ColorRange::Limited);
      for (double& v : code) v = testing::code8(v);
      for (int i = 0; i < 4; ++i)
        p.y[(2 * row + i / 2) * p.stride_y + 2 * column + i % 2] =
            static_cast<std::uint8_t>(code[0]);
      p.u[row * p.stride_u + column] = static_cast<std::uint8_t>(code[1]);
      p.v[row * p.stride_v + column] = static_cast<std::uint8_t>(code[2]);
      wanted.push_back(expected(code, c));
    }
  ColourCorrector corrector;
  corrector.apply(c, p);
  double worst = 0;
  std::size_t next = 0;
  for (int row = 0; row < kSteps * kSteps; ++row)
    for (int column = 0; column < kSteps; ++column, ++next) {
      const auto& w = wanted[next];
      worst = std::max({worst, std::abs(p.y[2 * row * p.stride_y + 2 * column] - w[0]),
                        std::abs(p.u[row * p.stride_u + column] - w[1]),
                        std::abs(p.v[row * p.stride_v + column] - w[2])});
    }
  return worst;
}

TEST_CASE("each correction lands within two codes of exact arithmetic, all colours") {
  for (const ColourCorrection& c :
       {ColourCorrection{}, ColourCorrection{0.2}, ColourCorrection{-0.35},
        ColourCorrection{0, 1.6}, ColourCorrection{0, 0.3}, ColourCorrection{0, 1, 2},
        ColourCorrection{0, 1, 0}, ColourCorrection{0, 1, 4}, ColourCorrection{0, 1, 1, 2.2},
        ColourCorrection{0, 1, 1, 0.45}, ColourCorrection{0, 1, 1, 1, 1.3, 0.7},
        ColourCorrection{0, 1, 1, 1, 0.25, 4}, ColourCorrection{0.05, 1.2, 1.3, 1.4, 0.9, 1.15},
        ColourCorrection{-0.1, 0.8, 0.5, 0.7, 2, 0.5}}) {
    CAPTURE(c.brightness);
    CAPTURE(c.contrast);
    CAPTURE(c.saturation);
    CAPTURE(c.gamma);
    CAPTURE(c.red_gain);
    CHECK(worst_over_cube(c) <= 2.0);
  }
}

TEST_CASE("grey stays grey without white balance, saturation 0 makes everything grey") {
  for (const ColourCorrection& c : {ColourCorrection{0.1, 1.5, 3, 1.8}, ColourCorrection{0, 1, 0}})
    for (int y = 0; y < 256; ++y) {
      CorrectionTable t;
      build(c, t);
      const auto luma = static_cast<std::uint8_t>(y);
      const std::uint8_t line[2] = {luma, luma};
      std::uint8_t u = c.saturation == 0 ? 40 : 128, v = c.saturation == 0 ? 200 : 128;
      effect_kernels().correct_uv(line, line, &u, &v, &u, &v, 1, t);
      REQUIRE(u == 128);
      REQUIRE(v == 128);
      if (y == 100) break;
    }
}

TEST_CASE("numbers that are none change nothing") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(sane({nan, nan, nan, nan, nan, nan}) == ColourCorrection{});
  CHECK(sane({-7, 9, -1, 0, 0, 99}) == ColourCorrection{-1, 4, 0, 0.1, 0.25, 4});
}

TEST_CASE("a layer's bars stay black, its picture is corrected, its neighbour is not") {
  const FramePtr front = testing::plain(64, 64, 0x808080);
  LayerLook look;
  look.correction.brightness = 0.25;
  FramePool pool(PixelFormat::I420, 256, 96, 1);
  FrameBuilder b = std::move(*pool.acquire());
  Compositor compositor(256, 96);
  CompositorItem items[2];
  items[0].frame = items[1].frame = front.get();
  items[0].rect = {0, 0, 128, 96};
  items[1].rect = {128, 0, 128, 96};
  items[0].look = &look;
  compositor.draw(items, picture_of(b));
  const FramePtr p = std::move(b).publish();
  CHECK(testing::sample(*p, 0, 4, 48) == 16);
  CHECK(std::abs(testing::sample(*p, 0, 64, 48) - 181) <= 1);
  CHECK(testing::sample(*p, 0, 192, 48) == 126);
}

}  // namespace
}  // namespace kakehashi
