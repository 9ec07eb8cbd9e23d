// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/orientation.h"

#include <libyuv/planar_functions.h>
#include <libyuv/rotate.h>

#include "mixer/convert.h"

namespace kakehashi {

Orientation Orientation::of(const LayerLook& look) {
  Orientation o;
  switch (look.turn) {
    case Turn::Upright:
      break;
    case Turn::Right:
      o = {true, true, false};
      break;
    case Turn::Half:
      o = {false, true, true};
      break;
    case Turn::Left:
      o = {true, false, true};
      break;
  }
  // The source's columns run along y once transposed.
  if (look.flip_horizontal) (o.transpose ? o.mirror_y : o.mirror_x) ^= true;
  if (look.flip_vertical) (o.transpose ? o.mirror_x : o.mirror_y) ^= true;
  return o;
}

FrameInfo Orientation::turned(FrameInfo info) const {
  if (transpose) {
    std::swap(info.width, info.height);
    std::swap(info.aspect_numerator, info.aspect_denominator);
  }
  return info;
}

Crop Orientation::turned(const Crop& c) const {
  Crop t = transpose ? Crop{c.top, c.left, c.bottom, c.right} : c;
  if (mirror_x) std::swap(t.left, t.right);
  if (mirror_y) std::swap(t.top, t.bottom);
  return t;
}

Rect Orientation::source_part(const Rect& r, int width, int height) const {
  const int a = mirror_x ? width - r.x - r.w : r.x;
  const int b = mirror_y ? height - r.y - r.h : r.y;
  return transpose ? Rect{b, a, r.h, r.w} : Rect{a, b, r.w, r.h};
}

void turn_plane(PlaneView s, int width, int height, Orientation o, std::uint8_t* out,
                int out_stride) {
  if (!o.transpose) {
    const int lines = o.mirror_y ? -height : height;  // libyuv: negative is bottom up
    if (o.mirror_x)
      libyuv::MirrorPlane(s.data, s.stride, out, out_stride, width, lines);
    else
      libyuv::CopyPlane(s.data, s.stride, out, out_stride, width, lines);
    return;
  }
  // Transposed; read bottom up it is mirrored along x, written bottom up along y.
  if (o.mirror_x) {
    s.data += static_cast<std::ptrdiff_t>(height - 1) * s.stride;
    s.stride = -s.stride;
  }
  if (o.mirror_y) {
    out += static_cast<std::ptrdiff_t>(width - 1) * out_stride;
    out_stride = -out_stride;
  }
  libyuv::TransposePlane(s.data, s.stride, out, out_stride, width, height);
}

TurnedSource::TurnedSource(int width, int height) {
  const int longer = std::max(width, height), shorter = std::min(width, height);
  turned_.view(longer, shorter);
  turned_.view(shorter, longer);  // lines are padded: not the same amount
  unpacked_.view(longer, shorter);
}

void TurnedSource::View::set(const FrameInfo& info, const Picture& p) {
  info_ = info;
  planes_ = {PlaneView{p.y, p.stride_y}, {p.u, p.stride_u}, {p.v, p.stride_v}};
}

const VideoFrame* TurnedSource::turn(const VideoFrame& frame, Orientation o, const Rect& part) {
  FrameInfo info = o.turned(frame.info());
  const Rect luma = o.source_part(part, info.width, info.height);
  const Rect half{part.x / 2, part.y / 2, (part.w + 1) / 2, (part.h + 1) / 2};
  const Rect chroma = o.source_part(half, (info.width + 1) / 2, (info.height + 1) / 2);

  PlaneView y = frame.plane(0), u = frame.plane(1), v = frame.plane(2);
  int x0 = 0, y0 = 0;
  if (info.format != PixelFormat::I420) {
    // All samples that either asks for, beginning at an even one. A mirrored odd picture begins
    // with the chroma of its last, half column.
    x0 = std::min(luma.x / 2 * 2, 2 * chroma.x);
    y0 = std::min(luma.y / 2 * 2, 2 * chroma.y);
    const int x1 = std::min(frame.width(), std::max(luma.x + luma.w, 2 * (chroma.x + chroma.w)));
    const int y1 = std::min(frame.height(), std::max(luma.y + luma.h, 2 * (chroma.y + chroma.h)));
    const Picture p = unpacked_.view(x1 - x0, y1 - y0);
    unpack_part(frame, x0, y0, p);
    y = {p.y, p.stride_y};
    u = {p.u, p.stride_u};
    v = {p.v, p.stride_v};
  }
  const auto at = [](PlaneView p, int x, int line) {
    return PlaneView{p.data + static_cast<std::ptrdiff_t>(line) * p.stride + x, p.stride};
  };
  const Picture out = turned_.view(part.w, part.h);
  turn_plane(at(y, luma.x - x0, luma.y - y0), luma.w, luma.h, o, out.y, out.stride_y);
  const int cx = chroma.x - x0 / 2, cy = chroma.y - y0 / 2;
  turn_plane(at(u, cx, cy), chroma.w, chroma.h, o, out.u, out.stride_u);
  turn_plane(at(v, cx, cy), chroma.w, chroma.h, o, out.v, out.stride_v);

  if (info.format == PixelFormat::BGRx) {
    info.matrix = ColorMatrix::Bt709;
    info.range = ColorRange::Limited;
  }
  info.format = PixelFormat::I420;
  info.width = part.w;
  info.height = part.h;
  view_.set(info, out);
  return &view_;
}

}  // namespace kakehashi
