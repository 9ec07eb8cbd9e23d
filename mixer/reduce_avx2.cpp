// SPDX-License-Identifier: GPL-3.0-or-later
// The reducing loops 16 results at a time. The last, broken block is done again from n - 16 on:
// results are only written, so doing some of them twice changes nothing.
#include "mixer/reduce.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define KAKEHASHI_AVX2 __attribute__((target("avx2")))

namespace kakehashi {
namespace {

KAKEHASHI_AVX2 inline __m256i load(const std::uint8_t* p) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
}
KAKEHASHI_AVX2 inline __m256i load(const std::uint8_t* low, const std::uint8_t* high) {
  return _mm256_inserti128_si256(
      _mm256_castsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(low))),
      _mm_loadu_si128(reinterpret_cast<const __m128i*>(high)), 1);
}
KAKEHASHI_AVX2 inline void store_words(std::uint8_t* out, __m256i words) {
  _mm_storeu_si128(
      reinterpret_cast<__m128i*>(out),
      _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1)));
}

// One line's 16 sums of 1 7 7 1; at most 4080.
template <bool kLeft, bool kRight>
KAKEHASHI_AVX2 inline __m256i across(const std::uint8_t* p) {
  const __m256i front = _mm256_set1_epi16(0x0701), back = _mm256_set1_epi16(0x0107);
  __m256i before, behind;  // the 32 bytes, one place to the left and one to the right
  if (kLeft) {             // p[0] twice
    const __m128i repeat = _mm_setr_epi8(0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14);
    before = load(p, p + 15);
    before = _mm256_inserti128_si256(before,
                                     _mm_shuffle_epi8(_mm256_castsi256_si128(before), repeat), 0);
  } else {
    before = load(p - 1);
  }
  if (kRight) {  // p[31] twice
    const __m128i repeat = _mm_setr_epi8(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 15);
    behind = load(p + 1, p + 16);
    behind = _mm256_inserti128_si256(
        behind, _mm_shuffle_epi8(_mm256_extracti128_si256(behind, 1), repeat), 1);
  } else {
    behind = load(p + 1);
  }
  return _mm256_add_epi16(_mm256_maddubs_epi16(before, front), _mm256_maddubs_epi16(behind, back));
}

// At most 16 * 4080 + 128: an unsigned word holds it.
KAKEHASHI_AVX2 inline __m256i down(__m256i a, __m256i b, __m256i c, __m256i d) {
  const __m256i inner = _mm256_mullo_epi16(_mm256_add_epi16(b, c), _mm256_set1_epi16(7));
  const __m256i sum = _mm256_add_epi16(_mm256_add_epi16(a, d), inner);
  return _mm256_srli_epi16(_mm256_add_epi16(sum, _mm256_set1_epi16(128)), 8);
}

template <bool kLeft, bool kRight>
KAKEHASHI_AVX2 inline void half_16(const std::uint8_t* const* lines, std::uint8_t* out0,
                                   std::uint8_t* out1, int i) {
  const auto sum = [&](int l) KAKEHASHI_AVX2 { return across<kLeft, kRight>(lines[l] + 2 * i); };
  const __m256i c = sum(2), d = sum(3);
  store_words(out0 + i, down(sum(0), sum(1), c, d));
  store_words(out1 + i, down(c, d, sum(4), sum(5)));
}

