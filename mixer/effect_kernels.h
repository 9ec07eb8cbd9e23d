// SPDX-License-Identifier: GPL-3.0-or-later
// The pixel loops of LayerLook. As in mixer/kernels.h: each as a plain reference loop and as AVX2
// with the same bytes, compared by tests. Pure; any thread; n may be any number.
#pragma once

#include <array>
#include <cstdint>

namespace kakehashi {

// What a ColourCorrection does, as numbers (mixer/colour_correction.h).
struct CorrectionTable {
  static constexpr int kStep = 2048, kZero = 1024;       // entries per 1.0; entry of 0.0
  static constexpr int kEntries = 4096;                  // so from -0.5 to nearly 1.5
  static constexpr int kFull = 16384;                    // a result of 1.0
  using Curve = std::array<std::int16_t, kEntries + 2>;  // AVX2 reads two bytes past the last

  // R', G', B' to gained, contrasted, lifted and bent ones.
  Curve red{}, green{}, blue{};
  // These to chroma, saturation included; 64 is one code per kFull.
  std::int16_t ur = 0, ug = 0, ub = 0, vr = 0, vg = 0, vb = 0;
};

// What a ChromaKey does, as numbers (mixer/chroma_key.h). Chroma codes, 128 taken off.
struct KeyNumbers {
  float u = 0, v = 0;    // of the wall
  float y = 0;           // likewise its luma, 16 taken off
  float dark_scale = 0;  // how far darker than the wall (codes) to a share of speaker
  float per_length = 0;
  float nearest = 1, farthest = 1;  // shares of (u, v): the stretch that is wall
  float scale = 0, offset = 0;      // distance to alpha 0..255
  // The wall's channel less each of the others: by u and v.
  std::array<float, 2> excess_u{}, excess_v{};
  float spill = 0, spill_left = 1;              // share taken off; what may stay at most, 0..1
  float spill_y = 0, spill_u = 0, spill_v = 0;  // codes per 1.0 of the wall's channel
};

struct EffectKernels {
  // Sum of n samples.
  std::uint64_t (*sum)(const std::uint8_t* p, int n);
  // out[i] = from + i * step to the nearest code. All of them lie in 0..255.
  void (*ramp)(std::uint8_t* out, int n, float from, float step);

  // n luma samples with (n + 1) / 2 chroma samples beside them.
  void (*correct_y)(const std::uint8_t* y, const std::uint8_t* u, const std::uint8_t* v,
                    std::uint8_t* out, int n, const CorrectionTable& t);
  // n chroma samples, with 2 n luma samples of two lines; in place allowed.
  void (*correct_uv)(const std::uint8_t* y0, const std::uint8_t* y1, const std::uint8_t* u,
                     const std::uint8_t* v, std::uint8_t* out_u, std::uint8_t* out_v, int n,
                     const CorrectionTable& t);

  // out = 3 near + far.
  void (*chroma_lines)(const std::uint8_t* near, const std::uint8_t* far, std::uint16_t* out,
                       int n);
  // Twice as many samples from n such sums; line[-1] and line[n] are read.
  void (*chroma_columns)(const std::uint16_t* line, std::uint8_t* out, int n);
  // n pixels with chroma for each: alpha, and the spill off y.
  void (*key_luma)(std::uint8_t* y, const std::uint8_t* u, const std::uint8_t* v,
                   std::uint8_t* alpha, int n, const KeyNumbers& k);
  // The spill off n chroma samples.
  void (*key_chroma)(std::uint8_t* u, std::uint8_t* v, int n, const KeyNumbers& k);
};

const EffectKernels& reference_effect_kernels();
const EffectKernels* avx2_effect_kernels();  // null when there is no AVX2
const EffectKernels& effect_kernels();       // the fastest this machine has

namespace effect_constants {
// Y'CbCr codes to entries of a CorrectionTable, 10 fractional bits (BT.709-6 §3, 8 bit limited).
inline constexpr int kShift = 10;
inline constexpr int kY = 9576, kRV = 14744, kGU = -1754, kGV = -4383, kBU = 17373;
inline constexpr int kBase = (1024 << kShift) + (1 << (kShift - 1)) - 16 * kY;
inline constexpr int kAddR = kBase - 128 * kRV, kAddG = kBase - 128 * (kGU + kGV),
                     kAddB = kBase - 128 * kBU;
// Results of the curves to luma, 20 fractional bits with kFull as 14 of them.
inline constexpr int kLumaR = 2980, kLumaG = 10024, kLumaB = 1012;
inline constexpr int kOutShift = 20;
inline constexpr int kAddY = (16 << kOutShift) + (1 << (kOutShift - 1));
inline constexpr int kAddC = (128 << kOutShift) + (1 << (kOutShift - 1));
static_assert(kLumaR + kLumaG + kLumaB == 219 * 64, "white is 235");
}  // namespace effect_constants

}  // namespace kakehashi
