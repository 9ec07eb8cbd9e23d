// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/layer_shape.h"

#include <cmath>
#include <cstring>

#include "mixer/convert.h"
#include "mixer/kernels.h"

namespace kakehashi {
namespace {

int up_to_even(double v) { return static_cast<int>(std::ceil(v / 2)) * 2; }
double finite(double v) { return std::isfinite(v) ? v : 0.0; }

double radius_of(const Rect& r, const LayerLook& look, double scale) {
  return std::clamp(look.corner_radius * scale, 0.0, std::min(r.w, r.h) / 2.0);
}

constexpr double kSharp = 0.5;

}  // namespace

double RoundedBox::distance(double px, double py) const {
  const double qx = std::abs(px - (x + w / 2)) - w / 2 + radius;
  const double qy = std::abs(py - (y + h / 2)) - h / 2 + radius;
  if (qx > 0 && qy > 0) return std::sqrt(qx * qx + qy * qy) - radius;
  return std::max(qx, qy) - radius;
}

void box_coverage(const RoundedBox& box, double soft, int y, int x, int n, std::uint8_t* out) {
  const auto share = [soft](double distance) {
    double t = std::clamp((soft - distance) / (2 * soft), 0.0, 1.0);
    if (soft > kSharp) t *= t * (3 - 2 * t);
    return static_cast<std::uint8_t>(std::lround(255 * t));
  };
  // Only columns near the left and right edge differ from one another.
  const double near = box.radius + soft + 1;
  const int left = std::clamp(static_cast<int>(std::ceil(box.x + near)) - x, 0, n);
  const int right = std::clamp(static_cast<int>(std::floor(box.x + box.w - near)) - x, left, n);
  const double line = y + 0.5;
  for (int i = 0; i < left; ++i) out[i] = share(box.distance(x + i + 0.5, line));
  if (right > left)
    std::memset(out + left, share(box.distance(x + left + 0.5, line)),
                static_cast<std::size_t>(right - left));
  for (int i = right; i < n; ++i) out[i] = share(box.distance(x + i + 0.5, line));
}

LayerShape::LayerShape(int width, int height) {
  behind_.view(std::min(width, 512), std::min(height, 512));  // a radius of 256
  rows(width);
}

void LayerShape::rows(int n) {
  const auto wanted = 2 * static_cast<std::size_t>(n);
  if (alpha_.size() < wanted) alpha_.resize(wanted);
  if (colour_.size() < wanted) colour_.resize(wanted);
}

void LayerShape::begin(const Rect& rect, const LayerLook& look, double scale) {
  rect_ = rect;
  const double radius = radius_of(rect, look, scale);
  outer_ = {0, 0, static_cast<double>(rect.w), static_cast<double>(rect.h), radius};
  corner_ =
      radius > 0 ? std::min(up_to_even(radius), up_to_even(std::min(rect.w, rect.h) / 2.0)) : 0;
  const double width = std::clamp(look.border.width * scale, 0.0, std::min(rect.w, rect.h) / 2.0);
  bordered_ = width > 0;
  inner_ = {width, width, outer_.w - 2 * width, outer_.h - 2 * width,
            std::max(0.0, radius - width)};
  thickness_ = up_to_even(width);
  border_colour_ = program_colour(look.border.colour);

  const double blur = std::max(0, look.shadow.blur) * scale;
  shadow_ = outer_;
  shadow_.x = look.shadow.x * scale;
  shadow_.y = look.shadow.y * scale;
  shadow_.radius = std::clamp(blur, radius, std::max(radius, std::min(rect.w, rect.h) / 2.0));
  shadow_soft_ = std::max(kSharp, blur);
  shadow_opacity_ = std::clamp(finite(look.shadow.opacity), 0.0, 1.0);
}

Rect LayerShape::corner(int which) const {
  return {which % 2 ? rect_.x + rect_.w - corner_ : rect_.x,
          which / 2 ? rect_.y + rect_.h - corner_ : rect_.y, corner_, corner_};
}

void LayerShape::remember(const Rect& piece, const Picture& out) {
  if (corner_ == 0) return;
  const Picture kept = behind_.view(2 * corner_, 2 * corner_);
  for (int i = 0; i < 4; ++i) {
    const Rect whole = corner(i), part = intersect(whole, piece);
    if (empty(part)) continue;
    copy(view_of(out.part(part)), kept.part({i % 2 * corner_ + part.x - whole.x,
                                             i / 2 * corner_ + part.y - whole.y, part.w, part.h}));
  }
}

void LayerShape::border(const Rect& strip, const Rect& area, const Picture& layer,
                        std::uint8_t* alpha, int alpha_stride) {
  const Rect r = intersect(strip, area);
  if (empty(r)) return;
  rows(r.w);
  const auto n = static_cast<std::size_t>(r.w);
  const Picture to = layer.part({r.x - area.x, r.y - area.y, r.w, r.h});
  for (int y = 0; y < r.h; y += 2) {
    for (int line = 0; line < 2; ++line) {
      std::uint8_t* a = alpha_.data() + static_cast<std::size_t>(line) * n;
      box_coverage(inner_, kSharp, r.y - rect_.y + y + line, r.x - rect_.x, r.w, a);
      for (std::size_t i = 0; i < n; ++i) a[i] = static_cast<std::uint8_t>(255 - a[i]);
      std::memset(colour_.data(), border_colour_.y, n);
      kernels().blend(to.y + static_cast<std::ptrdiff_t>(y + line) * to.stride_y, colour_.data(), a,
                      256, r.w);
      if (!alpha) continue;
      std::uint8_t* mine = alpha +
                           static_cast<std::ptrdiff_t>(r.y - area.y + y + line) * alpha_stride +
                           (r.x - area.x);
      for (std::size_t i = 0; i < n; ++i) mine[i] = std::max(mine[i], a[i]);
    }
    const auto chroma = [&](std::uint8_t* plane, int stride, std::uint8_t colour) {
      std::memset(colour_.data(), colour, n / 2);
      kernels().blend_chroma(plane + static_cast<std::ptrdiff_t>(y / 2) * stride, colour_.data(),
                             alpha_.data(), alpha_.data() + n, 256, r.w / 2);
    };
    chroma(to.u, to.stride_u, border_colour_.u);
    chroma(to.v, to.stride_v, border_colour_.v);
  }
}

void LayerShape::finish(const Rect& area, const Picture& layer, std::uint8_t* alpha,
                        int alpha_stride) {
  if (bordered_) {
    const int band = std::max(thickness_, corner_);  // lines that hold more than the two sides
    const int top = std::min(band, rect_.h), bottom = std::max(top, rect_.h - band);
    const int side = std::min(thickness_, rect_.w), middle = bottom - top;
    const int right = std::max(side, rect_.w - side);
    const Rect strips[] = {{rect_.x, rect_.y, rect_.w, top},
                           {rect_.x, rect_.y + bottom, rect_.w, rect_.h - bottom},
                           {rect_.x, rect_.y + top, side, middle},
                           {rect_.x + right, rect_.y + top, rect_.w - right, middle}};
    for (const Rect& strip : strips) border(strip, area, layer, alpha, alpha_stride);
  }
  if (corner_ == 0) return;
  const Picture kept = behind_.view(2 * corner_, 2 * corner_);
  rows(corner_);
  const auto n = static_cast<std::size_t>(corner_);
  for (int i = 0; i < 4; ++i) {
    const Rect whole = corner(i), r = intersect(whole, area);
    if (empty(r)) continue;
    const Picture to = layer.part({r.x - area.x, r.y - area.y, r.w, r.h});
    const Picture from =
        kept.part({i % 2 * corner_ + r.x - whole.x, i / 2 * corner_ + r.y - whole.y, r.w, r.h});
    for (int y = 0; y < r.h; y += 2) {
      for (int line = 0; line < 2; ++line) {
        std::uint8_t* a = alpha_.data() + static_cast<std::size_t>(line) * n;
        box_coverage(outer_, kSharp, r.y - rect_.y + y + line, r.x - rect_.x, r.w, a);
        for (int x = 0; x < r.w; ++x) a[x] = static_cast<std::uint8_t>(255 - a[x]);
        kernels().blend(to.y + static_cast<std::ptrdiff_t>(y + line) * to.stride_y,
                        from.y + static_cast<std::ptrdiff_t>(y + line) * from.stride_y, a, 256,
                        r.w);
      }
      kernels().blend_chroma(to.u + static_cast<std::ptrdiff_t>(y / 2) * to.stride_u,
                             from.u + static_cast<std::ptrdiff_t>(y / 2) * from.stride_u,
                             alpha_.data(), alpha_.data() + n, 256, r.w / 2);
      kernels().blend_chroma(to.v + static_cast<std::ptrdiff_t>(y / 2) * to.stride_v,
                             from.v + static_cast<std::ptrdiff_t>(y / 2) * from.stride_v,
                             alpha_.data(), alpha_.data() + n, 256, r.w / 2);
    }
  }
}

void LayerShape::shadow(const Rect& r, const Picture& out, int weight) {
  const int opacity = static_cast<int>(std::lround(shadow_opacity_ * weight));
  if (opacity <= 0) return;
  rows(r.w);
  const auto n = static_cast<std::size_t>(r.w);
  const Picture to = out.part(r);
  for (int y = 0; y < r.h; y += 2) {
    for (int line = 0; line < 2; ++line) {
      std::uint8_t* a = alpha_.data() + static_cast<std::size_t>(line) * n;
      box_coverage(shadow_, shadow_soft_, r.y - rect_.y + y + line, r.x - rect_.x, r.w, a);
      std::memset(colour_.data(), kBlack.y, n);
      kernels().blend(to.y + static_cast<std::ptrdiff_t>(y + line) * to.stride_y, colour_.data(), a,
                      opacity, r.w);
    }
    std::memset(colour_.data(), kBlack.u, n / 2);
    kernels().blend_chroma(to.u + static_cast<std::ptrdiff_t>(y / 2) * to.stride_u, colour_.data(),
                           alpha_.data(), alpha_.data() + n, opacity, r.w / 2);
    kernels().blend_chroma(to.v + static_cast<std::ptrdiff_t>(y / 2) * to.stride_v, colour_.data(),
                           alpha_.data(), alpha_.data() + n, opacity, r.w / 2);
  }
}

Rect LayerShape::shadow_reach(const Rect& rect, const Shadow& s, double scale) {
  if (!(s.opacity > 0) || empty(rect)) return {};
  const double soft = std::max(kSharp, std::max(0, s.blur) * scale);
  const int x0 = static_cast<int>(std::floor((rect.x + s.x * scale - soft) / 2)) * 2;
  const int y0 = static_cast<int>(std::floor((rect.y + s.y * scale - soft) / 2)) * 2;
  return {x0, y0, up_to_even(rect.x + rect.w + s.x * scale + soft) - x0,
          up_to_even(rect.y + rect.h + s.y * scale + soft) - y0};
}

Rect LayerShape::inside(const Rect& rect, const LayerLook& look, double scale) {
  // A square with its corner on the arc of 45 degrees: 1 - sqrt(1/2) of the radius in; one more
  // for the smoothed edge.
  const double radius = radius_of(rect, look, scale);
  if (radius <= 0) return rect;
  const int inset = up_to_even(0.2929 * radius + 1);
  return {rect.x + inset, rect.y + inset, std::max(0, rect.w - 2 * inset),
          std::max(0, rect.h - 2 * inset)};
}

}  // namespace kakehashi
