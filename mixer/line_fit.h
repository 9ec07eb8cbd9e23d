// SPDX-License-Identifier: GPL-3.0-or-later
// Chooses where a text breaks and how large it is, so that it fits a box. Pure arithmetic: letters
// are measured once, at the size they should have; everything scales with the size.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "mixer/line_break.h"

namespace kakehashi {

enum class Fit : std::uint8_t {
  Whole,     // as written, at the size wished for
  Shrunk,    // smaller, but not below the floor
  Broken,    // into more lines than it was written in, at good places; perhaps smaller too
  Overflow,  // does not fit at the floor: smaller, in pieces or squeezed, to be seen at all
};

struct LineWish {
  double size = 0;         // letters, pixels
  double floor = 0;        // not smaller
  double width = 0;        // of the box, pixels
  double height = 0;       // of the box
  double line_height = 1;  // of the letters: from one line to the next
  double last_line = 1;    // of the letters: what one line alone takes
  bool wrap = false;       // may break at chances that are not forced
  int most_lines = 4;
};

struct Line {
  std::size_t from = 0, to = 0;  // bytes
};

struct LineFit {
  Fit fit = Fit::Whole;
  double size = 0;
  std::vector<Line> lines;  // never empty; lines themselves may be
  int worst_break = 0;      // the highest BreakChance::cost among its breaks; 200: inside a word
};

// `width(from, to)`: of these bytes in one line at wish.size, pixels.
using LineWidth = std::function<double(std::size_t from, std::size_t to)>;

// Larger letters are better, each further line and each poor break is worse, and lines should be
// alike. Overflow: down to 0.6 of the floor, then also broken wherever a letter ends, when that
// keeps it inside; else as written.
LineFit fit_lines(std::string_view text, const std::vector<BreakChance>& chances,
                  const LineWish& wish, const LineWidth& width);

}  // namespace kakehashi
