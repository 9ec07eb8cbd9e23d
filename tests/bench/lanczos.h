// SPDX-License-Identifier: GPL-3.0-or-later
// Lanczos with three lobes in double, stretched by the ratio where it reduces: what the quality of
// scaling is measured by. Planes without padding.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace kakehashi::bench {

using Plane8 = std::vector<std::uint8_t>;

inline Plane8 lanczos(const Plane8& source, int w, int h, int result_w, int result_h) {
  const auto axis = [](const std::vector<double>& in, int n, int m, int others, bool columns) {
    const double pi = std::acos(-1.0), ratio = static_cast<double>(n) / m;
    const double stretch = std::max(1.0, ratio);
    std::vector<double> out(static_cast<std::size_t>(m * others));
    for (int i = 0; i < m; ++i) {
      const double centre = (i + 0.5) * ratio - 0.5;
      const int from = static_cast<int>(std::ceil(centre - 3 * stretch));
      const int to = static_cast<int>(std::floor(centre + 3 * stretch));
      std::vector<double> shares;
      double all = 0;
      for (int j = from; j <= to; ++j) {
        const double x = pi * std::abs(j - centre) / stretch;
        shares.push_back(x < 1e-9 ? 1.0 : 3 * std::sin(x) * std::sin(x / 3) / (x * x));
        all += shares.back();
      }
      for (int o = 0; o < others; ++o) {
        double sum = 0;
        for (int j = from; j <= to; ++j) {
          const int k = std::min(n - 1, std::max(0, j));
          sum += shares[static_cast<std::size_t>(j - from)] *
                 in[static_cast<std::size_t>(columns ? o * n + k : k * others + o)];
        }
        out[static_cast<std::size_t>(columns ? o * m + i : i * others + o)] = sum / all;
      }
    }
    return out;
  };
  const std::vector<double> in(source.begin(), source.end());
  const auto out = axis(axis(in, w, result_w, h, true), h, result_h, result_w, false);
  Plane8 bytes;
  for (const double v : out)
    bytes.push_back(static_cast<std::uint8_t>(std::lround(std::min(255.0, std::max(0.0, v)))));
  return bytes;
}

inline double psnr(const Plane8& a, const Plane8& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return 10 * std::log10(255.0 * 255.0 / (sum / static_cast<double>(a.size()) + 1e-9));
}

}  // namespace kakehashi::bench
