// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/layer_effects.h"

#include <cstring>

#include "mixer/compositor.h"
#include "mixer/convert.h"

namespace kakehashi {
namespace {

const LayerLook kNeutral;

const LayerLook& look_of(const CompositorItem& item) { return item.look ? *item.look : kNeutral; }

// A stand-in's words are neither turned nor hidden.
bool source_effects(const CompositorItem& item) { return item.frame && !item.stand_in; }

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
    : turned_(1920, 1080), masks_(width, height), shape_(width, height) {}

bool LayerEffects::wanted(const CompositorItem& item) {
  return (item.look && *item.look != kNeutral) || !item.input_masks.empty();
}

Placement LayerEffects::placement(const CompositorItem& item) {
  const Orientation o = orientation_of(item);
  return place(o.turned(item.frame->info()), item.rect, item.fit, o.turned(item.crop));
}

Rect LayerEffects::opaque(const CompositorItem& item, const Rect& rect) {
  return LayerShape::inside(rect, look_of(item), item.look_scale);
}

Rect LayerEffects::shadow_reach(const CompositorItem& item) {
  return LayerShape::shadow_reach(item.rect, look_of(item).shadow, item.look_scale);
}

std::uint64_t LayerEffects::fingerprint(const CompositorItem& item) {
  if (!wanted(item)) return 0;
  const LayerLook& l = look_of(item);
  Hash h;
  h.all(item.look_scale, item.stand_in, l.flip_horizontal, l.flip_vertical, l.turn);
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
  shape_.begin(place.rect, look, item.look_scale);
  picture_ = place.picture;
  masks_.clear();
  if (!source_effects(item)) return;
  const Orientation o = orientation_of(item);
  masks_.add(item.input_masks, *item.frame, o, place);
  masks_.add(look.masks, *item.frame, o, place);
  if (o.upright()) return;
  item.frame = turned_.turn(*item.frame, o, place.source);
  place.source.x = place.source.y = 0;
}

Rect LayerEffects::area(const Rect& piece, const Rect& canvas) const {
  return intersect(piece, canvas);
}

void LayerEffects::treat(const Rect& area, const Picture& layer) {
  masks_.paint(area, layer);
  shape_.finish(area, layer, nullptr, 0);
}

void LayerEffects::put(const Rect& piece, const Rect& area, const Picture& layer,
                       const Picture& out, int weight) {
  const Picture part = layer.part({piece.x - area.x, piece.y - area.y, piece.w, piece.h});
  mix_into(view_of(part), out.part(piece), weight);
}

void LayerEffects::shadow(const CompositorItem& item, const Rect& piece, const Picture& out,
                          int weight) {
  shape_.begin(item.rect, look_of(item), item.look_scale);
  shape_.shadow(piece, out, weight);
}

}  // namespace kakehashi
