// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/compositor.h"

#include <cassert>
#include <cmath>

#include "mixer/convert.h"

namespace kakehashi {
namespace {

constexpr std::size_t kRoom = 64;  // layers and pieces; more only cost an allocation once

int weight_of(const CompositorItem& item) {
  const double o = std::isfinite(item.opacity) ? item.opacity : 1.0;
  return static_cast<int>(std::lround(std::clamp(o, 0.0, 1.0) * 256));
}

Placement placement_of(const CompositorItem& item) {
  if (item.frame) return LayerEffects::placement(item);
  return {item.rect, item.rect, {}};
}

bool unscaled(const Placement& p) { return p.source.w == p.picture.w && p.source.h == p.picture.h; }

}  // namespace

Compositor::Compositor(int width, int height)
    : scaler_(std::max(width, height)), effects_(width, height) {
  layer_.view(width + 4, height + 4);
  unpacked_.view(1920, 1080);
  places_.reserve(kRoom);
  opaque_.reserve(kRoom);
  pieces_.reserve(4 * kRoom);
  bars_.reserve(4 * kRoom);
  one_.reserve(1);
}

const VideoFrame* Compositor::alone(std::span<CompositorItem> items, int width, int height) {
  for (auto& item : items) item.seen = false;
  for (std::size_t i = items.size(); i-- > 0;) {
    CompositorItem& item = items[i];
    const Rect whole{0, 0, width, height};
    if (weight_of(item) == 0 || empty(intersect(item.rect, whole))) continue;
    // The nearest one that shows at all: it is the picture, or nothing is.
    if (weight_of(item) < 256 || item.rect != whole || !item.frame) return nullptr;
    if (LayerEffects::wanted(item)) return nullptr;
    const FrameInfo& info = item.frame->info();
    const Placement p = placement_of(item);
    if (info.format != PixelFormat::I420 || !is_program_colour(info) || info.width != width ||
        info.height != height || p.picture != whole || p.source != whole)
      return nullptr;
    item.seen = true;
    return item.frame;
  }
  return nullptr;
}

Rect Compositor::hidden_by(const CompositorItem& item) {
  return weight_of(item) == 256 ? LayerEffects::opaque(item, placement_of(item).rect) : Rect{};
}

void Compositor::draw(std::span<CompositorItem> items, const Picture& out) {
  assert(out.width % 2 == 0 && out.height % 2 == 0 && "4:2:0 pictures are even");
  const Rect canvas{0, 0, out.width, out.height};
  places_.clear();
  opaque_.clear();
  for (const auto& item : items) {
    places_.push_back(weight_of(item) > 0 ? placement_of(item) : Placement{});
    opaque_.push_back(intersect(hidden_by(item), canvas));
  }

  pieces_.clear();
  uncovered(canvas, opaque_, 0, pieces_);
  for (const Rect& r : pieces_) fill(out.part(r), kBlack);

  for (std::size_t i = 0; i < items.size(); ++i) {
    draw_shadow(items, i, out);
    pieces_.clear();
    uncovered(intersect(places_[i].rect, canvas), opaque_, i + 1, pieces_);
    items[i].seen = !pieces_.empty();
    if (!items[i].seen) continue;
    if (LayerEffects::wanted(items[i]))
      draw_with_effects(items[i], places_[i], out);
    else
      draw_item(items[i], places_[i], out);
  }
}

// Beneath its layer, whose opaque part hides it like those nearer do.
void Compositor::draw_shadow(std::span<const CompositorItem> items, std::size_t i,
                             const Picture& out) {
  if (!items[i].look || empty(places_[i].rect)) return;
  const Rect reach = LayerEffects::shadow_reach(items[i]);
  if (empty(reach)) return;
  pieces_.clear();
  uncovered(intersect(reach, {0, 0, out.width, out.height}), opaque_, i, pieces_);
  for (const Rect& piece : pieces_) effects_.shadow(items[i], piece, out, weight_of(items[i]));
}

void Compositor::draw_with_effects(CompositorItem item, Placement place, const Picture& out) {
  effects_.begin(item, place);  // item and place are now those of the turned picture
  planes_ready_ = false;
  const int weight = weight_of(item);
  for (const Rect& piece : pieces_) {
    effects_.remember(piece, out);
    if (weight == 256 && !effects_.see_through()) {
      draw_piece(item, place, piece, out.part(piece));
      effects_.treat(piece, out.part(piece));
      continue;
    }
    const Rect area = effects_.area(piece);  // a little more, also outside of the result
    const Picture layer = layer_.view(area.w, area.h);
    draw_piece(item, place, area, layer);
    effects_.treat(area, layer);
    effects_.put(piece, area, layer, out, weight);
  }
}

void Compositor::draw_item(const CompositorItem& item, const Placement& place, const Picture& out) {
  planes_ready_ = false;
  const int weight = weight_of(item);
  for (const Rect& piece : pieces_) {
    if (weight == 256) {
      draw_piece(item, place, piece, out.part(piece));
      continue;
    }
    const Picture layer = layer_.view(out.width, out.height).part(piece);
    draw_piece(item, place, piece, layer);
    mix_into(view_of(layer), out.part(piece), weight);
  }
}

void Compositor::draw_piece(const CompositorItem& item, const Placement& place, const Rect& piece,
                            const Picture& target) {
  if (!item.frame) return fill(target, item.colour);
  one_.assign(1, place.picture);
  bars_.clear();
  uncovered(piece, one_, 0, bars_);
  const Rect inside = intersect(piece, place.picture);
  for (const Rect& bar : bars_)
    fill(target.part({bar.x - piece.x, bar.y - piece.y, bar.w, bar.h}), kBlack);
  if (empty(inside)) return;

  const Picture to = target.part({inside.x - piece.x, inside.y - piece.y, inside.w, inside.h});
  const Rect part{inside.x - place.picture.x, inside.y - place.picture.y, inside.w, inside.h};
  if (unscaled(place))
    return convert_part(*item.frame, place.source.x + part.x, place.source.y + part.y, to);

  const Planes& p = planes(item, place);
  const Rect half{part.x / 2, part.y / 2, part.w / 2, part.h / 2};
  const int w = place.picture.w, h = place.picture.h;
  scaler_.plane(p.y, p.width, p.height, w, h, part, to.y, to.stride_y);
  scaler_.plane(p.u, p.chroma_width, p.chroma_height, w / 2, h / 2, half, to.u, to.stride_u);
  scaler_.plane(p.v, p.chroma_width, p.chroma_height, w / 2, h / 2, half, to.v, to.stride_v);
  if (p.recolour) recolour_in_place(to, item.frame->info().matrix, item.frame->info().range);
}

const Compositor::Planes& Compositor::planes(const CompositorItem& item, const Placement& place) {
  if (planes_ready_) return planes_;
  planes_ready_ = true;
  const VideoFrame& f = *item.frame;
  const FrameInfo& info = f.info();
  const Rect& s = place.source;
  planes_.width = s.w;
  planes_.height = s.h;
  planes_.chroma_width = (s.w + 1) / 2;
  planes_.chroma_height = (s.h + 1) / 2;
  planes_.recolour = info.format != PixelFormat::BGRx && !is_program_colour(info);
  const auto at = [](PlaneView p, int x, int y) {
    return PlaneView{p.data + static_cast<std::ptrdiff_t>(y) * p.stride + x, p.stride};
  };
  if (info.format == PixelFormat::I420 || info.format == PixelFormat::Y42B) {
    const bool tall = info.format == PixelFormat::Y42B;  // chroma has every line
    planes_.y = at(f.plane(0), s.x, s.y);
    planes_.u = at(f.plane(1), s.x / 2, tall ? s.y : s.y / 2);
    planes_.v = at(f.plane(2), s.x / 2, tall ? s.y : s.y / 2);
    if (tall) planes_.chroma_height = s.h;
  } else {
    const Picture p = unpacked_.view(s.w, s.h);
    unpack_part(f, s.x, s.y, p);
    planes_.y = {p.y, p.stride_y};
    planes_.u = {p.u, p.stride_u};
    planes_.v = {p.v, p.stride_v};
  }
  return planes_;
}

}  // namespace kakehashi
