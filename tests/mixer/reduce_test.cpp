// SPDX-License-Identifier: GPL-3.0-or-later
// Halves, thirds and quarters: AVX2 against the plain loops over odd lengths, offsets and strides,
// both against arithmetic over the whole plane, and what becomes of lines one pixel wide.
#include "mixer/reduce.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <vector>
#include "tests/mixer/bytes.h"

namespace kakehashi {
namespace {

using testing::Bytes;
using testing::kMark;
using testing::noise;

// A plane that fills its memory to the last byte, so that a sanitizer sees any reading past it.
struct Plane {
  Plane(int w, int h, int more, unsigned seed)
      : width(w),
        height(h),
        stride(w + more),
        samples(noise(static_cast<std::size_t>(stride * (h - 1) + w), seed)) {}
  PlaneView view() const { return {samples.data(), stride}; }
  int at(int x, int y) const {
    return samples[static_cast<std::size_t>(std::clamp(y, 0, height - 1) * stride +
                                            std::clamp(x, 0, width - 1))];
  }
  int width, height, stride;
  Bytes samples;
};

int expected(const Plane& p, int ratio, int x, int y) {
  int sum = 0;
  if (ratio == 2) {
    constexpr int kShare[] = {1, 7, 7, 1};
    for (int j = 0; j < 4; ++j)
      for (int i = 0; i < 4; ++i) sum += kShare[j] * kShare[i] * p.at(2 * x + i - 1, 2 * y + j - 1);
    return (sum + 128) / 256;
  }
  for (int j = 0; j < ratio; ++j)
    for (int i = 0; i < ratio; ++i) sum += p.at(ratio * x + i, ratio * y + j);
  return (sum + ratio * ratio / 2) / (ratio * ratio);
}

TEST_CASE("reduced planes are exact at every size, stride and part, and nothing else is touched") {
  std::mt19937 random(5);
  const auto pick = [&](int most) {
    return static_cast<int>(random() % static_cast<unsigned>(most));
  };
  for (const int ratio : {2, 3, 4})
    for (const int w : {1, 2, 3, 7, 15, 16, 17, 31, 32, 33, 47, 48, 49, 63, 64, 65, 130, 320})
      for (const int h : {1, 2, 3, 6, 9}) {
        const Plane plane(w * ratio, h * ratio, pick(40), static_cast<unsigned>(w * h));
        for (int turn = 0; turn < 4; ++turn) {
          Rect part{0, 0, w, h};
          if (turn) {
            part.x = pick(w);
            part.y = pick(h);
            part.w = 1 + pick(w - part.x);
            part.h = 1 + pick(h - part.y);
          }
          const int stride = part.w + pick(20);
          Bytes out(static_cast<std::size_t>(stride * part.h + 64), kMark);
          reduce_plane(plane.view(), plane.width, plane.height, ratio, part, out.data(), stride);
          CAPTURE(ratio);
          CAPTURE(w);
          CAPTURE(part.x);
          CAPTURE(part.w);
          for (int y = 0; y < part.h; ++y)
            for (int x = 0; x < stride; ++x) {
              const int got = out[static_cast<std::size_t>(y * stride + x)];
              REQUIRE(got == (x < part.w ? expected(plane, ratio, part.x + x, part.y + y) : kMark));
            }
          for (std::size_t i = out.size() - 64; i < out.size(); ++i) REQUIRE(out[i] == kMark);
        }
      }
}

TEST_CASE("reducing: AVX2 is the reference") {
  const Reducers* fast = avx2_reducers();
  if (!fast) {
    MESSAGE("no AVX2 on this machine: nothing to compare");
    return;
  }
  const Reducers& plain = reference_reducers();
  const int stride = 4200;
  const Bytes source = noise(static_cast<std::size_t>(stride) * 6 + 64, 12);
  for (const int n : {1, 5, 16, 17, 31, 32, 33, 47, 48, 100, 127, 640, 961})
    for (const int offset : {1, 2, 4}) {
      const std::uint8_t* lines[6];
      for (int l = 0; l < 6; ++l) lines[l] = source.data() + l * stride + offset;
      const Ahead ahead{source.data(), stride};
      CAPTURE(n);
      for (int sides = 0; sides < 4; ++sides) {
        const Sides at{(sides & 1) != 0, (sides & 2) != 0};
        Bytes a(static_cast<std::size_t>(2 * n + 64), kMark), b = a;
        plain.half(lines, a.data(), a.data() + n, n, at, ahead);
        fast->half(lines, b.data(), b.data() + n, n, at, ahead);
        REQUIRE(a == b);
      }
      Bytes a(static_cast<std::size_t>(n + 64), kMark), b = a;
      plain.third(lines, a.data(), n, ahead);
      fast->third(lines, b.data(), n, ahead);
      REQUIRE(a == b);
      plain.quarter(lines, a.data(), n, ahead);
      fast->quarter(lines, b.data(), n, ahead);
      REQUIRE(a == b);
    }
}

TEST_CASE("flat planes stay what they are") {
  for (const int ratio : {2, 3, 4})
    for (int v = 0; v < 256; ++v) {
      const Bytes flat(static_cast<std::size_t>(40 * ratio * 3 * ratio),
                       static_cast<std::uint8_t>(v));
      Bytes out(120);
      reduce_plane({flat.data(), 40 * ratio}, 40 * ratio, 3 * ratio, ratio, {0, 0, 40, 3},
                   out.data(), 40);
      REQUIRE(std::all_of(out.begin(), out.end(), [&](std::uint8_t o) { return o == v; }));
    }
}

}  // namespace
}  // namespace kakehashi
