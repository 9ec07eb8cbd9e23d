// SPDX-License-Identifier: GPL-3.0-or-later
// What does not fill a register at the end of a line goes to the reference loop.
#include "mixer/effect_kernels.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define KAKEHASHI_AVX2 __attribute__((target("avx2")))

namespace kakehashi {
namespace {

KAKEHASHI_AVX2 std::uint64_t sum(const std::uint8_t* p, int n) {
  __m256i total = _mm256_setzero_si256();
  int i = 0;
  for (; i + 32 <= n; i += 32)
    total = _mm256_add_epi64(
        total, _mm256_sad_epu8(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p + i)),
                               _mm256_setzero_si256()));
  const __m128i half =
      _mm_add_epi64(_mm256_castsi256_si128(total), _mm256_extracti128_si256(total, 1));
  return static_cast<std::uint64_t>(_mm_extract_epi64(half, 0)) +
         static_cast<std::uint64_t>(_mm_extract_epi64(half, 1)) +
         reference_effect_kernels().sum(p + i, n - i);
}

KAKEHASHI_AVX2 void ramp(std::uint8_t* out, int n, float from, float step) {
  const __m256 base = _mm256_set1_ps(from), slope = _mm256_set1_ps(step);
  const __m256 half = _mm256_set1_ps(0.5F);
  __m256 index = _mm256_setr_ps(0, 1, 2, 3, 4, 5, 6, 7);
  int i = 0;
  for (; i + 8 <= n; i += 8) {
    const __m256 v = _mm256_add_ps(_mm256_add_ps(base, _mm256_mul_ps(index, slope)), half);
    const __m256i words = _mm256_cvttps_epi32(v);
    const __m128i packed =
        _mm_packus_epi32(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
    _mm_storel_epi64(reinterpret_cast<__m128i*>(out + i), _mm_packus_epi16(packed, packed));
    index = _mm256_add_ps(index, _mm256_set1_ps(8));
  }
  for (; i < n; ++i) out[i] = static_cast<std::uint8_t>(from + static_cast<float>(i) * step + 0.5F);
}

}  // namespace

const EffectKernels* avx2_effect_kernels() {
  static const EffectKernels table{sum, ramp};
  static const bool have = __builtin_cpu_supports("avx2");
  return have ? &table : nullptr;
}

}  // namespace kakehashi

#else

namespace kakehashi {
const EffectKernels* avx2_effect_kernels() { return nullptr; }
}  // namespace kakehashi

#endif
