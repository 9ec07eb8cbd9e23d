// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/detect_shape.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace kakehashi {
namespace {

constexpr double kWide = 1.6;  // display aspect from which bars can be bars
constexpr double kLit = 0.08;  // luma of something that is there
constexpr double kBarMean = 0.025, kBarSpread = 0.012;  // a cable's black; a dark hall has noise
constexpr double kSharp = 0.012;  // of the width within which the edge must rise
constexpr double kEdge = 0.006;   // of the width: where the edge may lie
constexpr double kAgree = 0.6;    // of the rows that show something
constexpr double kInBar = 0.03;   // of these rows may have something in the bar
constexpr int kLeastRows = 8;

// First lit column from the left (or from the right), -1: the row is dark.
int first_lit(const std::uint8_t* row, int width, int level, bool from_right) {
  for (int x = 0; x < width; ++x)
    if (row[from_right ? width - 1 - x : x] > level) return x;
  return -1;
}

bool dark_and_flat(const ShapeView& v, int bar) {
  double sum = 0, square = 0;
  for (int r = 0; r < v.rows; ++r)
    for (int x = 0; x < bar; ++x)
      for (const int at : {x, v.width - 1 - x}) {
        const double luma = v.scale(v.data[r * v.width + at]);
        sum += luma;
        square += luma * luma;
      }
  const double n = 2.0 * v.rows * bar, mean = sum / n;
  return mean < kBarMean && square / n - mean * mean < kBarSpread * kBarSpread;
}

}  // namespace

std::optional<double> side_bars(const ShapeView& v, const FrameInfo& info) {
  const double aspect = static_cast<double>(info.width) * info.aspect_numerator /
                        (static_cast<double>(info.height) * info.aspect_denominator);
  if (aspect < kWide) return 0.0;
  const int level = static_cast<int>(v.scale.black + kLit * v.scale.span);
  std::array<std::array<int, 64>, 2> edges{};
  int lit = 0;
  for (int r = 0; r < std::min(v.rows, 64); ++r) {
    const std::uint8_t* row = v.data + static_cast<std::ptrdiff_t>(r) * v.width;
    const int left = first_lit(row, v.width, level, false);
    if (left < 0) continue;
    edges[0][static_cast<std::size_t>(lit)] = left;
    edges[1][static_cast<std::size_t>(lit)] = first_lit(row, v.width, level, true);
    ++lit;
  }
  if (lit < kLeastRows) return std::nullopt;
  for (const double inner : {4.0 / 3, 5.0 / 4}) {
    const double share = (1 - inner / aspect) / 2;
    const double low = (share - kEdge) * v.width, high = (share + kEdge) * v.width;
    const int bar = static_cast<int>((share - kSharp) * v.width);
    bool all = bar > 0;
    for (const auto& side : edges) {
      int agree = 0, inside = 0;
      for (int r = 0; r < lit; ++r) {
        const int at = side[static_cast<std::size_t>(r)];
        if (at < low)
          ++inside;
        else if (at <= high)
          ++agree;
      }
      all = all && agree >= kAgree * lit && inside <= kInBar * lit;
    }
    if (all && dark_and_flat(v, bar)) return share;
  }
  return 0.0;
}

NoSignalLook no_signal_look(const VideoFrame& frame) {
  constexpr int kAcross = 56, kDown = 24;
  const int width = frame.width(), height = frame.height();
  std::array<std::array<PixelColour, kAcross>, kDown> grid;
  for (int r = 0; r < kDown; ++r)
    for (int c = 0; c < kAcross; ++c)
      grid[static_cast<std::size_t>(r)][static_cast<std::size_t>(c)] =
          colour_at(frame, (2 * c + 1) * width / (2 * kAcross), (2 * r + 1) * height / (2 * kDown));

  NoSignalLook look;
  // Blue as a device makes it: no red, no green. Flat: close to the mean of all that is blue.
  PixelColour mean;
  int blue = 0;
  const auto is_blue = [](const PixelColour& c) {
    return c.cb > 0.28 && c.cr < 0.0 && c.cr > -0.13 && c.y < 0.3;
  };
  for (const auto& row : grid)
    for (const PixelColour& c : row)
      if (is_blue(c)) mean.y += c.y, mean.cb += c.cb, mean.cr += c.cr, ++blue;
  if (blue > 0) {
    int flat = 0;
    for (const auto& row : grid)
      for (const PixelColour& c : row)
        if (is_blue(c) && std::abs(c.y - mean.y / blue) < 0.03 &&
            std::abs(c.cb - mean.cb / blue) < 0.04)
          ++flat;
    look.blue = static_cast<double>(flat) / (kAcross * kDown);
  }

  // White (or grey), yellow, cyan, green, magenta, red, blue, and with eight bars black: the
  // direction of each in (Cb, Cr), BT.709 with BT.601 near it.
  constexpr std::array<std::array<double, 2>, 6> kTurns{{{-0.995, 0.09},
                                                         {0.22, -0.975},
                                                         {-0.65, -0.76},
                                                         {0.65, 0.76},
                                                         {-0.22, 0.975},
                                                         {0.995, -0.09}}};
  for (const int bars : {7, 8}) {
    bool all = true;
    for (int b = 0; b < bars && all; ++b) {
      PixelColour sum, square;
      int n = 0;
      for (std::size_t r = kDown / 4; r < kDown / 2; ++r)
        for (int c = 0; c < kAcross; ++c) {
          // Only the middle of each bar: the edges are soft.
          const double at = (c + 0.5) * bars / kAcross - b;
          if (at < 0.2 || at > 0.8) continue;
          const PixelColour& p = grid[r][static_cast<std::size_t>(c)];
          sum.y += p.y, sum.cb += p.cb, sum.cr += p.cr;
          square.y += p.y * p.y, square.cb += p.cb * p.cb, square.cr += p.cr * p.cr;
          ++n;
        }
      const double y = sum.y / n, cb = sum.cb / n, cr = sum.cr / n, size = std::hypot(cb, cr);
      const auto flat = [n](double total, double squares) {
        return squares / n - total / n * total / n < 0.03 * 0.03;
      };
      all = flat(sum.y, square.y) && flat(sum.cb, square.cb) && flat(sum.cr, square.cr);
      if (b == 0)
        all = all && size < 0.05 && y > 0.6;
      else if (b == 7)
        all = all && size < 0.05 && y < 0.1;
      else
        all = all && size > 0.15 &&
              (cb * kTurns[static_cast<std::size_t>(b - 1)][0] +
               cr * kTurns[static_cast<std::size_t>(b - 1)][1]) > 0.93 * size;
    }
    look.bars = look.bars || all;
  }
  return look;
}

}  // namespace kakehashi
