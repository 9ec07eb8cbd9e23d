// SPDX-License-Identifier: GPL-3.0-or-later
// AVX2 against the plain loops, byte for byte, over odd lengths, odd offsets and extreme values.
#include "mixer/effect_kernels.h"

#include <doctest/doctest.h>

#include <random>
#include <vector>

#include "mixer/chroma_key.h"
#include "mixer/colour_correction.h"
#include "tests/mixer/bytes.h"

namespace kakehashi {
namespace {

using testing::Bytes;
using testing::kGuard;
using testing::kMark;
using testing::marked;
using testing::noise;

Bytes begun(const Bytes& with, int n, int offset) {
  Bytes b = marked(n);
  std::copy_n(with.begin() + offset, n, b.begin());
  return b;
}

template <class Body>
void compare(Body body) {
  const EffectKernels* fast = avx2_effect_kernels();
  if (!fast) {
    MESSAGE("no AVX2 on this machine: nothing to compare");
    return;
  }
  for (const int n : {0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 127, 640, 961})
    for (const int offset : {0, 1, 3}) {
      const Bytes expected = body(reference_effect_kernels(), n, offset);
      CAPTURE(n);
      CAPTURE(offset);
      REQUIRE(body(*fast, n, offset) == expected);
      for (int g = 0; g < kGuard; ++g)
        REQUIRE(expected[expected.size() - static_cast<std::size_t>(g) - 1] == kMark);
    }
}

Bytes joined(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

TEST_CASE("sums and ramps: AVX2 is the reference") {
  const Bytes a = noise(2048, 1);
  compare([&](const EffectKernels& k, int n, int o) {
    Bytes out = marked(8);
    const std::uint64_t sum = k.sum(a.data() + o, n);
    for (std::size_t i = 0; i < 8; ++i) out[i] = static_cast<std::uint8_t>(sum >> (8 * i));
    return out;
  });
  for (const auto& [from, to] : {std::pair{0.F, 255.F}, {255.F, 0.F}, {16.4F, 17.6F}, {99.F, 99.F}})
    compare([&, from = from, to = to](const EffectKernels& k, int n, int) {
      Bytes out = marked(n);
      k.ramp(out.data(), n, from, (to - from) / static_cast<float>(std::max(n, 1)));
      return out;
    });
}

TEST_CASE("colour correction: AVX2 is the reference, chroma in place too") {
  const Bytes y = noise(2048, 2), lower = noise(2048, 3), u = noise(2048, 4), v = noise(2048, 5);
  for (const ColourCorrection& c :
       {ColourCorrection{}, ColourCorrection{0.3, 2, 4, 0.4, 4, 0.25},
        ColourCorrection{-0.5, 0.5, 0, 10, 1, 2}, ColourCorrection{0, 4, 1, 1, 1, 1}}) {
    CorrectionTable t;
    build(c, t);
    compare([&](const EffectKernels& k, int n, int o) {
      Bytes out = marked(n);
      k.correct_y(y.data() + o, u.data() + o, v.data() + o, out.data(), n, t);
      return out;
    });
    compare([&](const EffectKernels& k, int n, int o) {
      Bytes out_u = begun(u, n, o), out_v = begun(v, n, o);
      k.correct_uv(y.data() + o, lower.data() + o, out_u.data(), out_v.data(), out_u.data(),
                   out_v.data(), n, t);
      return joined(out_u, out_v);
    });
  }
}

TEST_CASE("chroma key: AVX2 is the reference") {
  const Bytes y = noise(2048, 6), u = noise(2048, 7), v = noise(2048, 8);
  compare([&](const EffectKernels& k, int n, int o) {
    std::vector<std::uint16_t> sums(static_cast<std::size_t>(n) + 2, 500);
    k.chroma_lines(u.data() + o, v.data(), sums.data() + 1, n);
    Bytes out = marked(2 * n);
    k.chroma_columns(sums.data() + 1, out.data(), n);
    return out;
  });
  for (const ChromaKey& key :
       {ChromaKey{}, ChromaKey{true, 0x0000FF, 0.4, 0.0, 1.0}, ChromaKey{true, 0xFF0000, 0, 1, 0},
        ChromaKey{true, 0x808080, 0.1, 0.1, 0.5}}) {
    const KeyNumbers numbers = key_numbers(key);
    compare([&](const EffectKernels& k, int n, int o) {
      Bytes luma = begun(y, n, o), alpha = marked(n);
      k.key_luma(luma.data(), u.data() + o, v.data() + o, alpha.data(), n, numbers);
      return joined(luma, alpha);
    });
    compare([&](const EffectKernels& k, int n, int o) {
      Bytes a = begun(u, n, o), b = begun(v, n, o);
      k.key_chroma(a.data(), b.data(), n, numbers);
      return joined(a, b);
    });
  }
}

}  // namespace
}  // namespace kakehashi
