// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/picture_memory.h"

#include "mixer/layer_effects.h"
#include "mixer/overlay_blend.h"

namespace kakehashi {
namespace {

constexpr std::size_t kItems = 32, kOverlays = 16;
constexpr std::size_t kMostChanges = 24;  // more, smaller pieces cost more than they save

Rect around(const Rect& a, const Rect& b) {
  if (empty(a)) return b;
  if (empty(b)) return a;
  const int x = std::min(a.x, b.x), y = std::min(a.y, b.y);
  return {x, y, std::max(a.x + a.w, b.x + b.w) - x, std::max(a.y + a.h, b.y + b.h) - y};
}

// As long as both are held: nobody writes into a published frame, so the same memory is the same
// picture. A still frame is wrapped anew for every tick, hence not the frames' own addresses.
bool same_bytes(const VideoFrame& a, const VideoFrame& b) {
  const FrameInfo &i = a.info(), &j = b.info();
  if (i.format != j.format || i.width != j.width || i.height != j.height || i.matrix != j.matrix ||
      i.range != j.range || i.aspect_numerator != j.aspect_numerator ||
      i.aspect_denominator != j.aspect_denominator)
    return false;
  for (int p = 0; p < plane_count(i.format); ++p)
    if (a.plane(p).data != b.plane(p).data || a.plane(p).stride != b.plane(p).stride) return false;
  return true;
}

}  // namespace

PictureMemory::PictureMemory(int pictures) : pictures_(static_cast<std::size_t>(pictures)) {
  const auto reserve = [](Contents& c) {
    c.items.reserve(kItems);
    c.reach.reserve(kItems);
    c.opaque.reserve(kItems);
    c.overlays.reserve(kOverlays);
  };
  for (Contents& c : pictures_) reserve(c);
  reserve(wanted_);
  for (auto* v : {&changes_, &visible_, &fresh_}) v->reserve(256);
  seen_.reserve(kItems);
}

PictureMemory::Contents& PictureMemory::contents_of(const Picture& out) {
  for (Contents& c : pictures_)
    if (c.key == out.y) return c;
  Contents& oldest = pictures_[next_];
  next_ = (next_ + 1) % pictures_.size();
  oldest.key = out.y;
  oldest.known = false;
  return oldest;
}

void PictureMemory::open(const Picture& out) {
  Contents& c = contents_of(out);
  opened_ = c.known && c.width == out.width && c.height == out.height ? &c : nullptr;
  c.known = false;
}

bool PictureMemory::same(const Item& a, const Item& b) {
  if (!a.still || !b.still || static_cast<bool>(a.frame) != static_cast<bool>(b.frame))
    return false;
  return a.rect == b.rect && a.opacity == b.opacity && a.look == b.look &&
         (a.frame ? a.fit == b.fit && a.crop == b.crop && same_bytes(*a.frame, *b.frame)
                  : a.colour == b.colour);
}

void PictureMemory::describe(std::span<const CompositorItem> items,
                             std::span<const LaidOverlay> overlays, const Picture& out) {
  wanted_.key = out.y;
  wanted_.width = out.width;
  wanted_.height = out.height;
  wanted_.items.clear();
  wanted_.reach.clear();
  wanted_.opaque.clear();
  wanted_.overlays.clear();
  const Rect canvas{0, 0, out.width, out.height};
  for (const CompositorItem& i : items) {
    Item item;
    item.still = !i.frame || i.frame->info().still;
    // The count of a frame's holders is no part of its contents: holding it is not writing it.
    if (i.frame && item.still) item.frame = FramePtr(const_cast<VideoFrame*>(i.frame));
    item.colour = i.colour;
    item.rect = i.rect;
    item.fit = i.fit;
    item.crop = i.crop;
    item.opacity = i.opacity;
    item.look = LayerEffects::fingerprint(i);
    wanted_.items.push_back(std::move(item));
    const Rect reach = i.look ? around(i.rect, LayerEffects::shadow_reach(i)) : i.rect;
    wanted_.reach.push_back(i.opacity > 0 ? intersect(even_around(reach), canvas) : Rect{});
    wanted_.opaque.push_back(Compositor::hidden_by(i));
  }
  for (const LaidOverlay& o : overlays) {
    if (o.weight <= 0) continue;
    wanted_.overlays.push_back({o.image->weak_from_this().lock(), o.weight,
                                intersect(even_around(o.image->rect), canvas)});
  }
}

// Adds what of `area` has not been added before.
void PictureMemory::changed(const Rect& area) {
  fresh_.clear();
  uncovered(area, changes_, 0, fresh_);
  changes_.insert(changes_.end(), fresh_.begin(), fresh_.end());
}

// What can be seen of an item: what nearer ones hide may change as it likes.
void PictureMemory::changed(const Contents& in, std::size_t item) {
  visible_.clear();
  uncovered(in.reach[item], in.opaque, item + 1, visible_);
  for (const Rect& r : visible_) changed(r);
}

void PictureMemory::find_changes(const Contents& old) {
  for (std::size_t i = 0; i < std::max(old.items.size(), wanted_.items.size()); ++i) {
    const bool was = i < old.items.size(), is = i < wanted_.items.size();
    if (was && is && same(old.items[i], wanted_.items[i])) continue;
    if (was) changed(old, i);
    if (is) changed(wanted_, i);
  }
  for (std::size_t i = 0; i < std::max(old.overlays.size(), wanted_.overlays.size()); ++i) {
    const Laid* was = i < old.overlays.size() ? &old.overlays[i] : nullptr;
    const Laid* is = i < wanted_.overlays.size() ? &wanted_.overlays[i] : nullptr;
    if (was && is && was->image && was->image == is->image && was->weight == is->weight) continue;
    if (was) changed(was->rect);
    if (is) changed(is->rect);
  }
}

void PictureMemory::draw(Compositor& compositor, std::span<CompositorItem> items,
                         std::span<const LaidOverlay> overlays, const Picture& out) {
  Contents& contents = contents_of(out);
  describe(items, overlays, out);
  const Rect whole{0, 0, out.width, out.height};
  changes_.clear();
  if (opened_ == &contents) find_changes(contents);
  long area = 0;
  for (const Rect& r : changes_) area += static_cast<long>(r.w) * r.h;
  if (opened_ != &contents || changes_.size() > kMostChanges ||
      area == static_cast<long>(out.width) * out.height)
    changes_.assign(1, whole);
  opened_ = nullptr;

  seen_.assign(items.size(), false);
  for (const Rect& part : changes_) {
    const Picture target = out.part(part);
    for (CompositorItem& item : items) {
      item.rect.x -= part.x;
      item.rect.y -= part.y;
    }
    compositor.draw(items, target);
    for (std::size_t i = 0; i < items.size(); ++i) {
      items[i].rect.x += part.x;
      items[i].rect.y += part.y;
      seen_[i] = seen_[i] || items[i].seen;
    }
    for (const LaidOverlay& o : overlays) blend_overlay(*o.image, o.weight, target, part.x, part.y);
  }
  for (std::size_t i = 0; i < items.size(); ++i) items[i].seen = seen_[i];
  std::swap(contents, wanted_);
  contents.known = true;
}

}  // namespace kakehashi
