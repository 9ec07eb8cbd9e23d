// SPDX-License-Identifier: GPL-3.0-or-later
// The same loops, 8 to 32 samples at a time. Compiled for AVX2 by attribute and chosen at run time,
// so one program runs on every x86-64. What is left over at the end of a line goes to the
// reference loop.
#include "mixer/kernels.h"
#include "mixer/kernels_constants.h"
#include "mixer/scale.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include <cstring>

#define KAKEHASHI_AVX2 __attribute__((target("avx2")))

namespace kakehashi {
namespace {

using namespace kernel_constants;

KAKEHASHI_AVX2 inline __m256i load(const void* p) {
  return _mm256_loadu_si256(static_cast<const __m256i*>(p));
}
KAKEHASHI_AVX2 inline __m128i load_half(const void* p) {
  return _mm_loadu_si128(static_cast<const __m128i*>(p));
}
KAKEHASHI_AVX2 inline __m128i load_8(const void* p) {
  return _mm_loadl_epi64(static_cast<const __m128i*>(p));
}
KAKEHASHI_AVX2 inline __m256i quad16(int a, int b, int c, int d) {
  return _mm256_set1_epi64x(
      static_cast<long long>(static_cast<std::uint64_t>(static_cast<std::uint16_t>(d)) << 48 |
                             static_cast<std::uint64_t>(static_cast<std::uint16_t>(c)) << 32 |
                             static_cast<std::uint64_t>(static_cast<std::uint16_t>(b)) << 16 |
                             static_cast<std::uint16_t>(a)));
}
KAKEHASHI_AVX2 inline __m256i pair16(int a, int b) { return quad16(a, b, a, b); }

// A factor of 15 bits as two bytes, so that bytes of pixels are multiplied without unpacking them.
struct SplitFactor {
  int high, low;
};
constexpr SplitFactor split(int factor) {
  const int high = (factor + 128) >> 8;
  return {high, factor - 256 * high};
}
KAKEHASHI_AVX2 inline __m256i quad8(int a, int b, int c) {
  return _mm256_set1_epi32((a & 0xFF) | (b & 0xFF) << 8 | (c & 0xFF) << 16);
}

// 8 pixels -> 8 x int32, in order.
KAKEHASHI_AVX2 inline __m256i luma_of_8(const std::uint8_t* p) {
  constexpr SplitFactor b = split(kYB), g = split(kYG), r = split(kYR);
  const __m256i pixels = load(p);
  const __m256i high = _mm256_maddubs_epi16(pixels, quad8(b.high, g.high, r.high));
  const __m256i low = _mm256_maddubs_epi16(pixels, quad8(b.low, g.low, r.low));
  const __m256i sum = _mm256_add_epi32(_mm256_madd_epi16(high, _mm256_set1_epi16(256)),
                                       _mm256_madd_epi16(low, _mm256_set1_epi16(1)));
  return _mm256_srai_epi32(_mm256_add_epi32(sum, _mm256_set1_epi32(kYAdd)), kYShift);
}

KAKEHASHI_AVX2 void bgrx_to_y(const std::uint8_t* p, std::uint8_t* y, int n) {
  // The packs work within halves and leave groups of four pixels in the order 0 2 4 6 1 3 5 7.
  const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
  int i = 0;
  for (; i + 32 <= n; i += 32, p += 128) {
    const __m256i ab = _mm256_packs_epi32(luma_of_8(p), luma_of_8(p + 32));
    const __m256i cd = _mm256_packs_epi32(luma_of_8(p + 64), luma_of_8(p + 96));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(y + i),
                        _mm256_permutevar8x32_epi32(_mm256_packus_epi16(ab, cd), order));
  }
  reference_kernels().bgrx_to_y(p, y + i, n - i);
}

// 8 pixels of two lines -> sums of 2 x 2, words B G R 0, four times.
KAKEHASHI_AVX2 inline __m256i sums_of_4(const std::uint8_t* a, const std::uint8_t* b) {
  // Brings the same channel of two pixels together: B B G G R R - -.
  const __m256i pairs = _mm256_broadcastsi128_si256(
      _mm_setr_epi8(0, 4, 1, 5, 2, 6, -1, -1, 8, 12, 9, 13, 10, 14, -1, -1));
  const __m256i ones = _mm256_set1_epi8(1);
  return _mm256_add_epi16(_mm256_maddubs_epi16(_mm256_shuffle_epi8(load(a), pairs), ones),
                          _mm256_maddubs_epi16(_mm256_shuffle_epi8(load(b), pairs), ones));
}

KAKEHASHI_AVX2 void bgrx_to_uv(const std::uint8_t* a, const std::uint8_t* b, std::uint8_t* u,
                               std::uint8_t* v, int n) {
  const __m256i fu = quad16(kUB, kUG, kUR, 0), fv = quad16(kVB, kVG, kVR, 0);
  const __m256i add = _mm256_set1_epi32(kUVAdd);
  int i = 0;
  for (; i + 8 <= n; i += 8, a += 64, b += 64) {
    const __m256i s0 = sums_of_4(a, b), s1 = sums_of_4(a + 32, b + 32);
    const __m256i us = _mm256_hadd_epi32(_mm256_madd_epi16(s0, fu), _mm256_madd_epi16(s1, fu));
    const __m256i vs = _mm256_hadd_epi32(_mm256_madd_epi16(s0, fv), _mm256_madd_epi16(s1, fv));
    const __m256i u32 = _mm256_srai_epi32(_mm256_add_epi32(us, add), kUVShift);
    const __m256i v32 = _mm256_srai_epi32(_mm256_add_epi32(vs, add), kUVShift);
    const __m256i words = _mm256_packs_epi32(u32, v32);  // u 0 1 4 5, v 0 1 4 5 | u 2 3 6 7, v ...
    const __m256i bytes = _mm256_packus_epi16(words, words);
    const __m128i sorted =
        _mm_unpacklo_epi16(_mm256_castsi256_si128(bytes), _mm256_extracti128_si256(bytes, 1));
    _mm_storel_epi64(reinterpret_cast<__m128i*>(u + i), sorted);
    _mm_storel_epi64(reinterpret_cast<__m128i*>(v + i), _mm_srli_si128(sorted, 8));
  }
  reference_kernels().bgrx_to_uv(a, b, u + i, v + i, n - i);
}

KAKEHASHI_AVX2 inline __m128i pack_16(__m256i words) {  // 16 words in order -> 16 bytes
  return _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
}

KAKEHASHI_AVX2 void recolour_y(const std::uint8_t* y, const std::uint8_t* u, const std::uint8_t* v,
                               std::uint8_t* out, int n, const Recolour& c) {
  const __m256i fyu = pair16(c.yy, c.yu), fv = pair16(c.yv, 0), add = _mm256_set1_epi32(c.y0);
  const __m256i zero = _mm256_setzero_si256();
  int i = 0;
  for (; i + 16 <= n; i += 16) {
    const __m128i u8 = load_8(u + i / 2), v8 = load_8(v + i / 2);
    const __m256i yw = _mm256_cvtepu8_epi16(load_half(y + i));
    const __m256i uw = _mm256_cvtepu8_epi16(_mm_unpacklo_epi8(u8, u8));
    const __m256i vw = _mm256_cvtepu8_epi16(_mm_unpacklo_epi8(v8, v8));
    __m256i low = _mm256_add_epi32(_mm256_madd_epi16(_mm256_unpacklo_epi16(yw, uw), fyu),
                                   _mm256_madd_epi16(_mm256_unpacklo_epi16(vw, zero), fv));
    __m256i high = _mm256_add_epi32(_mm256_madd_epi16(_mm256_unpackhi_epi16(yw, uw), fyu),
                                    _mm256_madd_epi16(_mm256_unpackhi_epi16(vw, zero), fv));
    low = _mm256_srai_epi32(_mm256_add_epi32(low, add), 14);
    high = _mm256_srai_epi32(_mm256_add_epi32(high, add), 14);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + i), pack_16(_mm256_packs_epi32(low, high)));
  }
  reference_kernels().recolour_y(y + i, u + i / 2, v + i / 2, out + i, n - i, c);
}

