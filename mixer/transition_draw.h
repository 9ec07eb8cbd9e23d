// SPDX-License-Identifier: GPL-3.0-or-later
// The pictures between two scenes: a function of the kind and of how far the way has gone. Each
// scene is asked only for the parts that can be seen, once, so a wipe, a push or a slide costs
// little more than one still scene, a dip never more; only a mix needs both whole.
// Thread: one owner. Allocates nothing after its first picture of a size.
#pragma once

#include <optional>

#include "core/transition.h"
#include "mixer/colour.h"
#include "mixer/picture.h"

namespace kakehashi {

// A scene that can be drawn in parts.
class DrawableScene {
 public:
  // `part` of the scene's picture (even, inside it, not empty) into `target` of the same size.
  virtual void draw(const Rect& part, const Picture& target) = 0;
  // The whole picture when it exists already: then it is mixed in without being copied first.
  virtual std::optional<PicturePlanes> ready() = 0;

 protected:
  ~DrawableScene() = default;
};

class TransitionDrawer {
 public:
  TransitionDrawer(int width, int height);

  // position: 0 wholly `first` .. 1 wholly `second`. `dip`: the colour a Dip goes through. Scenes
  // and `out` have the size given to the constructor. Edges stand on even pixels.
  void draw(TransitionKind kind, double position, Yuv dip, DrawableScene& first,
            DrawableScene& second, const Picture& out);

 private:
  void mix(double position, DrawableScene& first, DrawableScene& second, const Picture& out);
  void fade_through(Yuv colour, double position, DrawableScene& first, DrawableScene& second,
                    const Picture& out);
  void wipe(int axis, bool new_is_high, double position, DrawableScene& first,
            DrawableScene& second, const Picture& out);
  void move(int axis, bool new_is_high, bool both, double position, DrawableScene& first,
            DrawableScene& second, const Picture& out);
  void blend_ramp(int axis, int begin, int soft, const PicturePlanes& high, const Picture& out);

  int width_, height_;
  ScratchPicture other_;
  std::vector<std::uint8_t> line_, ramp_;
};

}  // namespace kakehashi
