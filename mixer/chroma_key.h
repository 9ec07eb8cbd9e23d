// SPDX-License-Identifier: GPL-3.0-or-later
// A speaker before a green (or blue) wall: how much of each pixel of a fitted layer is speaker, and
// the wall's light taken off what stays. Thread: one owner.
//
// How: a wall lit unevenly keeps its hue while its chroma shrinks and grows with the light. So the
// distance is not to the wall's chroma alone but to a stretch of it, such that all between 55 % and
// twice the light is see-through as long as grey stays opaque with the smoothness asked for. Spill
// is what the wall's channel (the greatest of R'G'B') has more than both others; it is what makes a
// face look green, and nothing in a face, white or grey has any. Edges, being part wall, lose all
// of it. A hair is narrower than a chroma sample: there the chroma is nearly the wall's, but luma
// is far below what wall of that chroma would have. That makes it speaker too.
#pragma once

#include <cstdint>
#include <vector>

#include "core/layer.h"
#include "mixer/effect_kernels.h"
#include "mixer/picture.h"

namespace kakehashi {

KeyNumbers key_numbers(const ChromaKey& key);

class ChromaKeyer {
 public:
  explicit ChromaKeyer(int width);
  // Writes the share of speaker (0..255) of every pixel of `picture` (even size) and takes the
  // spill off, in place.
  void apply(const KeyNumbers& key, const Picture& picture, std::uint8_t* alpha, int alpha_stride);

 private:
  std::vector<std::uint16_t> line_;
  std::vector<std::uint8_t> full_u_, full_v_;
};

}  // namespace kakehashi
