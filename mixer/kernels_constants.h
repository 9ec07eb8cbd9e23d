// SPDX-License-Identifier: GPL-3.0-or-later
// RGB to BT.709 limited in integers (BT.709-6 §3.2, §3.4 and §4): 15 fractional bits, chroma from
// the sum of four pixels, so 17. Each set of factors adds up exactly: white is 235, grey is 128.
#pragma once

#include <cstdint>

namespace kakehashi::kernel_constants {

inline constexpr int kYShift = 15;
inline constexpr int kYB = 2032, kYG = 20127, kYR = 5983;
inline constexpr std::int32_t kYAdd = (16 << kYShift) + (1 << (kYShift - 1));

inline constexpr int kUVShift = 17;
inline constexpr int kUB = 14392, kUG = -11094, kUR = -3298;
inline constexpr int kVB = -1320, kVG = -13072, kVR = 14392;
inline constexpr std::int32_t kUVAdd = (128 << kUVShift) + (1 << (kUVShift - 1));

static_assert(kUB + kUG + kUR == 0 && kVB + kVG + kVR == 0, "grey has no colour");

}  // namespace kakehashi::kernel_constants
