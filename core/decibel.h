// SPDX-License-Identifier: GPL-3.0-or-later
// Levels. A Decibel and a linear factor are different types, so nobody multiplies by -12.
#pragma once

#include <cmath>
#include <compare>

namespace kakehashi {

struct Decibel {
  double value = 0.0;

  static constexpr Decibel silence() { return {-120.0}; }  // what the desk shows as "no sound"
  static Decibel from_linear(double factor) {
    return factor <= 1e-6 ? silence() : Decibel{20.0 * std::log10(factor)};
  }
  // At or below silence() the factor is exactly zero.
  float to_linear() const {
    return value <= silence().value ? 0.0F : static_cast<float>(std::pow(10.0, value / 20.0));
  }
  friend constexpr auto operator<=>(Decibel, Decibel) = default;
};

}  // namespace kakehashi
