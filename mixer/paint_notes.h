// SPDX-License-Identifier: GPL-3.0-or-later
// What a painter did, written down instead of painted: for the title check. Every painter that uses
// PaintCanvas and FittedText is covered without knowing of it.
#pragma once

#include <string>
#include <vector>

#include "mixer/letters.h"
#include "mixer/line_fit.h"

namespace kakehashi {

struct Colour {
  double r = 0, g = 0, b = 0, a = 1;
  static Colour rgb(std::uint32_t v, double alpha = 1.0) {
    return {((v >> 16) & 0xFF) / 255.0, ((v >> 8) & 0xFF) / 255.0, (v & 0xFF) / 255.0, alpha};
  }
};

struct PlaceD {  // pixels of the painted surface; of letters: their ink
  double x = 0, y = 0, w = 0, h = 0;
};

// In the order of painting. A plate is any filled box; a text lies on the plates before it.
struct PaintNote {
  enum class Kind : std::uint8_t { Plate, Text, LeftOut } kind = Kind::Plate;
  PlaceD place;
  Colour colour;
  std::string words;  // of Text; of LeftOut: words for which there was no room
  Fit fit = Fit::Whole;
  double size = 0, floor = 0;  // pixels
  std::vector<MissingLetter> missing;
};

// While one lives, this thread's painters only lay out and note; surfaces have no pixels and
// images no planes. One at a time per thread.
class PaintNotes {
 public:
  PaintNotes();
  ~PaintNotes();
  PaintNotes(const PaintNotes&) = delete;
  PaintNotes& operator=(const PaintNotes&) = delete;

  static PaintNotes* taken();  // nullptr: painting for real
  void add(PaintNote note) { notes_.push_back(std::move(note)); }
  std::vector<PaintNote> take() { return std::move(notes_); }

 private:
  std::vector<PaintNote> notes_;
};

}  // namespace kakehashi
