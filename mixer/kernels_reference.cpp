// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/kernels.h"
#include "mixer/kernels_constants.h"
#include "mixer/scale.h"

#include <algorithm>

namespace kakehashi {
namespace {

using namespace kernel_constants;

std::uint8_t clamp8(std::int32_t v) { return static_cast<std::uint8_t>(std::clamp(v, 0, 255)); }

void bgrx_to_y(const std::uint8_t* p, std::uint8_t* y, int n) {
  for (int i = 0; i < n; ++i, p += 4)
    y[i] = clamp8((kYB * p[0] + kYG * p[1] + kYR * p[2] + kYAdd) >> kYShift);
}

void bgrx_to_uv(const std::uint8_t* a, const std::uint8_t* b, std::uint8_t* u, std::uint8_t* v,
                int n) {
  for (int i = 0; i < n; ++i, a += 8, b += 8) {
    const int blue = a[0] + a[4] + b[0] + b[4];
    const int green = a[1] + a[5] + b[1] + b[5];
    const int red = a[2] + a[6] + b[2] + b[6];
    u[i] = clamp8((kUB * blue + kUG * green + kUR * red + kUVAdd) >> kUVShift);
    v[i] = clamp8((kVB * blue + kVG * green + kVR * red + kUVAdd) >> kUVShift);
  }
}

void recolour_y(const std::uint8_t* y, const std::uint8_t* u, const std::uint8_t* v,
                std::uint8_t* out, int n, const Recolour& c) {
  for (int i = 0; i < n; ++i)
    out[i] = clamp8((c.yy * y[i] + c.yu * u[i / 2] + c.yv * v[i / 2] + c.y0) >> 14);
}

void recolour_uv(const std::uint8_t* u, const std::uint8_t* v, std::uint8_t* out_u,
                 std::uint8_t* out_v, int n, const Recolour& c) {
  for (int i = 0; i < n; ++i) {
    const int du = u[i], dv = v[i];
    out_u[i] = clamp8((c.uu * du + c.uv * dv + c.u0) >> 14);
    out_v[i] = clamp8((c.vu * du + c.vv * dv + c.v0) >> 14);
  }
}

std::uint8_t over(int dst, int src, int alpha) {
  const int t = dst * (255 - alpha) + src * alpha + 128;
  return static_cast<std::uint8_t>((t + (t >> 8)) >> 8);  // exact t / 255, rounded
}

void blend(std::uint8_t* dst, const std::uint8_t* src, const std::uint8_t* alpha, int opacity,
           int n) {
  for (int i = 0; i < n; ++i) dst[i] = over(dst[i], src[i], (alpha[i] * opacity) >> 8);
}

void blend_chroma(std::uint8_t* dst, const std::uint8_t* src, const std::uint8_t* a,
                  const std::uint8_t* b, int opacity, int n) {
  for (int i = 0; i < n; ++i) {
    const int alpha = (a[2 * i] + a[2 * i + 1] + b[2 * i] + b[2 * i + 1] + 2) >> 2;
    dst[i] = over(dst[i], src[i], (alpha * opacity) >> 8);
  }
}

void scale_lines(const std::uint8_t* first, int stride, const std::int16_t* weights, int taps,
                 std::uint8_t* out, int n) {
  for (int x = 0; x < n; ++x) {
    int sum = 128;
    for (int k = 0; k < taps; ++k)
      sum += weights[k] * first[static_cast<std::ptrdiff_t>(k) * stride + x];
    out[x] = clamp8(sum >> 8);
  }
}

void scale_columns(const std::uint8_t* line, const AxisTable& t, int first, std::uint8_t* out,
                   int n) {
  for (int x = 0; x < n; ++x) {
    const std::uint8_t* from = line + t.start[static_cast<std::size_t>(first + x)];
    int sum = 8192;
    for (int k = 0; k < t.taps; ++k) sum += t.weight(first + x, k) * from[k];
    out[x] = clamp8(sum >> 14);
  }
}

}  // namespace

const Kernels& reference_kernels() {
  static const Kernels table{bgrx_to_y, bgrx_to_uv,   recolour_y,  recolour_uv,
                             blend,     blend_chroma, scale_lines, scale_columns};
  return table;
}

const Kernels& kernels() {
  static const Kernels& best = avx2_kernels() ? *avx2_kernels() : reference_kernels();
  return best;
}

}  // namespace kakehashi
