// SPDX-License-Identifier: GPL-3.0-or-later
// How captions fill the band that a layout keeps for them. Pure.
#pragma once

#include "core/overlay.h"
#include "core/show.h"
#include "mixer/caption_roll.h"

namespace kakehashi {

struct CaptionPlace {
  CaptionFormat format;
  double letter = 0;   // pixels
  double pitch = 0;    // from line to line
  double padding = 0;  // left and right of the letters
};

// At the size wished for where the band has room for it, else as large as fits, 60 px of a 1080
// line canvas at least (fewer lines then). 20 letters in a line at most; in a band too narrow for
// them 16, and one line more.
CaptionPlace caption_place(const Overlay& overlay, const Rect& band, const Canvas& canvas);

}  // namespace kakehashi
