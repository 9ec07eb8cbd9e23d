// SPDX-License-Identifier: GPL-3.0-or-later
// Discrete Fourier transform in place, radix 2 (Cooley and Tukey 1965). For measuring, not for the
// data road. Pure.
#pragma once

#include <bit>
#include <cmath>
#include <complex>
#include <cstddef>
#include <numbers>
#include <utility>
#include <vector>

namespace kakehashi {

using Spectrum = std::vector<std::complex<double>>;

// `x`: a power of two long. The inverse is scaled, so that both ways give the same again.
inline void transform(Spectrum& x, bool inverse) {
  const std::size_t n = x.size();
  for (std::size_t i = 1, j = 0; i < n; ++i) {
    std::size_t bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) std::swap(x[i], x[j]);
  }
  for (std::size_t length = 2; length <= n; length *= 2) {
    const std::size_t half = length / 2;
    const double angle = (inverse ? 2 : -2) * std::numbers::pi / static_cast<double>(length);
    Spectrum turn(half);
    for (std::size_t k = 0; k < half; ++k)
      turn[k] = std::polar(1.0, angle * static_cast<double>(k));
    for (std::size_t from = 0; from < n; from += length)
      for (std::size_t k = 0; k < half; ++k) {
        const std::complex<double> b = x[from + k + half];
        const std::complex<double> t = turn[k];
        const std::complex<double> product(b.real() * t.real() - b.imag() * t.imag(),
                                           b.real() * t.imag() + b.imag() * t.real());
        x[from + k + half] = x[from + k] - product;
        x[from + k] += product;
      }
  }
  if (inverse)
    for (auto& v : x) v /= static_cast<double>(n);
}

inline std::size_t power_of_two_from(std::size_t least) { return std::bit_ceil(least); }

}  // namespace kakehashi
