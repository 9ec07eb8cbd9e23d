// SPDX-License-Identifier: GPL-3.0-or-later
// What a LayerLook and an input's privacy masks do to one picture of a scene, for the compositor.
// The picture itself is laid out and scaled like any other; this turns it before, treats it after,
// and says what of it is opaque. A layer without a look never comes here.
//
// For one item: begin, then for each visible piece remember, (the compositor draws `area` of the
// plain picture), treat, and put when the layer was drawn beside the result.
// Thread: one owner. Allocates only when something is larger than ever before.
#pragma once

#include <vector>

#include "mixer/chroma_key.h"
#include "mixer/colour_correction.h"
#include "mixer/layer_shape.h"
#include "mixer/layout.h"
#include "mixer/orientation.h"
#include "mixer/privacy_mask.h"

namespace kakehashi {

struct CompositorItem;

class LayerEffects {
 public:
  LayerEffects(int width, int height);

  // False: nothing here concerns the item.
  static bool wanted(const CompositorItem& item);
  // mixer/layout.h's place, with the source as it is after flips and turn.
  static Placement placement(const CompositorItem& item);
  // What of the item's rectangle hides all behind it (when its opacity is 1); may be empty.
  static Rect opaque(const CompositorItem& item, const Rect& rect);
  // Where the item's shadow may change the result; empty without one.
  static Rect shadow_reach(const CompositorItem& item);
  // Equal for items whose look and masks are equal, 0 for those that have none: for knowing
  // whether a picture drawn before can stay.
  static std::uint64_t fingerprint(const CompositorItem& item);

  // Replaces item.frame and place.source by the turned ones where the look turns them.
  void begin(CompositorItem& item, Placement& place);
  // The layer is see-through in places and must be drawn beside the result.
  bool see_through() const { return keyed_; }
  // What has to be drawn of the layer so that `piece` comes out right: up to two pixels more.
  Rect area(const Rect& piece) const;
  void remember(const Rect& piece, const Picture& out) { shape_.remember(piece, out); }
  // `layer` is the plain picture of `area`.
  void treat(const Rect& area, const Picture& layer);
  // Blends `piece` out of the layer into the result. weight 0..256.
  void put(const Rect& piece, const Rect& area, const Picture& layer, const Picture& out,
           int weight);
  // The shadow's part in `piece` of the result `out`. weight 0..256. Before the item itself.
  void shadow(const CompositorItem& item, const Rect& piece, const Picture& out, int weight);

 private:
  Rect rect_, picture_;  // the layer's, and where in it the source's picture is
  bool corrected_ = false, keyed_ = false;
  ColourCorrection correction_;
  KeyNumbers key_;
  ColourCorrector corrector_;
  ChromaKeyer keyer_;
  std::vector<std::uint8_t> alpha_;  // of the layer in hand
  int alpha_stride_ = 0;
  TurnedSource turned_;
  PrivacyMasks masks_;
  LayerShape shape_;
};

}  // namespace kakehashi
