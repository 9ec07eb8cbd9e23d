// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/colour.h"

#include <algorithm>
#include <cmath>

namespace kakehashi {
namespace {

struct Weights {
  double r, b;
  double g() const { return 1.0 - r - b; }
};
constexpr Weights kBt601{0.299, 0.114};
constexpr Weights kBt709{0.2126, 0.0722};

using Triple = std::array<double, 3>;

// Y in 0..1 and colour differences in -0.5..0.5 to R, G, B.
Triple to_rgb(const Triple& ycc, Weights k) {
  const double r = ycc[0] + 2 * (1 - k.r) * ycc[2], b = ycc[0] + 2 * (1 - k.b) * ycc[1];
  return {r, (ycc[0] - k.r * r - k.b * b) / k.g(), b};
}
Triple from_rgb(const Triple& rgb, Weights k) {
  const double y = k.r * rgb[0] + k.g() * rgb[1] + k.b * rgb[2];
  return {y, (rgb[2] - y) / (2 * (1 - k.b)), (rgb[0] - y) / (2 * (1 - k.r))};
}

constexpr double kOne = 16384.0;
std::int16_t fixed(double v) { return static_cast<std::int16_t>(std::lround(v * kOne)); }

}  // namespace

Recolour recolour_from(ColorMatrix matrix, ColorRange range) {
  const Weights k = matrix == ColorMatrix::Bt601 ? kBt601 : kBt709;
  const bool full = range == ColorRange::Full;
  const double luma_in = full ? 255.0 : 219.0, chroma_in = full ? 255.0 : 224.0;
  const double black_in = full ? 0.0 : 16.0;

  // The change is linear, so what it does to each unit vector is its column.
  const auto column = [&](Triple unit) { return from_rgb(to_rgb(unit, k), kBt709); };
  const Triple y = column({1, 0, 0}), u = column({0, 1, 0}), v = column({0, 0, 1});

  Recolour c;
  c.yy = fixed(219.0 * y[0] / luma_in);
  c.yu = fixed(219.0 * u[0] / chroma_in);
  c.yv = fixed(219.0 * v[0] / chroma_in);
  c.uu = fixed(224.0 * u[1] / chroma_in);
  c.uv = fixed(224.0 * v[1] / chroma_in);
  c.vu = fixed(224.0 * u[2] / chroma_in);
  c.vv = fixed(224.0 * v[2] / chroma_in);
  // Constants from the rounded factors, so that black and grey come out exact.
  const auto black = static_cast<std::int32_t>(black_in);
  c.y0 = 16 * 16384 + 8192 - black * c.yy - 128 * (c.yu + c.yv);
  c.u0 = 128 * 16384 + 8192 - 128 * (c.uu + c.uv);
  c.v0 = 128 * 16384 + 8192 - 128 * (c.vu + c.vv);
  return c;
}

Yuv program_colour(std::uint32_t rgb) {
  const auto channel = [rgb](int shift) {
    return static_cast<double>((rgb >> shift) & 0xFF) / 255.0;
  };
  const Triple ycc = from_rgb({channel(16), channel(8), channel(0)}, kBt709);
  const auto code = [](double v) {
    return static_cast<std::uint8_t>(std::clamp(std::lround(v), 0L, 255L));
  };
  return {code(16 + 219 * ycc[0]), code(128 + 224 * ycc[1]), code(128 + 224 * ycc[2])};
}

}  // namespace kakehashi
