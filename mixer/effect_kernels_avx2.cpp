// SPDX-License-Identifier: GPL-3.0-or-later
// What does not fill a register at the end of a line goes to the reference loop.
#include "mixer/effect_kernels.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define KAKEHASHI_AVX2 __attribute__((target("avx2")))

namespace kakehashi {
namespace {

using namespace effect_constants;

KAKEHASHI_AVX2 inline __m256i load(const void* p) {
  return _mm256_loadu_si256(static_cast<const __m256i*>(p));
}
KAKEHASHI_AVX2 inline __m256i load_16(const std::uint8_t* p) {  // 16 bytes as words
  return _mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
}
KAKEHASHI_AVX2 inline __m256i load_8(const std::uint8_t* p) {  // 8 bytes as int32
  return _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p)));
}
KAKEHASHI_AVX2 inline void store_8(std::uint8_t* out, __m256i words) {  // 8 int32 as bytes
  const __m128i packed =
      _mm_packs_epi32(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
  _mm_storel_epi64(reinterpret_cast<__m128i*>(out), _mm_packus_epi16(packed, packed));
}

KAKEHASHI_AVX2 std::uint64_t sum(const std::uint8_t* p, int n) {
  __m256i total = _mm256_setzero_si256();
  int i = 0;
  for (; i + 32 <= n; i += 32)
    total = _mm256_add_epi64(total, _mm256_sad_epu8(load(p + i), _mm256_setzero_si256()));
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
    store_8(out + i, _mm256_cvttps_epi32(v));
    index = _mm256_add_ps(index, _mm256_set1_ps(8));
  }
  for (; i < n; ++i)
    // NOLINTNEXTLINE(bugprone-incorrect-roundings): as the vectors above round, never below 0
    out[i] = static_cast<std::uint8_t>(from + static_cast<float>(i) * step + 0.5F);
}

KAKEHASHI_AVX2 inline __m256i pair16(int low, int high) {
  return _mm256_set1_epi32((low & 0xFFFF) | static_cast<int>(static_cast<unsigned>(high) << 16));
}

// Where in its curve a sum of channel numbers lies, and what stands there (and what stands next to
// it, in the upper word).
KAKEHASHI_AVX2 inline __m256i look_up(const CorrectionTable::Curve& curve, __m256i sum) {
  const __m256i last = _mm256_set1_epi32(CorrectionTable::kEntries - 1);
  const __m256i at = _mm256_max_epi32(_mm256_min_epi32(_mm256_srai_epi32(sum, kShift), last),
                                      _mm256_setzero_si256());
  return _mm256_i32gather_epi32(reinterpret_cast<const int*>(curve.data()), at, 2);
}

struct Corrected {
  __m256i rg, b;  // words R G and B 0
};
// 8 pixels: y, u, v as int32.
KAKEHASHI_AVX2 inline Corrected corrected(__m256i y, __m256i u, __m256i v,
                                          const CorrectionTable& t) {
  const __m256i yv = _mm256_or_si256(y, _mm256_slli_epi32(v, 16));
  const __m256i yu = _mm256_or_si256(y, _mm256_slli_epi32(u, 16));
  const __m256i r =
      _mm256_add_epi32(_mm256_madd_epi16(yv, pair16(kY, kRV)), _mm256_set1_epi32(kAddR));
  const __m256i g = _mm256_add_epi32(_mm256_add_epi32(_mm256_madd_epi16(yv, pair16(kY, kGV)),
                                                      _mm256_madd_epi16(u, pair16(kGU, 0))),
                                     _mm256_set1_epi32(kAddG));
  const __m256i b =
      _mm256_add_epi32(_mm256_madd_epi16(yu, pair16(kY, kBU)), _mm256_set1_epi32(kAddB));
  const __m256i low = _mm256_set1_epi32(0xFFFF);
  return {_mm256_or_si256(_mm256_and_si256(look_up(t.red, r), low),
                          _mm256_slli_epi32(look_up(t.green, g), 16)),
          _mm256_and_si256(look_up(t.blue, b), low)};
}
KAKEHASHI_AVX2 inline __m256i weighted(const Corrected& c, int r, int g, int b, int add) {
  const __m256i sum =
      _mm256_add_epi32(_mm256_madd_epi16(c.rg, pair16(r, g)), _mm256_madd_epi16(c.b, pair16(b, 0)));
  return _mm256_srai_epi32(_mm256_add_epi32(sum, _mm256_set1_epi32(add)), kOutShift);
}

