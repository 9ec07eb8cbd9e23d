// SPDX-License-Identifier: GPL-3.0-or-later
// N full-HD inputs side by side on a full-HD canvas with a title over them: what this mixer needs,
// and the floor, which is libyuv's calls alone for the same pixels in one loop.
#pragma once

#include <vector>

#include "mixer/video_mixer.h"
#include "tests/bench/bench.h"

namespace kakehashi::bench {

inline constexpr int kMostInputs = 16;

// Places of n inputs: full, 2 x 2, 3 x 3 or 4 x 4.
std::vector<Rect> grid(int n);
inline const Rect kInset{1400, 40, 480, 270};  // picture in picture, over input 0 in full

// Inputs "in0".. with their pictures, scenes "n1".."n16" and "pip", "slide", "slide_pip", a title.
struct GridStudio {
  GridStudio();

  // One tick of `mixer` on scene `id`.
  FramePtr run(VideoMixer& mixer, const std::string& id, bool with_title = true,
               const std::string& mixed_from = {});

  // Scene and title of the next tick, and the next pictures.
  void tune(const std::string& id, bool with_title);

  Show show;
  LiveState live;
  PaintedSet painted;
  std::vector<std::vector<FramePtr>> sources;
  std::vector<FramePtr> now;
  int tick = 0;

 private:
  void scene(const std::string& id, const std::vector<std::pair<std::string, Rect>>& layers);
};

// mix.n<N>, mix.pip ... against floor.n<N>.box and .bilinear
std::vector<Figure> measure_grids(GridStudio& studio, int rounds, int most);

}  // namespace kakehashi::bench