KAKEHASHI_AVX2 inline __m128i recolour_16(__m256i low, __m256i high, __m256i f, __m256i add) {
  const __m256i a = _mm256_srai_epi32(_mm256_add_epi32(_mm256_madd_epi16(low, f), add), 14);
  const __m256i b = _mm256_srai_epi32(_mm256_add_epi32(_mm256_madd_epi16(high, f), add), 14);
  return pack_16(_mm256_packs_epi32(a, b));
}

KAKEHASHI_AVX2 void recolour_uv(const std::uint8_t* u, const std::uint8_t* v, std::uint8_t* out_u,
                                std::uint8_t* out_v, int n, const Recolour& c) {
  const __m256i fu = pair16(c.uu, c.uv), fv = pair16(c.vu, c.vv);
  const __m256i add_u = _mm256_set1_epi32(c.u0), add_v = _mm256_set1_epi32(c.v0);
  int i = 0;
  for (; i + 16 <= n; i += 16) {
    const __m256i uw = _mm256_cvtepu8_epi16(load_half(u + i));
    const __m256i vw = _mm256_cvtepu8_epi16(load_half(v + i));
    const __m256i low = _mm256_unpacklo_epi16(uw, vw), high = _mm256_unpackhi_epi16(uw, vw);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out_u + i), recolour_16(low, high, fu, add_u));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out_v + i), recolour_16(low, high, fv, add_v));
  }
  reference_kernels().recolour_uv(u + i, v + i, out_u + i, out_v + i, n - i, c);
}

