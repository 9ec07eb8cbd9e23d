// SPDX-License-Identifier: GPL-3.0-or-later
// Digits that do not dance: each stands in a cell of the same width. Prep thread only.
#pragma once

#include <string>

#include "mixer/painter_parts.h"

namespace kakehashi {

// Digits and colons, bold, one line.
class DigitRow {
 public:
  DigitRow(const PaintCanvas& paint, const std::string& words, double size);
  double width() const { return width_of(words_); }
  double width_of(const std::string& words) const;  // at the same size
  double height() const { return height_; }
  void draw(double x, double y, Colour colour) const;

 private:
  FittedText::Wish wish() const;
  const PaintCanvas& paint_;
  std::string words_;
  double size_, digit_ = 0, colon_ = 0, height_ = 0;
};

}  // namespace kakehashi
