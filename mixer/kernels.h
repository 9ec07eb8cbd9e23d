// SPDX-License-Identifier: GPL-3.0-or-later
// The pixel loops that libyuv does not have (BT.709 from RGB, change of matrix, scaling by any
// ratio without allocating, blending with a fade). Each exists as a plain reference loop and as
// AVX2; both give the same bytes, and tests compare them. Pure; any thread; n may be any number.
#pragma once

#include <cstdint>

#include "mixer/colour.h"

namespace kakehashi {

struct AxisTable;  // mixer/scale.h

struct Kernels {
  // n pixels B G R x to luma.
  void (*bgrx_to_y)(const std::uint8_t* bgrx, std::uint8_t* y, int n);
  // n chroma samples, each the mean of 2 x 2 pixels of two lines.
  void (*bgrx_to_uv)(const std::uint8_t* line0, const std::uint8_t* line1, std::uint8_t* u,
                     std::uint8_t* v, int n);

  // n luma samples with (n + 1) / 2 chroma samples beside them. `out` may be `y`.
  void (*recolour_y)(const std::uint8_t* y, const std::uint8_t* u, const std::uint8_t* v,
                     std::uint8_t* out, int n, const Recolour& c);
  // n chroma samples, in place allowed.
  void (*recolour_uv)(const std::uint8_t* u, const std::uint8_t* v, std::uint8_t* out_u,
                      std::uint8_t* out_v, int n, const Recolour& c);

  // dst = dst + (src - dst) * alpha * opacity, alpha 0..255, opacity 0..256, to the nearest code.
  void (*blend)(std::uint8_t* dst, const std::uint8_t* src, const std::uint8_t* alpha, int opacity,
                int n);
  // The same for n chroma samples; alpha is the mean of 2 x 2 of the two full-size lines.
  void (*blend_chroma)(std::uint8_t* dst, const std::uint8_t* src, const std::uint8_t* alpha0,
                       const std::uint8_t* alpha1, int opacity, int n);

  // out[x] = sum over k of line k at x, times weights[k]; weights add up to 256.
  void (*scale_lines)(const std::uint8_t* first, int stride, const std::int16_t* weights, int taps,
                      std::uint8_t* out, int n);
  // out[x] = sum over k of line[start[i] + k] times weight(i, k), i = first + x, by a table for
  // columns; first is a multiple of 8. Reads up to 16 bytes past the last sample a table names.
  void (*scale_columns)(const std::uint8_t* line, const AxisTable& table, int first,
                        std::uint8_t* out, int n);
};

const Kernels& reference_kernels();
const Kernels* avx2_kernels();  // null when this processor or this build has no AVX2
const Kernels& kernels();       // the fastest this machine has

}  // namespace kakehashi