// 16 words each; t / 255 exactly, as in the reference. t <= 65153 fits an unsigned word.
KAKEHASHI_AVX2 inline __m256i over(__m256i dst, __m256i src, __m256i alpha) {
  const __m256i inverse = _mm256_sub_epi16(_mm256_set1_epi16(255), alpha);
  __m256i t = _mm256_add_epi16(_mm256_mullo_epi16(dst, inverse), _mm256_mullo_epi16(src, alpha));
  t = _mm256_add_epi16(t, _mm256_set1_epi16(128));
  return _mm256_srli_epi16(_mm256_add_epi16(t, _mm256_srli_epi16(t, 8)), 8);
}

KAKEHASHI_AVX2 void blend(std::uint8_t* dst, const std::uint8_t* src, const std::uint8_t* alpha,
                          int opacity, int n) {
  const __m256i fade = _mm256_set1_epi16(static_cast<std::int16_t>(opacity));
  int i = 0;
  for (; i + 16 <= n; i += 16) {
    const __m256i a = _mm256_cvtepu8_epi16(load_half(alpha + i));
    const __m256i faded = _mm256_srli_epi16(_mm256_mullo_epi16(a, fade), 8);
    const __m256i mixed = over(_mm256_cvtepu8_epi16(load_half(dst + i)),
                               _mm256_cvtepu8_epi16(load_half(src + i)), faded);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(dst + i), pack_16(mixed));
  }
  reference_kernels().blend(dst + i, src + i, alpha + i, opacity, n - i);
}

KAKEHASHI_AVX2 void blend_chroma(std::uint8_t* dst, const std::uint8_t* src, const std::uint8_t* a,
                                 const std::uint8_t* b, int opacity, int n) {
  const __m256i fade = _mm256_set1_epi16(static_cast<std::int16_t>(opacity));
  const __m256i ones = _mm256_set1_epi8(1), two = _mm256_set1_epi16(2);
  int i = 0;
  for (; i + 16 <= n; i += 16) {
    const __m256i sum = _mm256_add_epi16(_mm256_maddubs_epi16(load(a + 2 * i), ones),
                                         _mm256_maddubs_epi16(load(b + 2 * i), ones));
    const __m256i alpha = _mm256_srli_epi16(_mm256_add_epi16(sum, two), 2);
    const __m256i faded = _mm256_srli_epi16(_mm256_mullo_epi16(alpha, fade), 8);
    const __m256i mixed = over(_mm256_cvtepu8_epi16(load_half(dst + i)),
                               _mm256_cvtepu8_epi16(load_half(src + i)), faded);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(dst + i), pack_16(mixed));
  }
  reference_kernels().blend_chroma(dst + i, src + i, a + 2 * i, b + 2 * i, opacity, n - i);
}

