// SPDX-License-Identifier: GPL-3.0-or-later
// AVX2 against the plain loops, byte for byte, over odd lengths, odd offsets and extreme values;
// and the plain loops against arithmetic in double.
#include "mixer/kernels.h"

#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <vector>

#include "mixer/scale.h"
#include "tests/mixer/bytes.h"
#include "tests/mixer/frames.h"

namespace kakehashi {
namespace {

using testing::Bytes;
using testing::kGuard;
using testing::kMark;
using testing::marked;
using testing::noise;

// Runs `body(kernels, n, offset)` -> bytes with both tables for many n and compares.
template <class Body>
void compare(Body body) {
  const Kernels* fast = avx2_kernels();
  if (!fast) {
    MESSAGE("no AVX2 on this machine: nothing to compare");
    return;
  }
  for (const int n : {1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 127, 640, 961})
    for (const int offset : {0, 1, 3}) {
      const Bytes expected = body(reference_kernels(), n, offset);
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

TEST_CASE("RGB to luma and chroma: AVX2 is the reference") {
  const Bytes a = noise(8 * 1024, 1), b = noise(8 * 1024, 2);
  compare([&](const Kernels& k, int n, int o) {
    Bytes y = marked(n);
    k.bgrx_to_y(a.data() + o, y.data(), n);
    return y;
  });
  compare([&](const Kernels& k, int n, int o) {
    Bytes u = marked(n), v = marked(n);
    k.bgrx_to_uv(a.data() + o, b.data() + o, u.data(), v.data(), n);
    return joined(u, v);
  });
}

TEST_CASE("change of matrix and range: AVX2 is the reference, in place too") {
  const Bytes y = noise(2048, 3), u = noise(2048, 4), v = noise(2048, 5);
  for (const auto matrix : {ColorMatrix::Bt601, ColorMatrix::Bt709})
    for (const auto range : {ColorRange::Limited, ColorRange::Full}) {
      const Recolour c = recolour_from(matrix, range);
      compare([&](const Kernels& k, int n, int o) {
        Bytes out = marked(n);
        k.recolour_y(y.data() + o, u.data() + o, v.data() + o, out.data(), n, c);
        return out;
      });
      compare([&](const Kernels& k, int n, int o) {
        Bytes out_u = marked(n), out_v = marked(n);
        std::copy_n(u.begin() + o, n, out_u.begin());
        std::copy_n(v.begin() + o, n, out_v.begin());
        k.recolour_uv(out_u.data(), out_v.data(), out_u.data(), out_v.data(), n, c);
        return joined(out_u, out_v);
      });
    }
}

TEST_CASE("blending: AVX2 is the reference at every fade") {
  const Bytes dst = noise(2048, 6), src = noise(2048, 7), a = noise(4096, 8), b = noise(4096, 9);
  for (const int opacity : {0, 1, 100, 128, 255, 256}) {
    compare([&](const Kernels& k, int n, int o) {
      Bytes out = marked(n);
      std::copy_n(dst.begin(), n, out.begin());
      k.blend(out.data(), src.data() + o, a.data() + o, opacity, n);
      return out;
    });
    compare([&](const Kernels& k, int n, int o) {
      Bytes out = marked(n);
      std::copy_n(dst.begin(), n, out.begin());
      k.blend_chroma(out.data(), src.data() + o, a.data() + o, b.data() + o, opacity, n);
      return out;
    });
  }
}

TEST_CASE("scaling: AVX2 is the reference") {
  const Bytes lines = noise(1100 * 64, 10);
  for (const int taps : {1, 2, 3, 5, 9}) {
    AxisTable t;
    t.build({64, taps == 1 ? 64 : taps == 2 ? 100 : 64 / (taps - 1), AxisTable::Use::Lines});
    compare([&](const Kernels& k, int n, int o) {
      Bytes out = marked(n);
      k.scale_lines(lines.data() + o, 1100, t.weights.data(), t.taps, out.data(), n);
      return out;
    });
  }
  for (const double ratio : {0.4, 0.99, 1.0, 1.5, 2.7, 6.3}) {
    compare([&](const Kernels& k, int n, int o) {
      const int source = std::max(1, static_cast<int>(n * ratio));
      AxisTable t;
      t.build({source, n, AxisTable::Use::Columns});
      Bytes out = marked(n);
      const int first = std::min(n / 2, 40) / 8 * 8;
      k.scale_columns(lines.data() + o, t, first, out.data(), n - first);
      return out;
    });
  }
}

TEST_CASE("RGB becomes BT.709 limited to the nearest code, all greys exactly") {
  const Kernels& k = kernels();
  double worst = 0;
  for (int r = 0; r <= 255; r += 5)
    for (int g = 0; g <= 255; g += 5)
      for (int b = 0; b <= 255; b += 5) {
        const std::uint8_t pixel[8] = {static_cast<std::uint8_t>(b), static_cast<std::uint8_t>(g),
                                       static_cast<std::uint8_t>(r), 77,
                                       static_cast<std::uint8_t>(b), static_cast<std::uint8_t>(g),
                                       static_cast<std::uint8_t>(r), 1};
        std::uint8_t y = 0, u = 0, v = 0;
        k.bgrx_to_y(pixel, &y, 1);
        k.bgrx_to_uv(pixel, pixel, &u, &v, 1);
        const auto exact = testing::codes({r / 255.0, g / 255.0, b / 255.0}, ColorMatrix::Bt709,
                                          ColorRange::Limited);
        worst = std::max(
            {worst, std::abs(y - exact[0]), std::abs(u - exact[1]), std::abs(v - exact[2])});
        if (r == g && g == b) {
          REQUIRE(u == 128);
          REQUIRE(v == 128);
        }
      }
  CHECK(worst < 0.52);
}

TEST_CASE("a blend is the exact weighted mean to the nearest code") {
  for (int dst = 0; dst <= 255; dst += 3)
    for (int src = 0; src <= 255; src += 5)
      for (int alpha = 0; alpha <= 255; ++alpha) {
        auto out = static_cast<std::uint8_t>(dst);
        const auto s = static_cast<std::uint8_t>(src), a = static_cast<std::uint8_t>(alpha);
        reference_kernels().blend(&out, &s, &a, 256, 1);
        REQUIRE(std::abs(out - (dst + (src - dst) * alpha / 255.0)) <= 0.5001);
      }
}

TEST_CASE("a table's weights add up for every sample, so flat fields stay flat") {
  for (const int source : {1, 2, 3, 17, 270, 719, 1920})
    for (const int result : {1, 2, 16, 135, 480, 1920}) {
      CAPTURE(source);
      CAPTURE(result);
      AxisTable lines, columns;
      lines.build({source, result, AxisTable::Use::Lines});
      columns.build({source, result, AxisTable::Use::Columns});
      for (int i = 0; i < result; ++i) {
        int sum = 0, wide = 0;
        for (int k = 0; k < lines.taps; ++k) sum += lines.weight(i, k);
        for (int k = 0; k < columns.taps; ++k) wide += columns.weight(i, k);
        REQUIRE(sum == 256);
        REQUIRE(wide == 16384);
        const int start = lines.start[static_cast<std::size_t>(i)];
        REQUIRE(start >= 0);
        REQUIRE(start + lines.taps <= source);
      }
    }
}

}  // namespace
}  // namespace kakehashi
