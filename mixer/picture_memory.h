// SPDX-License-Identifier: GPL-3.0-or-later
// What stands in each picture of a stock that comes round again and again, so that what still is
// the same is not drawn again: a page of slides, a card, a title, a black field cost nothing while
// they stand. The result is byte for byte what drawing everything would give.
//
// Stands still: a frame whose info().still is set (slides, stills, cards, stand-ins), as long as
// frame, place, opacity and look are the same; a plain colour; an overlay owned by a shared_ptr.
// Such frames and overlays are held on to while a picture shows them. Everything else is taken to
// have changed.
// Thread: one owner. Allocates only when there are more layers than ever before.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "mixer/compositor.h"
#include "mixer/painter.h"

namespace kakehashi {

struct LaidOverlay {
  const OverlayImage* image = nullptr;
  int weight = 256;  // 0 nothing .. 256 as painted
};

class PictureMemory {
 public:
  // `pictures`: how many different ones come round; with more, some are drawn whole.
  explicit PictureMemory(int pictures);

  // Before anything is written into `out`, by draw or otherwise: what is known of a picture is used
  // by the draw that follows at once, and forgotten when something else happens to it.
  void open(const Picture& out);

  // Like compositor.draw(items, out) and then laying the overlays over it in order. Sets `seen` of
  // the items that do not stand still; of the others, only where something of them was drawn.
  void draw(Compositor& compositor, std::span<CompositorItem> items,
            std::span<const LaidOverlay> overlays, const Picture& out);

 private:
  struct Item {
    FramePtr frame;      // held, so that equal addresses mean equal bytes; none for a colour
    bool still = false;  // false: never the same again
    Yuv colour;
    Rect rect;
    FitMode fit = FitMode::Fit;
    Crop crop;
    double opacity = 1.0;
    std::uint64_t look = 0;
  };
  struct Laid {
    std::shared_ptr<const OverlayImage> image;  // none: not owned, never the same again
    int weight = 0;
    Rect rect;
  };
  struct Contents {
    const std::uint8_t* key = nullptr;  // the picture's first sample
    bool known = false;
    int width = 0, height = 0;
    std::vector<Item> items;
    std::vector<Rect> reach, opaque;  // beside items
    std::vector<Laid> overlays;
  };

  static bool same(const Item& a, const Item& b);
  Contents& contents_of(const Picture& out);
  void describe(std::span<const CompositorItem> items, std::span<const LaidOverlay> overlays,
                const Picture& out);
  void find_changes(const Contents& old);
  void changed(const Rect& area);
  void changed(const Contents& in, std::size_t item);

  std::vector<Contents> pictures_;
  std::size_t next_ = 0;
  Contents wanted_;
  Contents* opened_ = nullptr;  // and was known
  std::vector<Rect> changes_;   // do not overlap
  std::vector<Rect> visible_, fresh_;
  std::vector<bool> seen_;
};

}  // namespace kakehashi
