// SPDX-License-Identifier: GPL-3.0-or-later
// The pixel loops of LayerLook. As in mixer/kernels.h: each as a plain reference loop and as AVX2
// with the same bytes, compared by tests. Pure; any thread; n may be any number.
#pragma once

#include <cstdint>

namespace kakehashi {

struct EffectKernels {
  // Sum of n samples.
  std::uint64_t (*sum)(const std::uint8_t* p, int n);
  // out[i] = from + i * step to the nearest code. All of them lie in 0..255.
  void (*ramp)(std::uint8_t* out, int n, float from, float step);
};

const EffectKernels& reference_effect_kernels();
const EffectKernels* avx2_effect_kernels();  // null when there is no AVX2
const EffectKernels& effect_kernels();       // the fastest this machine has

}  // namespace kakehashi
