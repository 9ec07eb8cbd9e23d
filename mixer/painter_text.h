// SPDX-License-Identifier: GPL-3.0-or-later
// Words laid out for the audience: lines, a name with its reading above it, a column.
// Sizes in pixels. Prep thread only.
#pragma once

#include <string>
#include <vector>

#include "mixer/letters.h"
#include "mixer/line_fit.h"
#include "mixer/paint_notes.h"

namespace kakehashi {

class PaintCanvas;

// One block of text, laid out to fit a box. Letters stand 3 % of their size apart. Cheap until it
// is drawn: widths come from letter_positions().
class FittedText {
 public:
  struct Wish {
    double size = 0;    // pixels, what it should be
    double floor = 0;   // pixels; below it is Fit::Overflow: squeezed, to be seen at all
    double width = 0;   // of the box
    double height = 0;  // of the box
    bool bold = false;
    bool wrap = false;     // may break into lines
    bool centred = false;  // in the box's width
    int most_lines = 4;
    Face face = Face::Lines;
    std::vector<std::string> keep;  // never broken inside: people's names
  };
  FittedText(const std::string& text, const Wish& wish);
  FittedText(const PaintCanvas& canvas, const std::string& text, const Wish& wish)
      : FittedText(text, wish) {
    canvas_ = &canvas;
  }

  double width() const { return width_ * squeeze_x_; }  // never more than the wish
  double height() const { return height_ * squeeze_y_; }
  double size() const { return size_; }
  int lines() const { return static_cast<int>(line_widths_.size()); }
  Fit fit() const { return fit_; }
  int worst_break() const { return worst_break_; }            // LineFit::worst_break
  double squeeze() const { return squeeze_x_ * squeeze_y_; }  // 1: not squeezed
  // Neither broken inside a phrase nor squeezed.
  bool whole() const { return fit_ != Fit::Overflow; }
  std::vector<MissingLetter> missing() const { return missing_letters(words_); }
  // Top left of the block (centred: of the box's width).
  void draw(double x, double y, Colour colour) const { draw(*canvas_, x, y, colour); }
  void draw(const PaintCanvas& canvas, double x, double y, Colour colour) const;

  // Shares of the size: from line to line, and the height of one line alone. The fonts' own height
  // is not used: a single letter from another font would move all lines.
  static constexpr double kLineHeight = 1.2, kOneLine = 1.1, kBaseline = 0.93,
                          kSpacing = kLetterSpacing;

 private:
  PangoLayoutPtr layout() const;
  PlaceD ink(PangoLayout* layout, double x, double y) const;  // what is painted when drawn there

  const PaintCanvas* canvas_ = nullptr;
  Wish wish_;
  std::string words_;
  Fit fit_ = Fit::Whole;
  int worst_break_ = 0;
  double size_ = 0, width_ = 0, height_ = 0;
  double squeeze_x_ = 1, squeeze_y_ = 1;
  std::vector<Line> lines_;  // of words_
  std::vector<double> line_widths_;
};

// A name with its reading above it (group ruby, JIS X 4051 §4.12.3): where both are written in as
// many parts, each part of the reading stands over its part of the name; whichever is narrower is
// spread evenly. One line. Sizes are as given: the caller chooses them (NameText::width scales
// with them).
class NameText {
 public:
  // `kana_size` 0: without reading.
  NameText(const std::string& name, const std::string& kana, double size, double kana_size);

  double width() const { return width_; }
  double height() const;
  double size() const { return size_; }
  std::vector<MissingLetter> missing() const {
    return missing_letters(name_ + (kana_size_ > 0 ? kana_ : ""));
  }
  // Top left. Squeezed to `most` wide when it is wider; noted as `fit`.
  void draw(const PaintCanvas& canvas, double x, double y, Colour name, Colour kana, double most,
            Fit fit, double floor) const;

  static constexpr double kNameRow = 1.0, kKanaRow = 1.05;  // heights, shares of their sizes

 private:
  struct Part {
    std::string name, kana;
    double name_width = 0, kana_width = 0, width = 0;
  };
  void draw_row(const PaintCanvas& canvas, const Part& part, bool kana, double x, double y,
                Colour colour) const;

  std::string name_, kana_;
  double size_, kana_size_, gap_ = 0, width_ = 0;
  std::vector<Part> parts_;
};

// The parts of a name as written: split at spaces, half or full width.
std::vector<std::string> name_parts(const std::string& name);

}  // namespace kakehashi
