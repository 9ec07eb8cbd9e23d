// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/colour_correction.h"

#include <algorithm>
#include <cmath>

namespace kakehashi {
namespace {

constexpr std::size_t kTables = 8;  // corrections in use at once; more are made anew each time

double within(double v, double low, double high, double neutral) {
  return std::isfinite(v) ? std::clamp(v, low, high) : neutral;
}

// The dark end of a lifting curve is straight, as in BT.709-6 §1.2: a power there would be
// endlessly steep and make a camera's noise visible.
constexpr double kToe = 0.018;

std::int16_t fixed(double v) { return static_cast<std::int16_t>(std::lround(v)); }

double bent(double x, double gamma) {
  if (gamma == 1) return x;
  if (gamma > 1 && x < kToe) return x / kToe * std::pow(kToe, 1 / gamma);
  return std::pow(x, 1 / gamma);
}

}  // namespace

ColourCorrection sane(const ColourCorrection& c) {
  return {within(c.brightness, -1, 1, 0), within(c.contrast, 0, 4, 1),
          within(c.saturation, 0, 4, 1),  within(c.gamma, 0.1, 10, 1),
          within(c.red_gain, 0.25, 4, 1), within(c.blue_gain, 0.25, 4, 1)};
}

void build(const ColourCorrection& wish, CorrectionTable& t) {
  const ColourCorrection c = sane(wish);
  const auto curve = [&c](double gain, CorrectionTable::Curve& out) {
    for (int i = 0; i < CorrectionTable::kEntries; ++i) {
      double x = static_cast<double>(i - CorrectionTable::kZero) / CorrectionTable::kStep * gain;
      x = std::clamp((x - 0.5) * c.contrast + 0.5 + c.brightness, 0.0, 1.0);
      out[static_cast<std::size_t>(i)] = fixed(bent(x, c.gamma) * CorrectionTable::kFull);
    }
  };
  curve(1, t.green);
  if (c.red_gain == 1)
    t.red = t.green;
  else
    curve(c.red_gain, t.red);
  if (c.blue_gain == 1)
    t.blue = t.green;
  else
    curve(c.blue_gain, t.blue);

  // kFull is 2^14 and results have 20 fractional bits: a code is 64. Saturation moves no luma.
  const double kr = 0.2126, kb = 0.0722, chroma = 64 * 224 * c.saturation;
  t.ur = fixed(-chroma * kr / (2 * (1 - kb)));
  t.ub = fixed(chroma * 0.5);
  t.ug = static_cast<std::int16_t>(-t.ur - t.ub);  // grey stays grey
  t.vb = fixed(-chroma * kb / (2 * (1 - kr)));
  t.vr = fixed(chroma * 0.5);
  t.vg = static_cast<std::int16_t>(-t.vb - t.vr);
}

ColourCorrector::ColourCorrector() : kept_(kTables) {}

const CorrectionTable& ColourCorrector::table(const ColourCorrection& correction) {
  const ColourCorrection wanted = sane(correction);  // so that what is no number equals itself
  for (const Kept& k : kept_)
    if (k.filled && k.correction == wanted) return k.table;
  Kept& oldest = kept_[next_];
  next_ = (next_ + 1) % kept_.size();
  build(wanted, oldest.table);
  oldest.correction = wanted;
  oldest.filled = true;
  return oldest.table;
}

void ColourCorrector::apply(const ColourCorrection& correction, const Picture& p) {
  const CorrectionTable& t = table(correction);
  const EffectKernels& k = effect_kernels();
  // Luma needs the chroma as it was and chroma the luma: both are kept for the two lines at work.
  constexpr int kRun = 512;
  std::uint8_t upper[kRun], lower[kRun];
  for (int line = 0; line < p.height; line += 2)
    for (int x = 0; x < p.width; x += kRun) {
      const int n = std::min(kRun, p.width - x);
      std::uint8_t* y0 = p.y + static_cast<std::ptrdiff_t>(line) * p.stride_y + x;
      std::uint8_t* y1 = y0 + p.stride_y;
      std::uint8_t* u = p.u + static_cast<std::ptrdiff_t>(line / 2) * p.stride_u + x / 2;
      std::uint8_t* v = p.v + static_cast<std::ptrdiff_t>(line / 2) * p.stride_v + x / 2;
      k.correct_y(y0, u, v, upper, n, t);
      k.correct_y(y1, u, v, lower, n, t);
      k.correct_uv(y0, y1, u, v, u, v, n / 2, t);
      std::copy_n(upper, n, y0);
      std::copy_n(lower, n, y1);
    }
}

}  // namespace kakehashi
