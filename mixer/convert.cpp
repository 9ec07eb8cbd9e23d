// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/convert.h"

#include <libyuv/convert.h>
#include <libyuv/planar_functions.h>

#include <cstring>

#include "mixer/kernels.h"

namespace kakehashi {
namespace {

const std::uint8_t* at(PlaneView p, int byte, int line) {
  return p.data + static_cast<std::ptrdiff_t>(line) * p.stride + byte;
}

void convert_bgrx(const VideoFrame& frame, int x, int y, const Picture& out) {
  const Kernels& k = kernels();
  const PlaneView p = frame.plane(0);
  const int pairs = out.width / 2;
  for (int line = 0; line < out.height; line += 2) {
    const std::uint8_t* a = at(p, x * 4, y + line);
    const std::uint8_t* b =
        line + 1 < out.height ? a + p.stride : a;  // odd height: last line twice
    std::uint8_t* luma = out.y + static_cast<std::ptrdiff_t>(line) * out.stride_y;
    std::uint8_t* u = out.u + static_cast<std::ptrdiff_t>(line / 2) * out.stride_u;
    std::uint8_t* v = out.v + static_cast<std::ptrdiff_t>(line / 2) * out.stride_v;
    k.bgrx_to_y(a, luma, out.width);
    if (b != a) k.bgrx_to_y(b, luma + out.stride_y, out.width);
    k.bgrx_to_uv(a, b, u, v, pairs);
    if (out.width % 2) {  // odd width: last pixel twice
      std::uint8_t end[2][8];
      for (int i = 0; i < 2; ++i) {
        std::memcpy(end[0] + 4 * i, a + 8 * pairs, 4);
        std::memcpy(end[1] + 4 * i, b + 8 * pairs, 4);
      }
      k.bgrx_to_uv(end[0], end[1], u + pairs, v + pairs, 1);
    }
  }
}

// 4:2:2 chroma to 4:2:0: the mean of each two lines.
void halve_lines(PlaneView from, int x, int y, int width, int height, std::uint8_t* to,
                 int to_stride) {
  const std::uint8_t* first = at(from, x, y);
  if (height > 1)
    libyuv::InterpolatePlane(first, 2 * from.stride, first + from.stride, 2 * from.stride, to,
                             to_stride, width, height / 2, 128);
  if (height % 2)
    std::memcpy(to + static_cast<std::ptrdiff_t>(height / 2) * to_stride,
                first + static_cast<std::ptrdiff_t>(height - 1) * from.stride,
                static_cast<std::size_t>(width));
}

}  // namespace

void recolour_in_place(const Picture& p, ColorMatrix matrix, ColorRange range) {
  const Recolour c = recolour_from(matrix, range);
  const Kernels& k = kernels();
  for (int line = 0; line < p.height; line += 2) {
    std::uint8_t* y = p.y + static_cast<std::ptrdiff_t>(line) * p.stride_y;
    std::uint8_t* u = p.u + static_cast<std::ptrdiff_t>(line / 2) * p.stride_u;
    std::uint8_t* v = p.v + static_cast<std::ptrdiff_t>(line / 2) * p.stride_v;
    k.recolour_y(y, u, v, y, p.width, c);  // needs the chroma as it was
    if (line + 1 < p.height) k.recolour_y(y + p.stride_y, u, v, y + p.stride_y, p.width, c);
    k.recolour_uv(u, v, u, v, (p.width + 1) / 2, c);
  }
}

void unpack_part(const VideoFrame& frame, int x, int y, const Picture& out) {
  const int w = out.width, h = out.height;
  const PlaneView p0 = frame.plane(0), p1 = frame.plane(1), p2 = frame.plane(2);
  switch (frame.info().format) {
    case PixelFormat::BGRx:
      convert_bgrx(frame, x, y, out);
      break;
    case PixelFormat::I420:
      libyuv::I420Copy(at(p0, x, y), p0.stride, at(p1, x / 2, y / 2), p1.stride,
                       at(p2, x / 2, y / 2), p2.stride, out.y, out.stride_y, out.u, out.stride_u,
                       out.v, out.stride_v, w, h);
      break;
    case PixelFormat::NV12:
      libyuv::NV12ToI420(at(p0, x, y), p0.stride, at(p1, x, y / 2), p1.stride, out.y, out.stride_y,
                         out.u, out.stride_u, out.v, out.stride_v, w, h);
      break;
    case PixelFormat::Y42B:
      libyuv::CopyPlane(at(p0, x, y), p0.stride, out.y, out.stride_y, w, h);
      halve_lines(p1, x / 2, y, (w + 1) / 2, h, out.u, out.stride_u);
      halve_lines(p2, x / 2, y, (w + 1) / 2, h, out.v, out.stride_v);
      break;
    case PixelFormat::YUY2:
      libyuv::YUY2ToI420(at(p0, x * 2, y), p0.stride, out.y, out.stride_y, out.u, out.stride_u,
                         out.v, out.stride_v, w, h);
      break;
    case PixelFormat::UYVY:
      libyuv::UYVYToI420(at(p0, x * 2, y), p0.stride, out.y, out.stride_y, out.u, out.stride_u,
                         out.v, out.stride_v, w, h);
      break;
  }
}

void convert_part(const VideoFrame& frame, int x, int y, const Picture& out) {
  const FrameInfo& info = frame.info();
  unpack_part(frame, x, y, out);
  if (info.format != PixelFormat::BGRx && !is_program_colour(info))
    recolour_in_place(out, info.matrix, info.range);
}

void fill(const Picture& p, Yuv c) {
  const int cw = (p.width + 1) / 2, ch = (p.height + 1) / 2;
  libyuv::SetPlane(p.y, p.stride_y, p.width, p.height, c.y);
  libyuv::SetPlane(p.u, p.stride_u, cw, ch, c.u);
  libyuv::SetPlane(p.v, p.stride_v, cw, ch, c.v);
}

void copy(const PicturePlanes& from, const Picture& to) {
  libyuv::I420Copy(from.y, from.stride_y, from.u, from.stride_u, from.v, from.stride_v, to.y,
                   to.stride_y, to.u, to.stride_u, to.v, to.stride_v, from.width, from.height);
}

void mix_into(const PicturePlanes& from, const Picture& to, int weight) {
  if (weight > 0) mix_of(from, view_of(to), to, weight);
}

void mix_of(const PicturePlanes& a, const PicturePlanes& b, const Picture& to, int weight) {
  if (weight >= 256) return copy(a, to);
  if (weight <= 0) return copy(b, to);
  const int cw = (to.width + 1) / 2, ch = (to.height + 1) / 2;
  libyuv::InterpolatePlane(b.y, b.stride_y, a.y, a.stride_y, to.y, to.stride_y, to.width, to.height,
                           weight);
  libyuv::InterpolatePlane(b.u, b.stride_u, a.u, a.stride_u, to.u, to.stride_u, cw, ch, weight);
  libyuv::InterpolatePlane(b.v, b.stride_v, a.v, a.stride_v, to.v, to.stride_v, cw, ch, weight);
}

}  // namespace kakehashi