KAKEHASHI_AVX2 void correct_y(const std::uint8_t* y, const std::uint8_t* u, const std::uint8_t* v,
                              std::uint8_t* out, int n, const CorrectionTable& t) {
  const __m256i twice = _mm256_setr_epi32(0, 0, 1, 1, 2, 2, 3, 3);
  const __m256i twice_more = _mm256_setr_epi32(4, 4, 5, 5, 6, 6, 7, 7);
  int i = 0;
  for (; i + 16 <= n; i += 16) {
    const __m256i u8 = load_8(u + i / 2), v8 = load_8(v + i / 2);
    store_8(out + i, weighted(corrected(load_8(y + i), _mm256_permutevar8x32_epi32(u8, twice),
                                        _mm256_permutevar8x32_epi32(v8, twice), t),
                              kLumaR, kLumaG, kLumaB, kAddY));
    store_8(out + i + 8,
            weighted(corrected(load_8(y + i + 8), _mm256_permutevar8x32_epi32(u8, twice_more),
                               _mm256_permutevar8x32_epi32(v8, twice_more), t),
                     kLumaR, kLumaG, kLumaB, kAddY));
  }
  reference_effect_kernels().correct_y(y + i, u + i / 2, v + i / 2, out + i, n - i, t);
}

KAKEHASHI_AVX2 void correct_uv(const std::uint8_t* y0, const std::uint8_t* y1,
                               const std::uint8_t* u, const std::uint8_t* v, std::uint8_t* out_u,
                               std::uint8_t* out_v, int n, const CorrectionTable& t) {
  const __m256i ones = _mm256_set1_epi16(1);
  int i = 0;
  for (; i + 8 <= n; i += 8) {
    const __m256i lines = _mm256_add_epi16(load_16(y0 + 2 * i), load_16(y1 + 2 * i));
    const __m256i y = _mm256_srli_epi32(
        _mm256_add_epi32(_mm256_madd_epi16(lines, ones), _mm256_set1_epi32(2)), 2);
    const Corrected c = corrected(y, load_8(u + i), load_8(v + i), t);
    store_8(out_u + i, weighted(c, t.ur, t.ug, t.ub, kAddC));
    store_8(out_v + i, weighted(c, t.vr, t.vg, t.vb, kAddC));
  }
  reference_effect_kernels().correct_uv(y0 + 2 * i, y1 + 2 * i, u + i, v + i, out_u + i, out_v + i,
                                        n - i, t);
}

KAKEHASHI_AVX2 void chroma_lines(const std::uint8_t* near, const std::uint8_t* far,
                                 std::uint16_t* out, int n) {
  const __m256i three = _mm256_set1_epi16(3);
  int i = 0;
  for (; i + 16 <= n; i += 16)
    _mm256_storeu_si256(
        reinterpret_cast<__m256i*>(out + i),
        _mm256_add_epi16(_mm256_mullo_epi16(load_16(near + i), three), load_16(far + i)));
  reference_effect_kernels().chroma_lines(near + i, far + i, out + i, n - i);
}

KAKEHASHI_AVX2 void chroma_columns(const std::uint16_t* line, std::uint8_t* out, int n) {
  const __m256i three = _mm256_set1_epi16(3), eight = _mm256_set1_epi16(8);
  int i = 0;
  for (; i + 16 <= n; i += 16) {
    const __m256i here = _mm256_add_epi16(_mm256_mullo_epi16(load(line + i), three), eight);
    const __m256i left = _mm256_srli_epi16(_mm256_add_epi16(here, load(line + i - 1)), 4);
    const __m256i right = _mm256_srli_epi16(_mm256_add_epi16(here, load(line + i + 1)), 4);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + 2 * i),
                        _mm256_or_si256(left, _mm256_slli_epi16(right, 8)));
  }
  reference_effect_kernels().chroma_columns(line + i, out + 2 * i, n - i);
}

