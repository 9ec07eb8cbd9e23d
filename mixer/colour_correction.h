// SPDX-License-Identifier: GPL-3.0-or-later
// Brightness, contrast, white balance, gamma and saturation of one layer, on R'G'B' (BT.709-6),
// after it was fitted: Y'CbCr to R'G'B' in integers, one table per channel for all that is not a
// matrix, and back. R'G'B' beyond 0..1 is kept up to the gain (a camera's superwhite can be brought
// back) and cut before gamma, whose dark end is straight. Chroma is that of the mean of its four
// pixels. Thread: one owner.
#pragma once

#include <array>
#include <vector>

#include "core/layer.h"
#include "mixer/effect_kernels.h"
#include "mixer/picture.h"

namespace kakehashi {

class ColourCorrector {
 public:
  ColourCorrector();
  // In place; even size. The tables of the last corrections are kept, nothing is allocated.
  void apply(const ColourCorrection& correction, const Picture& picture);

 private:
  struct Kept {
    ColourCorrection correction;
    CorrectionTable table;
    bool filled = false;
  };
  const CorrectionTable& table(const ColourCorrection& correction);

  std::vector<Kept> kept_;
  std::size_t next_ = 0;
};

// Neutral numbers for what is none, the rest within the ranges of core/layer.h.
ColourCorrection sane(const ColourCorrection& correction);

void build(const ColourCorrection& correction, CorrectionTable& table);

}  // namespace kakehashi
