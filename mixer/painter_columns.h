// SPDX-License-Identifier: GPL-3.0-or-later
// Words from top to bottom, as ceremonies write names. Prep thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/overlay.h"
#include "core/result.h"
#include "mixer/painter.h"
#include "mixer/painter_text.h"

namespace kakehashi {

// One thing in a column: a letter upright (punctuation, brackets and ー in their vertical forms),
// two digits beside each other in one place (縦中横), or a Latin word lying on its side.
struct ColumnCell {
  enum class Stand : std::uint8_t { Upright, Together, Lying, Space } stand = Stand::Upright;
  std::string words;
};
std::vector<ColumnCell> column_cells(const std::string& words);

class ColumnText {
 public:
  ColumnText(const std::string& words, double size, bool bold);

  double height() const { return height_; }
  double size() const { return size_; }
  const std::vector<MissingLetter>& missing() const { return missing_; }
  // `x`: of the column's middle; `y` its top. Letters stand `apart` pixels further apart than
  // their size asks, with half of that before the first. Squeezed to `most` high.
  void draw(const PaintCanvas& canvas, double x, double y, double apart, double most,
            Colour colour) const;
  double letters() const { return static_cast<double>(cells_.size()); }

 private:
  struct Placed {
    ColumnCell cell;
    PangoLayoutPtr layout;
    double width = 0, height = 0;
  };
  std::string words_;
  double size_, height_ = 0;
  bool bold_;
  std::vector<Placed> cells_;
  std::vector<MissingLetter> missing_;
};

// People from right to left: affiliation, then to its left the name with its reading at its right.
Result<std::shared_ptr<const OverlayImage>> paint_name_columns(const std::vector<Person>& people,
                                                               const Rect& rect, double unit);

}  // namespace kakehashi
