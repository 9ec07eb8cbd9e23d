// SPDX-License-Identifier: GPL-3.0-or-later
// Scaling as such: parts are parts of the whole, nothing shimmers, and quality against a reference
// that is computed in double.
#include "mixer/scale.h"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <random>
#include <vector>

#include "tests/bench/lanczos.h"

namespace kakehashi {
namespace {

using Bytes = std::vector<std::uint8_t>;
using bench::lanczos;
using bench::psnr;

Bytes scaled(const Bytes& source, int w, int h, int result_w, int result_h) {
  Scaler scaler(16);
  Bytes out(static_cast<std::size_t>(result_w * result_h));
  scaler.plane({source.data(), w}, w, h, result_w, result_h, {0, 0, result_w, result_h}, out.data(),
               result_w);
  return out;
}

// Detail of every size, with hard edges: nothing that any one filter is made for.
Bytes detailed(int w, int h) {
  std::mt19937 random(8);
  Bytes p(static_cast<std::size_t>(w * h));
  for (int y = 0; y < h; ++y)
    for (int x = 0; x < w; ++x) {
      double v = 120 + 40 * std::sin(x * 0.05) * std::cos(y * 0.04) + 25 * std::sin(x * y * 0.0011);
      v += 20 * std::sin(x * 0.5 + y * 0.2);
      if (x / 13 % 3 == 0 && y / 9 % 4 == 0) v += 50;
      if ((x + 2 * y) % 29 < 2) v -= 60;
      v += static_cast<int>(random() % 7) - 3;
      p[static_cast<std::size_t>(y * w + x)] =
          static_cast<std::uint8_t>(std::lround(std::min(235.0, std::max(16.0, v))));
    }
  return p;
}

TEST_CASE("a part of a scaled plane is that part of the whole") {
  const Bytes f = detailed(132, 84);
  for (const auto& [w, h] :
       {std::pair{200, 120}, std::pair{60, 30}, std::pair{131, 40}, std::pair{66, 42},
        std::pair{44, 28}, std::pair{33, 21}, std::pair{88, 56}, std::pair{20, 12}}) {
    Scaler scaler(16);
    const Bytes whole = scaled(f, 132, 84, w, h);
    Bytes part(whole.size());
    const Rect r{w / 3, h / 4, w / 2, h / 2};
    scaler.plane({f.data(), 132}, 132, 84, w, h, r, part.data(), w);
    for (int y = 0; y < r.h; ++y)
      for (int x = 0; x < r.w; ++x)
        REQUIRE(part[static_cast<std::size_t>(y * w + x)] ==
                whole[static_cast<std::size_t>((r.y + y) * w + r.x + x)]);
  }
}

// Two samples per axis around the place asked for, however many there are: what many mixers do.
Bytes bilinear(const Bytes& source, int w, int h, int result_w, int result_h) {
  Bytes out;
  for (int y = 0; y < result_h; ++y)
    for (int x = 0; x < result_w; ++x) {
      const double sx = std::min(w - 1.0, std::max(0.0, (x + 0.5) * w / result_w - 0.5));
      const double sy = std::min(h - 1.0, std::max(0.0, (y + 0.5) * h / result_h - 0.5));
      const int x0 = static_cast<int>(sx), y0 = static_cast<int>(sy);
      const int x1 = std::min(w - 1, x0 + 1), y1 = std::min(h - 1, y0 + 1);
      const auto at = [&](int px, int py) {
        return static_cast<double>(source[static_cast<std::size_t>(py * w + px)]);
      };
      const double fx = sx - x0, fy = sy - y0;
      const double v = (at(x0, y0) * (1 - fx) + at(x1, y0) * fx) * (1 - fy) +
                       (at(x0, y1) * (1 - fx) + at(x1, y1) * fx) * fy;
      out.push_back(static_cast<std::uint8_t>(std::lround(v)));
    }
  return out;
}

TEST_CASE("reduced pictures are nearer to Lanczos than bilinear ones, enlarged ones no further") {
  const int w = 480, h = 288;
  const Bytes f = detailed(w, h);
  for (const auto& size : {std::pair{240, 144}, std::pair{160, 96}, std::pair{120, 72},
                           std::pair{320, 192}, std::pair{336, 202}, std::pair{90, 54}}) {
    const int rw = size.first, rh = size.second;
    const Bytes exact = lanczos(f, w, h, rw, rh);
    const double ours = psnr(scaled(f, w, h, rw, rh), exact);
    const double theirs = psnr(bilinear(f, w, h, rw, rh), exact);
    CAPTURE(rw);
    CAPTURE(theirs);
    CHECK(ours >= theirs + 1.0);
  }
  for (const auto& size : {std::pair{720, 432}, std::pair{600, 360}}) {
    const int rw = size.first, rh = size.second;
    const Bytes exact = lanczos(f, w, h, rw, rh);
    CHECK(psnr(scaled(f, w, h, rw, rh), exact) >= psnr(bilinear(f, w, h, rw, rh), exact) - 0.1);
  }
}

TEST_CASE("lines one pixel wide keep their strength wherever they fall") {
  // A page of fine vertical lines, moved pixel by pixel as a scrolled slide is: how much light the
  // lines take away altogether must not change, or they twinkle.
  const int w = 480, h = 96, pitch = 24;
  const auto taken = [&](const Bytes& page, int rw, int rh) {
    double sum = 0;  // away from the sides, over whole pitches
    const int period = pitch * rw / w, from = rw / 4, to = from + period * (rw / 2 / period);
    for (int y = rh / 4; y < rh / 2; ++y)
      for (int x = from; x < to; ++x) sum += 235 - page[static_cast<std::size_t>(y * rw + x)];
    return sum / (rh / 2 - rh / 4) / (to - from);
  };
  for (const auto& size : {std::pair{240, 48}, std::pair{160, 32}, std::pair{120, 24},
                           std::pair{320, 64}, std::pair{200, 40}}) {
    const int rw = size.first, rh = size.second;
    double least = 1e9, most = 0, least_theirs = 1e9, most_theirs = 0;
    for (int shift = 0; shift < pitch; ++shift) {
      Bytes page(static_cast<std::size_t>(w * h), 235);
      for (int y = 0; y < h; ++y)
        for (int x = shift; x < w; x += pitch) page[static_cast<std::size_t>(y * w + x)] = 16;
      const double ours = taken(scaled(page, w, h, rw, rh), rw, rh);
      const double theirs = taken(bilinear(page, w, h, rw, rh), rw, rh);
      least = std::min(least, ours);
      most = std::max(most, ours);
      least_theirs = std::min(least_theirs, theirs);
      most_theirs = std::max(most_theirs, theirs);
    }
    CAPTURE(rw);
    CHECK(least > 0);
    CHECK(most / least < 1.03);                               // what rounding to codes leaves
    if (2 * rw < w) CHECK(least_theirs < 0.2 * most_theirs);  // there, bilinear loses lines
  }
}

}  // namespace
}  // namespace kakehashi