KAKEHASHI_AVX2 inline void third_16(const std::uint8_t* const* lines, std::uint8_t* out, int i) {
  // Three bytes and a zero per result; the last four results from bytes 4.. of what is loaded, so
  // that nothing behind the 48th byte is read.
  const __m256i low_pick =
      _mm256_setr_epi8(0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11, -1,  //
                       0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11, -1);
  const __m256i high_pick =
      _mm256_setr_epi8(0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11, -1,  //
                       4, 5, 6, -1, 7, 8, 9, -1, 10, 11, 12, -1, 13, 14, 15, -1);
  const __m256i ones = _mm256_set1_epi8(1);
  __m256i low = _mm256_setzero_si256(), high = low;
  for (int l = 0; l < 3; ++l) {
    const std::uint8_t* p = lines[l] + 3 * i;
    const __m256i a = _mm256_shuffle_epi8(load(p, p + 12), low_pick);
    const __m256i b = _mm256_shuffle_epi8(load(p + 24, p + 32), high_pick);
    low = _mm256_add_epi16(low, _mm256_maddubs_epi16(a, ones));
    high = _mm256_add_epi16(high, _mm256_maddubs_epi16(b, ones));
  }
  __m256i sum = _mm256_hadd_epi16(low, high);  // 0..3, 8..11 | 4..7, 12..15
  // (s + 4) * 7282 >> 16 is (s + 4) / 9 for every s up to 9 * 255.
  sum = _mm256_mulhi_epu16(_mm256_add_epi16(sum, _mm256_set1_epi16(4)), _mm256_set1_epi16(7282));
  store_words(out + i, _mm256_permute4x64_epi64(sum, 0b11'01'10'00));
}

KAKEHASHI_AVX2 inline void quarter_16(const std::uint8_t* const* lines, std::uint8_t* out, int i) {
  const __m256i ones = _mm256_set1_epi8(1);
  __m256i low = _mm256_setzero_si256(), high = low;
  for (int l = 0; l < 4; ++l) {
    low = _mm256_add_epi16(low, _mm256_maddubs_epi16(load(lines[l] + 4 * i), ones));
    high = _mm256_add_epi16(high, _mm256_maddubs_epi16(load(lines[l] + 4 * i + 32), ones));
  }
  __m256i sum = _mm256_hadd_epi16(low, high);
  sum = _mm256_srli_epi16(_mm256_add_epi16(sum, _mm256_set1_epi16(8)), 4);
  store_words(out + i, _mm256_permute4x64_epi64(sum, 0b11'01'10'00));
}

template <int kLines>
KAKEHASHI_AVX2 __attribute__((always_inline)) inline void fetch(const Ahead& a, int from) {
  const std::uint8_t* p = a.first + from;
  for (int l = 0; l < kLines; ++l, p += a.stride) __builtin_prefetch(p);
}

KAKEHASHI_AVX2 void half(const std::uint8_t* const lines[6], std::uint8_t* out0, std::uint8_t* out1,
                         int n, Sides at, const Ahead& ahead) {
  if (n < 32) return reference_reducers().half(lines, out0, out1, n, at, ahead);
  // Copies: bytes that are written might otherwise be the pointers, as far as the compiler knows.
  const std::uint8_t* const from[] = {lines[0], lines[1], lines[2], lines[3], lines[4], lines[5]};
  const Ahead soon = ahead;
  fetch<4>(soon, 0);
  at.left ? half_16<true, false>(from, out0, out1, 0) : half_16<false, false>(from, out0, out1, 0);
  for (int i = 16; i + 16 < n; i += 16) {
    fetch<4>(soon, 2 * i);
    half_16<false, false>(from, out0, out1, i);
  }
  const int last = n - 16;
  at.right ? half_16<false, true>(from, out0, out1, last)
           : half_16<false, false>(from, out0, out1, last);
}
KAKEHASHI_AVX2 void third(const std::uint8_t* const lines[3], std::uint8_t* out, int n,
                          const Ahead& ahead) {
  if (n < 16) return reference_reducers().third(lines, out, n, ahead);
  const std::uint8_t* const from[] = {lines[0], lines[1], lines[2]};
  const Ahead soon = ahead;
  for (int i = 0; i + 16 <= n; i += 16) {
    fetch<3>(soon, 3 * i);
    third_16(from, out, i);
  }
  if (n % 16) third_16(from, out, n - 16);
}
KAKEHASHI_AVX2 void quarter(const std::uint8_t* const lines[4], std::uint8_t* out, int n,
                            const Ahead& ahead) {
  if (n < 16) return reference_reducers().quarter(lines, out, n, ahead);
  const std::uint8_t* const from[] = {lines[0], lines[1], lines[2], lines[3]};
  const Ahead soon = ahead;
  for (int i = 0; i + 16 <= n; i += 16) {
    fetch<4>(soon, 4 * i);
    quarter_16(from, out, i);
  }
  if (n % 16) quarter_16(from, out, n - 16);
}

}  // namespace

const Reducers* avx2_reducers() {
  static const Reducers table{half, third, quarter};
  static const bool have = __builtin_cpu_supports("avx2");
  return have ? &table : nullptr;
}

}  // namespace kakehashi

#else

namespace kakehashi {
const Reducers* avx2_reducers() { return nullptr; }
}  // namespace kakehashi

#endif
