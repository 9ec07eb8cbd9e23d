// SPDX-License-Identifier: GPL-3.0-or-later
// Layers -> one picture. Knows nothing of shows and scenes: a list of pictures with places, nearest
// last. Converts, scales and blends only what can be seen, straight into the result where possible.
// Thread: one owner. Allocates only when a size or a layer count is larger than ever before: room
// is made beforehand for sources up to 1920 x 1080, so a larger one costs one allocation at the
// first tick that shows it (its size is not known before).
#pragma once

#include <span>
#include <vector>

#include "mixer/colour.h"
#include "mixer/layer_effects.h"
#include "mixer/layout.h"
#include "mixer/picture.h"
#include "mixer/scale.h"

namespace kakehashi {

struct CompositorItem {
  const VideoFrame* frame = nullptr;  // null: a plain field of `colour`
  Yuv colour = kBlack;
  Rect rect;  // even, pixels of the result; may reach outside
  FitMode fit = FitMode::Fit;
  Crop crop;
  double opacity = 1.0;
  const LayerLook* look = nullptr;  // null: laid into its rectangle, nothing else
  double look_scale = 1.0;          // pixels of the result per pixel of the look's canvas
  bool stand_in = false;            // of a look only rounding, border and shadow; no masks
  bool borrowed = false;  // another input's picture: of a look only rounding, border and shadow,
                          // which say where it stands; the rest was made for the other camera
  std::span<const Mask> input_masks;  // privacy masks of the input, beside the look's own
  bool seen = false;  // set by draw and alone: not hidden by nearer ones, not outside
};

class Compositor {
 public:
  // For results of this size (others are possible; the first of them may allocate).
  Compositor(int width, int height);

  // Paints `out` completely (black where no item is). Width and height of `out` are even.
  void draw(std::span<CompositorItem> items, const Picture& out);

  // What the item hides of all behind it: nothing when it is see-through.
  static Rect hidden_by(const CompositorItem& item);

  // The frame that would be the result of draw byte for byte, without drawing; null when there is
  // none. Sets `seen`.
  static const VideoFrame* alone(std::span<CompositorItem> items, int width, int height);

 private:
  struct Planes {  // the kept part of a source, ready for the scaler
    PlaneView y, u, v;
    int width = 0, height = 0, chroma_width = 0, chroma_height = 0;
    bool recolour = false;
  };

  void draw_item(const CompositorItem& item, const Placement& place, const Picture& out);
  void draw_piece(const CompositorItem& item, const Placement& place, const Rect& piece,
                  const Picture& target);
  void draw_with_effects(CompositorItem item, Placement place, const Picture& out);
  void draw_shadow(std::span<const CompositorItem> items, std::size_t i, const Picture& out);
  const Planes& planes(const CompositorItem& item, const Placement& place);

  Scaler scaler_;
  ScratchPicture unpacked_;  // a source that the scaler cannot read as it is
  ScratchPicture layer_;     // a layer before it is blended
  LayerEffects effects_;
  Planes planes_;
  bool planes_ready_ = false;
  std::vector<Placement> places_;
  std::vector<Rect> opaque_;  // nearest last
  std::vector<Rect> pieces_, bars_, one_;
};

}  // namespace kakehashi
