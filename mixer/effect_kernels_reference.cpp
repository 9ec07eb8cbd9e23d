// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "mixer/effect_kernels.h"

namespace kakehashi {
namespace {

using namespace effect_constants;

std::uint64_t sum(const std::uint8_t* p, int n) {
  std::uint64_t total = 0;
  for (int i = 0; i < n; ++i) total += p[i];
  return total;
}

void ramp(std::uint8_t* out, int n, float from, float step) {
  for (int i = 0; i < n; ++i)
    // NOLINTNEXTLINE(bugprone-incorrect-roundings): as the AVX2 loop rounds, never below 0
    out[i] = static_cast<std::uint8_t>(from + static_cast<float>(i) * step + 0.5F);
}

struct Corrected {
  int r, g, b;
};
Corrected corrected(int y, int u, int v, const CorrectionTable& t) {
  const auto at = [](const CorrectionTable::Curve& curve, int sum) {
    return static_cast<int>(curve[static_cast<std::size_t>(
        std::clamp(sum >> kShift, 0, CorrectionTable::kEntries - 1))]);
  };
  return {at(t.red, kY * y + kRV * v + kAddR), at(t.green, kY * y + kGU * u + kGV * v + kAddG),
          at(t.blue, kY * y + kBU * u + kAddB)};
}
std::uint8_t code(int v) { return static_cast<std::uint8_t>(std::clamp(v >> kOutShift, 0, 255)); }

void correct_y(const std::uint8_t* y, const std::uint8_t* u, const std::uint8_t* v,
               std::uint8_t* out, int n, const CorrectionTable& t) {
  for (int i = 0; i < n; ++i) {
    const Corrected c = corrected(y[i], u[i / 2], v[i / 2], t);
    out[i] = code(kLumaR * c.r + kLumaG * c.g + kLumaB * c.b + kAddY);
  }
}

void correct_uv(const std::uint8_t* y0, const std::uint8_t* y1, const std::uint8_t* u,
                const std::uint8_t* v, std::uint8_t* out_u, std::uint8_t* out_v, int n,
                const CorrectionTable& t) {
  for (int i = 0; i < n; ++i) {
    const int y = (y0[2 * i] + y0[2 * i + 1] + y1[2 * i] + y1[2 * i + 1] + 2) >> 2;
    const Corrected c = corrected(y, u[i], v[i], t);
    out_u[i] = code(t.ur * c.r + t.ug * c.g + t.ub * c.b + kAddC);
    out_v[i] = code(t.vr * c.r + t.vg * c.g + t.vb * c.b + kAddC);
  }
}

void chroma_lines(const std::uint8_t* near, const std::uint8_t* far, std::uint16_t* out, int n) {
  for (int i = 0; i < n; ++i) out[i] = static_cast<std::uint16_t>(3 * near[i] + far[i]);
}

void chroma_columns(const std::uint16_t* line, std::uint8_t* out, int n) {
  for (int i = 0; i < n; ++i) {
    out[2 * i] = static_cast<std::uint8_t>((3 * line[i] + line[i - 1] + 8) >> 4);
    out[2 * i + 1] = static_cast<std::uint8_t>((3 * line[i] + line[i + 1] + 8) >> 4);
  }
}

struct Keyed {
  float light;  // how strongly the wall's light is in it, 1 as in the key
  float alpha;  // 0..255
  float spill;  // of the wall's channel, 0..1
};
// Each step as AVX2 does it, so that both round alike.
Keyed keyed(float u, float v, const KeyNumbers& k) {
  const float along = (u * k.u + v * k.v) * k.per_length;
  const float share = std::min(std::max(along, k.nearest), k.farthest);
  const float du = u - share * k.u, dv = v - share * k.v;
  const float distance = std::sqrt(du * du + dv * dv);
  const float alpha = std::min(std::max(distance * k.scale + k.offset, 0.0F), 255.0F);
  const float excess = std::max(
      std::min(u * k.excess_u[0] + v * k.excess_v[0], u * k.excess_u[1] + v * k.excess_v[1]), 0.0F);
  const float wall = 1.0F - alpha * (1.0F / 255.0F);
  const float off = std::max(excess * (k.spill + (1.0F - k.spill) * wall), excess - k.spill_left);
  return {std::min(along, k.farthest), alpha, off};
}
std::uint8_t code(float v) {
  // NOLINTNEXTLINE(bugprone-incorrect-roundings): as the AVX2 loop rounds, never below 0
  return static_cast<std::uint8_t>(std::clamp(static_cast<int>(v + 0.5F), 0, 255));
}

void key_luma(std::uint8_t* y, const std::uint8_t* u, const std::uint8_t* v, std::uint8_t* alpha,
              int n, const KeyNumbers& k) {
  for (int i = 0; i < n; ++i) {
    const Keyed result =
        keyed(static_cast<float>(u[i]) - 128.0F, static_cast<float>(v[i]) - 128.0F, k);
    const float luma = static_cast<float>(y[i]);
    const float missing = result.light * k.y - (luma - 16.0F);
    const float dark = std::min(std::max(missing * k.dark_scale, 0.0F), 1.0F);
    alpha[i] = code(std::max(result.alpha, dark * 255.0F));
    y[i] = code(std::max(luma - result.spill * (1.0F - dark) * k.spill_y, 16.0F));
  }
}

void key_chroma(std::uint8_t* u, std::uint8_t* v, int n, const KeyNumbers& k) {
  for (int i = 0; i < n; ++i) {
    const auto fu = static_cast<float>(u[i]), fv = static_cast<float>(v[i]);
    const float spill = keyed(fu - 128.0F, fv - 128.0F, k).spill;
    u[i] = code(fu - spill * k.spill_u);
    v[i] = code(fv - spill * k.spill_v);
  }
}

}  // namespace

const EffectKernels& reference_effect_kernels() {
  static const EffectKernels table{sum,          ramp,           correct_y, correct_uv,
                                   chroma_lines, chroma_columns, key_luma,  key_chroma};
  return table;
}

const EffectKernels& effect_kernels() {
  static const EffectKernels& best =
      avx2_effect_kernels() ? *avx2_effect_kernels() : reference_effect_kernels();
  return best;
}

}  // namespace kakehashi
