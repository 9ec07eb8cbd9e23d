// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/effect_kernels.h"

namespace kakehashi {
namespace {

std::uint64_t sum(const std::uint8_t* p, int n) {
  std::uint64_t total = 0;
  for (int i = 0; i < n; ++i) total += p[i];
  return total;
}

void ramp(std::uint8_t* out, int n, float from, float step) {
  for (int i = 0; i < n; ++i)
    out[i] = static_cast<std::uint8_t>(from + static_cast<float>(i) * step + 0.5F);
}

}  // namespace

const EffectKernels& reference_effect_kernels() {
  static const EffectKernels table{sum, ramp};
  return table;
}

const EffectKernels& effect_kernels() {
  static const EffectKernels& best =
      avx2_effect_kernels() ? *avx2_effect_kernels() : reference_effect_kernels();
  return best;
}

}  // namespace kakehashi
