// SPDX-License-Identifier: GPL-3.0-or-later
// Privacy masks: painted over a picture after it was fitted, so that a masked input costs no copy
// of its source. What must not be seen is never in the result:
// - everything is rounded outwards, by more than the scaler's and the chroma's reach;
// - a blur is made of the means of at most 8 cells along the mask's longer side, counted in the
//   source's own pixels; nothing else of what lies beneath takes part. So it is the same however
//   far the picture is magnified or cut.
// Thread: one owner. Allocates only when a mask or a number of masks is larger than ever before.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "core/layer.h"
#include "mixer/colour.h"
#include "mixer/layout.h"
#include "mixer/orientation.h"
#include "mixer/picture.h"

namespace kakehashi {

class PrivacyMasks {
 public:
  PrivacyMasks(int width, int height);

  void clear() { patches_.clear(); }
  // `place.source` is in the turned picture of `frame`. A mask with a number that is none hides
  // the whole picture.
  void add(std::span<const Mask> masks, const VideoFrame& frame, Orientation o,
           const Placement& place);

  // Covers what lies in `area` (pixels of the result, even) of `picture`, which is that area.
  void paint(const Rect& area, const Picture& picture);

 private:
  static constexpr int kCells = 8;
  using Cells = std::array<std::uint8_t, kCells * kCells>;
  struct Patch {
    bool ellipse = false, blur = false;
    Yuv colour;
    Rect rect;                                        // covered, even, inside the fitted picture
    double x = 0, y = 0, w = 1, h = 1;                // where the cells lie
    double centre_x = 0, centre_y = 0, a = 1, b = 1;  // of an ellipse
    int columns = 1, lines = 1;                       // of cells
    std::array<Cells, 3> cells{};
  };

  void take_cells(Patch& patch, const VideoFrame& frame, const Rect& part, Orientation o);
  void plane_line(const Patch& patch, int plane, double y, int x, int step, int n);
  void coverage(const Patch& patch, int y, int x, int n, std::uint8_t* out) const;

  std::vector<Patch> patches_;
  Rect origin_;  // the fitted picture: patches are relative to it, so that parts come out alike
  ScratchPicture source_;
  std::vector<std::uint8_t> line_, alpha_;
};

}  // namespace kakehashi