KAKEHASHI_AVX2 void scale_lines(const std::uint8_t* first, int stride, const std::int16_t* weights,
                                int taps, std::uint8_t* out, int n) {
  const __m256i half = _mm256_set1_epi16(128);
  int x = 0;
  for (; x + 32 <= n; x += 32) {
    __m256i low = half, high = half;  // <= 255 * 256 + 128: fits an unsigned word
    const std::uint8_t* p = first + x;
    for (int k = 0; k < taps; ++k, p += stride) {
      const __m256i w = _mm256_set1_epi16(weights[k]);
      low = _mm256_add_epi16(low, _mm256_mullo_epi16(_mm256_cvtepu8_epi16(load_half(p)), w));
      high = _mm256_add_epi16(high, _mm256_mullo_epi16(_mm256_cvtepu8_epi16(load_half(p + 16)), w));
    }
    const __m256i bytes =
        _mm256_packus_epi16(_mm256_srli_epi16(low, 8), _mm256_srli_epi16(high, 8));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + x),
                        _mm256_permute4x64_epi64(bytes, 0b11'01'10'00));
  }
  reference_kernels().scale_lines(first + x, stride, weights, taps, out + x, n - x);
}

KAKEHASHI_AVX2 void scale_columns(const std::uint8_t* line, const AxisTable& t, int first,
                                  std::uint8_t* out, int n) {
  if (!t.windows_fit) return reference_kernels().scale_columns(line, t, first, out, n);
  const __m256i round = _mm256_set1_epi32(8192);
  const std::int32_t* start = t.start.data() + first;
  const std::int16_t* weights = t.weights.data() + static_cast<std::ptrdiff_t>(first) * t.taps;
  const std::uint8_t* shuffle = t.shuffle.data() + static_cast<std::ptrdiff_t>(first) * 4;
  const int pairs = t.taps / 2;
  for (int x = 0; x < n; x += 8, start += 8, shuffle += 32) {
    // Results 0..3 come out of 16 bytes from start[0] on, results 4..7 out of 16 from start[4] on.
    const std::uint8_t* left = line + start[0];
    const std::uint8_t* right = line + start[4];
    const __m256i pick = load(shuffle);
    __m256i sum = round;
    for (int p = 0; p < pairs; ++p, weights += 16) {
      const __m256i window = _mm256_inserti128_si256(
          _mm256_castsi128_si256(load_half(left + 2 * p)), load_half(right + 2 * p), 1);
      sum = _mm256_add_epi32(sum,
                             _mm256_madd_epi16(_mm256_shuffle_epi8(window, pick), load(weights)));
    }
    sum = _mm256_srai_epi32(sum, 14);
    const __m128i words =
        _mm_packs_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
    const __m128i bytes = _mm_packus_epi16(words, words);
    if (n - x >= 8) {
      _mm_storel_epi64(reinterpret_cast<__m128i*>(out + x), bytes);
    } else {
      std::uint8_t tail[16];
      _mm_storeu_si128(reinterpret_cast<__m128i*>(tail), bytes);
      std::memcpy(out + x, tail, static_cast<std::size_t>(n - x));
    }
  }
}

}  // namespace

const Kernels* avx2_kernels() {
  static const Kernels table{bgrx_to_y, bgrx_to_uv,   recolour_y,  recolour_uv,
                             blend,     blend_chroma, scale_lines, scale_columns};
  static const bool have = __builtin_cpu_supports("avx2");
  return have ? &table : nullptr;
}

}  // namespace kakehashi

#else

namespace kakehashi {
const Kernels* avx2_kernels() { return nullptr; }
}  // namespace kakehashi

#endif
