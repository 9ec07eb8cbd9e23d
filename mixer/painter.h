// SPDX-License-Identifier: GPL-3.0-or-later
// Everything with letters that the audience reads, painted by Pango/Cairo on the prep thread and
// handed to the mixer as finished pictures. The mix loop never waits for paint: what is not painted
// yet is not shown, and a card that is missing is replaced by a plain field in its colour.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/show.h"
#include "core/video_frame.h"

namespace kakehashi {

// A picture with transparency, ready to blend: 4:2:0 BT.709 limited, alpha at luma and chroma size.
// Not premultiplied (libyuv's I420Blend takes straight alpha). Even x, y, w, h.
// Kept by shared_ptr, so that whoever laid it over a picture can know it again.
struct OverlayImage : std::enable_shared_from_this<OverlayImage> {
  Rect rect;  // on the canvas; narrower than the overlay's own where the words are short
  int stride_y = 0, stride_uv = 0;
  std::vector<std::uint8_t> y, u, v,
      alpha;  // alpha: stride_y, full size; blending averages it for chroma
};

// One overlay, painted for the place a layout gives it.
struct PaintedOverlay {
  std::string layout;  // id; empty: for every scene (the overlay has its own rect, or no layout)
  std::shared_ptr<const OverlayImage> image;
};
inline const OverlayImage* painted_for(const std::vector<PaintedOverlay>& all,
                                       const std::string& layout) {
  for (const auto& p : all)
    if (p.layout.empty() || p.layout == layout) return p.image.get();
  return nullptr;
}

// Overlays (and parts of cards) whose words change while they are on: each page is painted before
// the moment it becomes true. Immutable once published; the mixer shows the last page that has
// begun. Keys: an overlay's id, or "card.<id>" for what moves on a card.
struct MovingLetters {
  struct Page {
    MediaTime from;
    std::vector<PaintedOverlay> images;  // empty: nothing to be seen
  };
  std::map<std::string, std::vector<Page>> pages;  // in order of `from`
};

// The page shown at `t`: the last one that has begun; none before the first. No allocation.
inline const MovingLetters::Page* page_at(const std::vector<MovingLetters::Page>& pages,
                                          MediaTime t) {
  const MovingLetters::Page* shown = nullptr;
  for (const auto& page : pages) {
    if (page.from > t) break;
    shown = &page;
  }
  return shown;
}

// Something that could not be painted as the event wants it: what viewers get instead, and what to
// do, for the operator.
struct PaintFault {
  std::string id;  // "overlay.<id>" or "card.<id>"
  Text what;
  Text action;  // one
};

// All painted things of a show, by id. Immutable once published.
struct PaintedSet {
  std::map<std::string, std::vector<PaintedOverlay>> overlays;
  std::map<std::string, FramePtr> cards;  // canvas size, I420
  FramePtr emergency;                     // always set
  std::map<std::string, FramePtr>
      no_signal;  // per input: a calm card with its name, canvas size, I420
  std::vector<PaintFault> faults;
};

// Paints all of it (prep thread; 100 ms per full-HD card). Fails only when no font can be loaded at
// all; an overlay that cannot be painted is not shown, and stands in `faults`.
// `media_folder`: relative files (logos) start here.
Result<std::shared_ptr<const PaintedSet>> paint_show(const Show& show, Language language,
                                                     const std::string& media_folder = {});

// What the words of an overlay may depend on besides the overlay.
struct PaintContext {
  Language language = Language::Japanese;
  std::string media_folder;  // relative files (logos) start here
  std::string event_title;
  std::string moving_text;  // of a kind that moves: what it says on this page ("14:03")
  std::vector<PaintFault>* faults = nullptr;  // where a painter tells the operator; may be none
};

// One overlay of any kind, at its own rect, or the kind's usual place when it has none. Through the
// table in mixer/painter_table.h; Unsupported for a kind that nobody paints.
Result<std::shared_ptr<const OverlayImage>> paint_overlay(const Overlay& overlay,
                                                          const Canvas& canvas,
                                                          const PaintContext& context = {});

// What moves on a card: `context.moving_text` ("12:34") at its place on the canvas, to be blended
// over the painted card. NotFound for a card without a countdown.
Result<std::shared_ptr<const OverlayImage>> paint_moving_card(const HoldingCard& card,
                                                              const Canvas& canvas,
                                                              const PaintContext& context);

}  // namespace kakehashi
