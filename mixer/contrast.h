// SPDX-License-Identifier: GPL-3.0-or-later
// How well words can be told from what lies behind them: WCAG 2.1 contrast (JIS X 8341-3:2016
// 1.4.3), 1 to 21. Pure.
#pragma once

#include <vector>

#include "mixer/paint_notes.h"

namespace kakehashi {

double luminance(const Colour& opaque);  // relative, 0..1
Colour over(const Colour& top, const Colour& opaque_below);
double contrast(const Colour& a, const Colour& b);  // of opaque ones

// The worst contrast of notes[text] when any of `behind` (opaque) shines through the plates noted
// before it on which it lies.
double least_contrast(const std::vector<PaintNote>& notes, std::size_t text,
                      const std::vector<Colour>& behind);

}  // namespace kakehashi