struct Keyed {
  __m256 light, alpha, spill;
};
KAKEHASHI_AVX2 inline __m256 excess_over(__m256 u, __m256 v, const KeyNumbers& k, std::size_t i) {
  return _mm256_add_ps(_mm256_mul_ps(u, _mm256_set1_ps(k.excess_u[i])),
                       _mm256_mul_ps(v, _mm256_set1_ps(k.excess_v[i])));
}
KAKEHASHI_AVX2 inline Keyed keyed(__m256 u, __m256 v, const KeyNumbers& k) {
  const __m256 ku = _mm256_set1_ps(k.u), kv = _mm256_set1_ps(k.v);
  const __m256 along = _mm256_mul_ps(_mm256_add_ps(_mm256_mul_ps(u, ku), _mm256_mul_ps(v, kv)),
                                     _mm256_set1_ps(k.per_length));
  const __m256 share =
      _mm256_min_ps(_mm256_max_ps(along, _mm256_set1_ps(k.nearest)), _mm256_set1_ps(k.farthest));
  const __m256 du = _mm256_sub_ps(u, _mm256_mul_ps(share, ku));
  const __m256 dv = _mm256_sub_ps(v, _mm256_mul_ps(share, kv));
  const __m256 distance =
      _mm256_sqrt_ps(_mm256_add_ps(_mm256_mul_ps(du, du), _mm256_mul_ps(dv, dv)));
  const __m256 zero = _mm256_setzero_ps(), one = _mm256_set1_ps(1.0F);
  const __m256 alpha = _mm256_min_ps(
      _mm256_max_ps(
          _mm256_add_ps(_mm256_mul_ps(distance, _mm256_set1_ps(k.scale)), _mm256_set1_ps(k.offset)),
          zero),
      _mm256_set1_ps(255.0F));
  const __m256 excess =
      _mm256_max_ps(_mm256_min_ps(excess_over(u, v, k, 0), excess_over(u, v, k, 1)), zero);
  const __m256 wall = _mm256_sub_ps(one, _mm256_mul_ps(alpha, _mm256_set1_ps(1.0F / 255.0F)));
  const __m256 off =
      _mm256_add_ps(_mm256_set1_ps(k.spill), _mm256_mul_ps(_mm256_set1_ps(1.0F - k.spill), wall));
  return {_mm256_min_ps(along, _mm256_set1_ps(k.farthest)), alpha,
          _mm256_max_ps(_mm256_mul_ps(excess, off),
                        _mm256_sub_ps(excess, _mm256_set1_ps(k.spill_left)))};
}
KAKEHASHI_AVX2 inline __m256i rounded(__m256 v) {
  return _mm256_cvttps_epi32(_mm256_add_ps(v, _mm256_set1_ps(0.5F)));
}
KAKEHASHI_AVX2 inline __m256 load_float(const std::uint8_t* p) {
  return _mm256_cvtepi32_ps(load_8(p));
}

KAKEHASHI_AVX2 void key_luma(std::uint8_t* y, const std::uint8_t* u, const std::uint8_t* v,
                             std::uint8_t* alpha, int n, const KeyNumbers& k) {
  const __m256 grey = _mm256_set1_ps(128.0F), black = _mm256_set1_ps(16.0F);
  const __m256 one = _mm256_set1_ps(1.0F);
  int i = 0;
  for (; i + 8 <= n; i += 8) {
    const Keyed result =
        keyed(_mm256_sub_ps(load_float(u + i), grey), _mm256_sub_ps(load_float(v + i), grey), k);
    const __m256 luma = load_float(y + i);
    const __m256 missing =
        _mm256_sub_ps(_mm256_mul_ps(result.light, _mm256_set1_ps(k.y)), _mm256_sub_ps(luma, black));
    const __m256 dark = _mm256_min_ps(
        _mm256_max_ps(_mm256_mul_ps(missing, _mm256_set1_ps(k.dark_scale)), _mm256_setzero_ps()),
        one);
    store_8(alpha + i,
            rounded(_mm256_max_ps(result.alpha, _mm256_mul_ps(dark, _mm256_set1_ps(255.0F)))));
    const __m256 off = _mm256_mul_ps(_mm256_mul_ps(result.spill, _mm256_sub_ps(one, dark)),
                                     _mm256_set1_ps(k.spill_y));
    store_8(y + i, rounded(_mm256_max_ps(_mm256_sub_ps(luma, off), black)));
  }
  reference_effect_kernels().key_luma(y + i, u + i, v + i, alpha + i, n - i, k);
}

KAKEHASHI_AVX2 void key_chroma(std::uint8_t* u, std::uint8_t* v, int n, const KeyNumbers& k) {
  const __m256 grey = _mm256_set1_ps(128.0F);
  int i = 0;
  for (; i + 8 <= n; i += 8) {
    const __m256 fu = load_float(u + i), fv = load_float(v + i);
    const Keyed result = keyed(_mm256_sub_ps(fu, grey), _mm256_sub_ps(fv, grey), k);
    store_8(u + i,
            rounded(_mm256_sub_ps(fu, _mm256_mul_ps(result.spill, _mm256_set1_ps(k.spill_u)))));
    store_8(v + i,
            rounded(_mm256_sub_ps(fv, _mm256_mul_ps(result.spill, _mm256_set1_ps(k.spill_v)))));
  }
  reference_effect_kernels().key_chroma(u + i, v + i, n - i, k);
}

}  // namespace

const EffectKernels* avx2_effect_kernels() {
  static const EffectKernels table{sum,          ramp,           correct_y, correct_uv,
                                   chroma_lines, chroma_columns, key_luma,  key_chroma};
  static const bool have = __builtin_cpu_supports("avx2");
  return have ? &table : nullptr;
}

}  // namespace kakehashi

#else

namespace kakehashi {
const EffectKernels* avx2_effect_kernels() { return nullptr; }
}  // namespace kakehashi

#endif
