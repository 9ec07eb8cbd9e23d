// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/reduce.h"

#include <algorithm>

namespace kakehashi {
namespace {

namespace plain {

void half_line(const std::uint8_t* const lines[4], std::uint8_t* out, int n, Sides at) {
  constexpr int kShare[] = {1, 7, 7, 1};
  const int first = at.left ? 0 : -1, last = at.right ? 2 * n - 1 : 2 * n;
  for (int i = 0; i < n; ++i) {
    int sum = 128;
    for (int l = 0; l < 4; ++l)
      for (int k = 0; k < 4; ++k)
        sum += kShare[l] * kShare[k] * lines[l][std::clamp(2 * i + k - 1, first, last)];
    out[i] = static_cast<std::uint8_t>(sum >> 8);
  }
}
void half(const std::uint8_t* const lines[6], std::uint8_t* out0, std::uint8_t* out1, int n,
          Sides at, const Ahead&) {
  half_line(lines, out0, n, at);
  half_line(lines + 2, out1, n, at);
}

template <int kRatio>
void mean(const std::uint8_t* const* lines, std::uint8_t* out, int n) {
  constexpr int kCount = kRatio * kRatio;
  for (int i = 0; i < n; ++i) {
    int sum = kCount / 2;
    for (int l = 0; l < kRatio; ++l)
      for (int k = 0; k < kRatio; ++k) sum += lines[l][kRatio * i + k];
    out[i] = static_cast<std::uint8_t>(sum / kCount);
  }
}

void third(const std::uint8_t* const lines[3], std::uint8_t* out, int n, const Ahead&) {
  mean<3>(lines, out, n);
}
void quarter(const std::uint8_t* const lines[4], std::uint8_t* out, int n, const Ahead&) {
  mean<4>(lines, out, n);
}

}  // namespace plain

}  // namespace

const Reducers& reference_reducers() {
  static const Reducers table{plain::half, plain::third, plain::quarter};
  return table;
}

const Reducers& reducers() {
  static const Reducers& best = avx2_reducers() ? *avx2_reducers() : reference_reducers();
  return best;
}

namespace {

constexpr int kLead = 6;  // lines; from 4 to 9 makes no difference where it was measured

}  // namespace

void reduce_plane(PlaneView source, int width, int height, int ratio, const Rect& part,
                  std::uint8_t* out, int out_stride) {
  const Reducers& r = reducers();
  const int x = part.x * ratio;
  const auto line = [&](int y) {
    return source.data + static_cast<std::ptrdiff_t>(std::clamp(y, 0, height - 1)) * source.stride +
           x;
  };
  const auto ahead = [&](int y) { return Ahead{line(y), source.stride}; };
  if (ratio != 2) {
    for (int y = 0; y < part.h; ++y, out += out_stride) {
      const int top = (part.y + y) * ratio;
      const std::uint8_t* lines[] = {line(top), line(top + 1), line(top + 2), line(top + 3)};
      (ratio == 3 ? r.third : r.quarter)(lines, out, part.w, ahead(top + kLead));
    }
    return;
  }
  const Sides at{part.x == 0, x + 2 * part.w == width};
  for (int y = 0; y < part.h; y += 2, out += 2 * out_stride) {
    // The last one of an odd count is the second of a pair whose first one it overwrites.
    const bool alone = y + 1 == part.h;
    const int top = (part.y + y) * 2 - (alone ? 2 : 0);
    const std::uint8_t* lines[6];
    for (int l = 0; l < 6; ++l) lines[l] = line(top - 1 + l);
    r.half(lines, out, alone ? out : out + out_stride, part.w, at, ahead(top + kLead));
  }
}

}  // namespace kakehashi
