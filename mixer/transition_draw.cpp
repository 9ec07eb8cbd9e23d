// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/transition_draw.h"

#include <cmath>
#include <cstring>

#include "mixer/convert.h"
#include "mixer/kernels.h"

namespace kakehashi {
namespace {

constexpr int kBand = 180;          // lines: half a megabyte of full HD
constexpr int kSoftEdgeParts = 24;  // a wipe's soft edge is this part of the way wide

int even_near(double v) { return static_cast<int>(std::lround(v / 2)) * 2; }
int weight_of(double share) { return static_cast<int>(std::lround(share * 256)); }

}  // namespace

TransitionDrawer::TransitionDrawer(int width, int height) : width_(width), height_(height) {
  other_.view(width, height);
  line_.resize(static_cast<std::size_t>(width) * 2);
  ramp_.resize(static_cast<std::size_t>(width) * 2);
}

void TransitionDrawer::draw(TransitionKind kind, double position, Yuv dip, DrawableScene& first,
                            DrawableScene& second, const Picture& out) {
  using enum TransitionKind;
  // 0: along x, 1: along y. What moves to the left or up comes in from the high end.
  switch (kind) {
    case Cut:
    case Mix:
      return mix(position, first, second, out);
    case Dip:
      return fade_through(dip, position, first, second, out);
    case FadeBlack:
      return fade_through(kBlack, position, first, second, out);
    case WipeLeft:
    case WipeRight:
      return wipe(0, kind == WipeLeft, position, first, second, out);
    case WipeUp:
    case WipeDown:
      return wipe(1, kind == WipeUp, position, first, second, out);
    case PushLeft:
    case PushRight:
      return move(0, kind == PushLeft, true, position, first, second, out);
    case PushUp:
    case PushDown:
      return move(1, kind == PushUp, true, position, first, second, out);
    case SlideLeft:
    case SlideRight:
      return move(0, kind == SlideLeft, false, position, first, second, out);
    case SlideUp:
    case SlideDown:
      return move(1, kind == SlideUp, false, position, first, second, out);
  }
}

void TransitionDrawer::mix(double position, DrawableScene& first, DrawableScene& second,
                           const Picture& out) {
  const int weight = 256 - weight_of(position);
  if (const auto ready = first.ready()) {
    if (const auto both = second.ready()) return mix_of(*ready, *both, out, weight);
    second.draw({0, 0, width_, height_}, out);
    return mix_into(*ready, out, weight);
  }
  // Band by band, so that neither of the two has left the cache when they meet.
  for (int y = 0; y < height_; y += kBand) {
    const Rect band{0, y, width_, std::min(kBand, height_ - y)};
    const Picture to = out.part(band), other = other_.view(width_, band.h);
    second.draw(band, to);
    first.draw(band, other);
    mix_into(view_of(other), to, weight);
  }
}

void TransitionDrawer::fade_through(Yuv colour, double position, DrawableScene& first,
                                    DrawableScene& second, const Picture& out) {
  const bool going = position < 0.5;
  (going ? first : second).draw({0, 0, width_, height_}, out);
  // One line of the colour stands for the whole picture of it.
  const auto n = static_cast<std::size_t>(width_);
  std::uint8_t *y = line_.data(), *u = y + n, *v = u + n / 2;
  std::memset(y, colour.y, n);
  std::memset(u, colour.u, n / 2);
  std::memset(v, colour.v, n / 2);
  const PicturePlanes plain{y, u, v, 0, 0, 0, width_, height_};
  mix_into(plain, out, weight_of(going ? 2 * position : 2 - 2 * position));
}

void TransitionDrawer::wipe(int axis, bool new_is_high, double position, DrawableScene& first,
                            DrawableScene& second, const Picture& out) {
  const int length = axis == 0 ? width_ : height_;
  const int soft = std::max(2, even_near(static_cast<double>(length) / kSoftEdgeParts));
  const int gone = even_near(position * (length + soft));
  // From `begin` to `begin + soft` the one fades into the other; both may lie outside.
  const int begin = new_is_high ? length - gone : gone - soft;
  const int low_end = std::clamp(begin + soft, 0, length),
            high_begin = std::clamp(begin, 0, length);
  DrawableScene& low = new_is_high ? first : second;
  DrawableScene& high = new_is_high ? second : first;
  const auto part = [&](int from, int to) {
    return axis == 0 ? Rect{from, 0, to - from, height_} : Rect{0, from, width_, to - from};
  };
  if (low_end > 0) low.draw(part(0, low_end), out.part(part(0, low_end)));
  if (low_end < length) high.draw(part(low_end, length), out.part(part(low_end, length)));
  if (low_end == high_begin) return;
  const Rect edge = part(high_begin, low_end);
  const Picture other = other_.view(width_, height_).part({0, 0, edge.w, edge.h});
  high.draw(edge, other);
  blend_ramp(axis, high_begin - begin, soft, view_of(other), out.part(edge));
}

// Over a soft edge of `soft` pixels, of which `out` begins at `begin`: the higher, the more of
// `high`.
void TransitionDrawer::blend_ramp(int axis, int begin, int soft, const PicturePlanes& high,
                                  const Picture& out) {
  const Kernels& k = kernels();
  const auto alpha_at = [&](int i) {
    return static_cast<std::uint8_t>((510 * (begin + i) + 255) / (2 * soft));
  };
  std::uint8_t *ramp0 = ramp_.data(), *ramp1 = ramp0 + width_;
  const auto n = static_cast<std::size_t>(out.width);
  for (int i = 0; axis == 0 && i < out.width; ++i) ramp0[i] = ramp1[i] = alpha_at(i);
  const auto line = [](auto* plane, int stride, int y) {
    return plane + static_cast<std::ptrdiff_t>(y) * stride;
  };
  for (int y = 0; y + 1 < out.height; y += 2) {
    if (axis == 1) {
      std::memset(ramp0, alpha_at(y), n);
      std::memset(ramp1, alpha_at(y + 1), n);
    }
    k.blend(line(out.y, out.stride_y, y), line(high.y, high.stride_y, y), ramp0, 256, out.width);
    k.blend(line(out.y, out.stride_y, y + 1), line(high.y, high.stride_y, y + 1), ramp1, 256,
            out.width);
    k.blend_chroma(line(out.u, out.stride_u, y / 2), line(high.u, high.stride_u, y / 2), ramp0,
                   ramp1, 256, out.width / 2);
    k.blend_chroma(line(out.v, out.stride_v, y / 2), line(high.v, high.stride_v, y / 2), ramp0,
                   ramp1, 256, out.width / 2);
  }
}

// The new scene moves in; `both`: and pushes the old one out.
void TransitionDrawer::move(int axis, bool new_is_high, bool both, double position,
                            DrawableScene& first, DrawableScene& second, const Picture& out) {
  const int length = axis == 0 ? width_ : height_;
  const int gone = std::clamp(even_near(position * length), 0, length);
  const auto part = [&](int from, int size) {
    return axis == 0 ? Rect{from, 0, size, height_} : Rect{0, from, width_, size};
  };
  const int rest = length - gone;
  const int old_at = new_is_high ? 0 : gone, new_at = new_is_high ? rest : 0;
  const int old_from = both ? (new_is_high ? gone : 0) : old_at;
  const int new_from = new_is_high ? 0 : rest;
  if (rest > 0) first.draw(part(old_from, rest), out.part(part(old_at, rest)));
  if (gone > 0) second.draw(part(new_from, gone), out.part(part(new_at, gone)));
}

}  // namespace kakehashi
