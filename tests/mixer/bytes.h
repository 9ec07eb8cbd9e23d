// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes for tests of pixel loops: noise with many ends of the range in it, and a guard behind.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

namespace kakehashi::testing {

using Bytes = std::vector<std::uint8_t>;
inline constexpr int kGuard = 64;  // bytes behind the end that must stay untouched
inline constexpr std::uint8_t kMark = 0xA5;

inline Bytes noise(std::size_t n, unsigned seed) {
  std::mt19937 random(seed);
  Bytes b(n);
  for (auto& v : b) {
    const auto r = random();
    v = (r & 0x700) == 0 ? 0 : (r & 0x700) == 0x100 ? 255 : static_cast<std::uint8_t>(r);
  }
  return b;
}
inline Bytes marked(int n) { return Bytes(static_cast<std::size_t>(n + kGuard), kMark); }

}  // namespace kakehashi::testing
