// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/detect_comb.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>

#include "capture/luma_rows.h"

namespace kakehashi {
namespace {

constexpr int kStep = 12;              // of 255: less is noise
constexpr int kLeastRun = 3;           // pixels in a row; a fine checkerboard has runs of one
constexpr double kWidest = 0.08;       // of the width; wider is a stripe, not the edge of something
constexpr double kPattern = 0.5;       // of a group combed: a pattern fills it
constexpr double kStanding = 0.01;     // of what stands still combed: a pattern is in the picture
constexpr double kLeastMoving = 0.01;  // of all columns

// -1 or 1: the six lines of this column alternate, all in the same sense; 0: they do not.
int alternates(const std::array<const std::uint8_t*, 6>& l, std::size_t x) {
  const int a = l[0][x], b = l[1][x], c = l[2][x], d = l[3][x], e = l[4][x], f = l[5][x];
  const int steps[5] = {a - b, c - b, c - d, e - d, e - f};
  const int least = std::min({steps[0], steps[1], steps[2], steps[3], steps[4]});
  const int most = std::max({steps[0], steps[1], steps[2], steps[3], steps[4]});
  if (least <= kStep && most >= -kStep) return 0;
  // Within each field the picture goes on smoothly.
  const int smooth = std::max({std::abs(a - c), std::abs(c - e), std::abs(b - d), std::abs(d - f)});
  const int size = std::min(std::abs(least), std::abs(most));
  if (smooth > size) return 0;
  return least > 0 ? 1 : -1;
}

}  // namespace

void CombMeter::remember(const VideoFrame& frame) {
  width_ = frame.width();
  height_ = frame.height();
  const std::size_t width = static_cast<std::size_t>(width_);
  if (height_ < kGroups * kLines) {
    width_ = 0;
    return;
  }
  lines_.resize(width * kGroups * kLines);
  for (int g = 0; g < kGroups; ++g)
    for (int i = 0; i < kLines; ++i) {
      const int y = (2 * g + 1) * height_ / (2 * kGroups) - kLines / 2 + i;
      std::memcpy(lines_.data() + static_cast<std::size_t>(g * kLines + i) * width,
                  luma_row(frame, y, scratch_), width);
    }
}

CombMeter::Result CombMeter::measure(const VideoFrame& frame) {
  const int width = width_, height = height_;
  width_ = 0;
  if (width == 0 || frame.width() != width || frame.height() != height) return {};
  const auto columns = static_cast<std::size_t>(width);
  now_.resize(columns * kLines);
  long moving = 0, combed = 0, still = 0, standing = 0;
  for (int g = 0; g < kGroups; ++g) {
    const std::uint8_t* old = lines_.data() + static_cast<std::size_t>(g * kLines) * columns;
    std::array<const std::uint8_t*, kLines> l{};
    for (int i = 0; i < kLines; ++i) {
      const int y = (2 * g + 1) * height / (2 * kGroups) - kLines / 2 + i;
      std::uint8_t* to = now_.data() + static_cast<std::size_t>(i) * columns;
      std::memcpy(to, luma_row(frame, y, scratch_), columns);
      l[static_cast<std::size_t>(i)] = to;
    }
    long group_moving = 0, group_combed = 0, group_standing = 0, group_other = 0;
    int run = 0, sense = 0, run_moving = 0;
    const auto end_run = [&] {
      if (sense != 0) {
        // Too fine or too wide to be the edge of something that moves.
        const bool fits = run >= kLeastRun && run <= kWidest * width;
        (fits ? group_combed : group_other) += run_moving;
        group_standing += run - run_moving;
      }
      run = run_moving = 0;
    };
    for (std::size_t x = 0; x < columns; ++x) {
      int change = 0;
      for (std::size_t i = 0; i < kLines; ++i)
        change = std::max(change, std::abs(l[i][x] - old[i * columns + x]));
      const bool moves = change > kStep;
      group_moving += moves;
      const int now = alternates(l, x);
      if (now != sense) {
        end_run();
        sense = now;
      }
      if (sense != 0) ++run, run_moving += moves;
    }
    end_run();
    if (static_cast<double>(group_combed + group_standing + group_other) > kPattern * width) {
      standing += width;
      still += width;
      continue;
    }
    moving += group_moving;
    combed += group_combed;
    still += width - group_moving;
    standing += group_standing;
  }
  Result r;
  r.moved = static_cast<double>(moving) >= kLeastMoving * width * kGroups;
  if (!r.moved) return r;
  r.share = static_cast<double>(combed) / static_cast<double>(moving);
  // Where standing lines alternate as well, nothing can be told from moving ones.
  const double stands = still > 0 ? static_cast<double>(standing) / static_cast<double>(still) : 0;
  if (stands > kStanding && stands > r.share / 2) r.share = 0;
  return r;
}

}  // namespace kakehashi
