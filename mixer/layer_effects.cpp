// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/layer_effects.h"

#include <cstring>

#include "mixer/compositor.h"
#include "mixer/convert.h"
#include "mixer/kernels.h"

namespace kakehashi {
namespace {

const LayerLook kNeutral;

const LayerLook& look_of(const CompositorItem& item) { return item.look ? *item.look : kNeutral; }

// A stand-in's words are neither turned nor hidden; how a camera hangs says nothing of its backup.
bool source_effects(const CompositorItem& item) {
  return item.frame && !item.stand_in && !item.borrowed;
}

Orientation orientation_of(const CompositorItem& item) {
  return source_effects(item) ? Orientation::of(look_of(item)) : Orientation{};
}

// FNV-1a over the values, so that padding between them does not count.
struct Hash {
  std::uint64_t value = 0xcbf29ce484222325;
  template <class T>
  void add(T v) {
    static_assert(std::is_arithmetic_v<T> || std::is_enum_v<T>);
    unsigned char bytes[sizeof v];
    std::memcpy(bytes, &v, sizeof v);
    for (const unsigned char b : bytes) value = (value ^ b) * 0x100000001b3;
  }
  template <class... T>
  void all(T... v) {
    (add(v), ...);
  }
  void masks(std::span<const Mask> list) {
    add(list.size());
    for (const Mask& m : list) all(m.shape, m.cover, m.x, m.y, m.w, m.h, m.colour);
  }
};

}  // namespace

LayerEffects::LayerEffects(int width, int height)
    : keyer_(width + 4),
      alpha_(static_cast<std::size_t>(width + 4) * static_cast<std::size_t>(height + 4)),
      // Small pictures are made of small or of few layers, off the mix thread.
      turned_(std::min(2 * width, 1920), std::min(2 * height, 1080)),
      masks_(width, height),
      shape_(width, height) {}

bool LayerEffects::wanted(const CompositorItem& item) {
  if (!item.input_masks.empty()) return true;
  if (!item.look) return false;
  const LayerLook& l = *item.look;
  return !Orientation::of(l).upright() || l.correction != ColourCorrection{} || l.key.on ||
         !l.masks.empty() || l.corner_radius > 0 || l.border.width > 0 || l.shadow.opacity > 0;
}

Placement LayerEffects::placement(const CompositorItem& item) {
  const Orientation o = orientation_of(item);
  return place(o.turned(item.frame->info()), item.rect, item.fit, o.turned(item.crop));
}

Rect LayerEffects::opaque(const CompositorItem& item, const Rect& rect) {
  if (look_of(item).key.on && source_effects(item)) return {};
  return LayerShape::inside(rect, look_of(item), item.look_scale);
}

Rect LayerEffects::shadow_reach(const CompositorItem& item) {
  // A dark rectangle behind a speaker without a wall would be the wall again.
  if (look_of(item).key.on && source_effects(item)) return {};
  return LayerShape::shadow_reach(item.rect, look_of(item).shadow, item.look_scale);
}

std::uint64_t LayerEffects::fingerprint(const CompositorItem& item) {
  if (!wanted(item)) return 0;
  const LayerLook& l = look_of(item);
  Hash h;
  h.all(item.look_scale, item.stand_in, item.borrowed, l.flip_horizontal, l.flip_vertical, l.turn);
  const ColourCorrection& c = l.correction;
  h.all(c.brightness, c.contrast, c.saturation, c.gamma, c.red_gain, c.blue_gain);
  h.all(l.key.on, l.key.colour, l.key.similarity, l.key.smoothness, l.key.spill);
  h.all(l.corner_radius, l.border.width, l.border.colour);
  h.all(l.shadow.x, l.shadow.y, l.shadow.blur, l.shadow.opacity);
  h.masks(l.masks);
  h.masks(item.input_masks);
  return h.value | 1;
}

void LayerEffects::begin(CompositorItem& item, Placement& place) {
  const LayerLook& look = look_of(item);
  rect_ = place.rect;
  picture_ = place.picture;
  shape_.begin(rect_, look, item.look_scale);
  masks_.clear();
  corrected_ = keyed_ = false;
  if (item.frame && item.borrowed && !item.stand_in)
    masks_.add(item.input_masks, *item.frame, Orientation{}, place);
  if (!source_effects(item)) return;
  corrected_ = look.correction != ColourCorrection{};
  correction_ = look.correction;
  keyed_ = look.key.on;
  if (keyed_) key_ = key_numbers(look.key);
  const Orientation o = orientation_of(item);
  masks_.add(item.input_masks, *item.frame, o, place);
  masks_.add(look.masks, *item.frame, o, place);
  if (o.upright()) return;
  item.frame = turned_.turn(*item.frame, o, place.source);
  place.source.x = place.source.y = 0;
}

Rect LayerEffects::area(const Rect& piece) const {
  if (!keyed_) return piece;
  // One more chroma sample around, so that cut pieces meet without a seam.
  return intersect({piece.x - 2, piece.y - 2, piece.w + 4, piece.h + 4}, rect_);
}

void LayerEffects::treat(const Rect& area, const Picture& layer) {
  masks_.paint(area, layer);
  const Rect part = intersect(area, picture_);
  const Rect inside{part.x - area.x, part.y - area.y, part.w, part.h};
  if (corrected_ && !empty(part)) corrector_.apply(correction_, layer.part(inside));
  if (keyed_) {
    // Bars beside the speaker would be a wall again: only the picture is there.
    alpha_stride_ = area.w;
    const auto n = static_cast<std::size_t>(area.w) * static_cast<std::size_t>(area.h);
    if (alpha_.size() < n) alpha_.resize(n);
    if (inside.w != area.w || inside.h != area.h) std::memset(alpha_.data(), 0, n);
    if (!empty(part))
      keyer_.apply(key_, layer.part(inside),
                   alpha_.data() + static_cast<std::ptrdiff_t>(inside.y) * area.w + inside.x,
                   area.w);
  }
  shape_.finish(area, layer, keyed_ ? alpha_.data() : nullptr, alpha_stride_);
}

void LayerEffects::put(const Rect& piece, const Rect& area, const Picture& layer,
                       const Picture& out, int weight) {
  const Picture from = layer.part({piece.x - area.x, piece.y - area.y, piece.w, piece.h});
  const Picture to = out.part(piece);
  if (!keyed_) return mix_into(view_of(from), to, weight);
  const Kernels& k = kernels();
  const auto line = [](std::uint8_t* plane, int stride, int y) {
    return plane + static_cast<std::ptrdiff_t>(y) * stride;
  };
  for (int y = 0; y < piece.h; y += 2) {
    const std::uint8_t* a =
        line(alpha_.data(), alpha_stride_, piece.y - area.y + y) + (piece.x - area.x);
    const std::uint8_t* b = a + alpha_stride_;
    k.blend(line(to.y, to.stride_y, y), line(from.y, from.stride_y, y), a, weight, piece.w);
    k.blend(line(to.y, to.stride_y, y + 1), line(from.y, from.stride_y, y + 1), b, weight, piece.w);
    k.blend_chroma(line(to.u, to.stride_u, y / 2), line(from.u, from.stride_u, y / 2), a, b, weight,
                   piece.w / 2);
    k.blend_chroma(line(to.v, to.stride_v, y / 2), line(from.v, from.stride_v, y / 2), a, b, weight,
                   piece.w / 2);
  }
}

void LayerEffects::shadow(const CompositorItem& item, const Rect& piece, const Picture& out,
                          int weight) {
  shape_.begin(item.rect, look_of(item), item.look_scale);
  shape_.shadow(piece, out, weight);
}

}  // namespace kakehashi
