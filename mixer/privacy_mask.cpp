// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/privacy_mask.h"

#include <cmath>
#include <cstring>

#include "mixer/convert.h"
#include "mixer/effect_kernels.h"
#include "mixer/kernels.h"

namespace kakehashi {
namespace {

// The scaler mixes neighbours: enlarging, up to two chroma samples (four pixels) of the source to
// each side; reducing, what one pixel of the result stands for and its neighbour.
constexpr double kSourceMargin = 4, kResultMargin = 2;

constexpr double kFarOut = 1000;  // a mask that lies this many pictures away is a mistake

int floor_even(double v) { return static_cast<int>(std::floor(v / 2)) * 2; }
int ceil_even(double v) { return static_cast<int>(std::ceil(v / 2)) * 2; }

struct Box {
  double x0, y0, x1, y1;
};

}  // namespace

PrivacyMasks::PrivacyMasks(int width, int height) {
  patches_.reserve(16);
  source_.view(width / 2, height);  // of a source as large as the result
  line_.resize(static_cast<std::size_t>(width));
  alpha_.resize(2 * static_cast<std::size_t>(width));
}

void PrivacyMasks::add(std::span<const Mask> masks, const VideoFrame& frame, Orientation o,
                       const Placement& place) {
  const FrameInfo turned = o.turned(frame.info());
  const double scale_x = static_cast<double>(place.picture.w) / place.source.w;
  const double scale_y = static_cast<double>(place.picture.h) / place.source.h;
  const auto to_result = [&](const Box& s) {
    Box t = o.transpose ? Box{s.y0, s.x0, s.y1, s.x1} : s;
    if (o.mirror_x) t = {turned.width - t.x1, t.y0, turned.width - t.x0, t.y1};
    if (o.mirror_y) t = {t.x0, turned.height - t.y1, t.x1, turned.height - t.y0};
    return Box{(t.x0 - place.source.x) * scale_x, (t.y0 - place.source.y) * scale_y,
               (t.x1 - place.source.x) * scale_x, (t.y1 - place.source.y) * scale_y};
  };

  origin_ = place.picture;
  for (const Mask& mask : masks) {
    Box m{mask.x, mask.y, mask.x + mask.w, mask.y + mask.h};
    const bool senseless = !(std::abs(m.x0) < kFarOut && std::abs(m.y0) < kFarOut &&
                             std::abs(m.x1) < kFarOut && std::abs(m.y1) < kFarOut);
    if (senseless) m = {0, 0, 1, 1};
    if (m.x1 <= m.x0 || m.y1 <= m.y0 || m.x1 <= 0 || m.y1 <= 0 || m.x0 >= 1 || m.y0 >= 1) continue;
    const double w = frame.width(), h = frame.height();
    const Box inner{m.x0 * w, m.y0 * h, m.x1 * w, m.y1 * h};
    const Box outer{inner.x0 - kSourceMargin, inner.y0 - kSourceMargin, inner.x1 + kSourceMargin,
                    inner.y1 + kSourceMargin};
    const Box r = to_result(outer);

    Patch patch;
    const Rect around{floor_even(std::max(r.x0 - kResultMargin, -1e6)),
                      floor_even(std::max(r.y0 - kResultMargin, -1e6)), 0, 0};
    patch.rect =
        intersect({around.x, around.y, ceil_even(std::min(r.x1 + kResultMargin, 1e6)) - around.x,
                   ceil_even(std::min(r.y1 + kResultMargin, 1e6)) - around.y},
                  {0, 0, place.picture.w, place.picture.h});
    if (empty(patch.rect)) continue;
    patch.ellipse = mask.shape == Mask::Shape::Ellipse && !senseless;
    patch.blur = mask.cover == Mask::Cover::Blur;
    patch.colour = program_colour(mask.colour);
    patch.x = r.x0;
    patch.y = r.y0;
    patch.w = r.x1 - r.x0;
    patch.h = r.y1 - r.y0;
    if (patch.ellipse) {
      const Box e = to_result(inner);
      const double a = (e.x1 - e.x0) / 2, b = (e.y1 - e.y0) / 2;
      patch.centre_x = (e.x0 + e.x1) / 2;
      patch.centre_y = (e.y0 + e.y1) / 2;
      // Longer half axes alone do not move the edge of a flat ellipse outwards everywhere by as
      // much: at its steepest (a + b) / (2 sqrt(a b)) of it is needed.
      const double more = (kSourceMargin * std::max(scale_x, scale_y) + kResultMargin) *
                          std::max(1.0, (a + b) / (2 * std::sqrt(a * b)));
      patch.a = a + more;
      patch.b = b + more;
    }
    if (patch.blur) {
      const int x0 = floor_even(std::max(outer.x0, 0.0)), y0 = floor_even(std::max(outer.y0, 0.0));
      const int x1 = static_cast<int>(std::ceil(std::min(outer.x1, w)));
      const int y1 = static_cast<int>(std::ceil(std::min(outer.y1, h)));
      take_cells(patch, frame, {x0, y0, x1 - x0, y1 - y0}, o);
      const Box lie = to_result({static_cast<double>(x0), static_cast<double>(y0),
                                 static_cast<double>(x1), static_cast<double>(y1)});
      patch.x = lie.x0;
      patch.y = lie.y0;
      patch.w = lie.x1 - lie.x0;
      patch.h = lie.y1 - lie.y0;
    }
    patches_.push_back(patch);
  }
}

void PrivacyMasks::take_cells(Patch& patch, const VideoFrame& frame, const Rect& part,
                              Orientation o) {
  const Picture p = source_.view(part.w, part.h);
  convert_part(frame, part.x, part.y, p);
  const int longer = std::max(part.w, part.h);
  const auto count = [longer](int length) {
    return std::clamp(static_cast<int>(std::lround(static_cast<double>(kCells) * length / longer)),
                      1, std::max(1, std::min(kCells, (length + 1) / 2)));
  };
  const int across = count(part.w), down = count(part.h);
  patch.columns = o.transpose ? down : across;
  patch.lines = o.transpose ? across : down;
  const EffectKernels& k = effect_kernels();
  const std::uint8_t* planes[3] = {p.y, p.u, p.v};
  const int strides[3] = {p.stride_y, p.stride_u, p.stride_v};
  for (int plane = 0; plane < 3; ++plane) {
    const int w = plane ? (part.w + 1) / 2 : part.w, h = plane ? (part.h + 1) / 2 : part.h;
    for (int j = 0; j < down; ++j) {
      const int y0 = h * j / down, y1 = h * (j + 1) / down;
      std::array<std::uint64_t, kCells> sums{};
      for (int y = y0; y < y1; ++y)
        for (int i = 0; i < across; ++i) {
          const int x0 = w * i / across, x1 = w * (i + 1) / across;
          sums[static_cast<std::size_t>(i)] +=
              k.sum(planes[plane] + static_cast<std::ptrdiff_t>(y) * strides[plane] + x0, x1 - x0);
        }
      for (int i = 0; i < across; ++i) {
        const int x0 = w * i / across, x1 = w * (i + 1) / across;
        const auto n = static_cast<std::uint64_t>((x1 - x0) * (y1 - y0));
        int column = o.transpose ? j : i, line = o.transpose ? i : j;
        if (o.mirror_x) column = patch.columns - 1 - column;
        if (o.mirror_y) line = patch.lines - 1 - line;
        patch.cells[static_cast<std::size_t>(plane)]
                   [static_cast<std::size_t>(line * kCells + column)] =
            static_cast<std::uint8_t>((sums[static_cast<std::size_t>(i)] + n / 2) / n);
      }
    }
  }
}

// n samples of a plane, `step` pixels apart, into line_: linear between the cells' centres.
void PrivacyMasks::plane_line(const Patch& patch, int plane, double y, int x, int step, int n) {
  if (line_.size() < static_cast<std::size_t>(n)) line_.resize(static_cast<std::size_t>(n));
  if (!patch.blur) {
    const std::uint8_t flat[] = {patch.colour.y, patch.colour.u, patch.colour.v};
    std::memset(line_.data(), flat[plane], static_cast<std::size_t>(n));
    return;
  }
  const Cells& cells = patch.cells[static_cast<std::size_t>(plane)];
  const double at = std::clamp((y - patch.y) / patch.h * patch.lines - 0.5, 0.0,
                               static_cast<double>(patch.lines - 1));
  const int upper = static_cast<int>(at), lower = std::min(upper + 1, patch.lines - 1);
  std::array<float, kCells + 1> value{};
  for (int i = 0; i < patch.columns; ++i) {
    const int a = cells[static_cast<std::size_t>(upper * kCells + i)];
    const int b = cells[static_cast<std::size_t>(lower * kCells + i)];
    value[static_cast<std::size_t>(i)] = static_cast<float>(a + (b - a) * (at - upper));
  }
  value[static_cast<std::size_t>(patch.columns)] =
      value[static_cast<std::size_t>(patch.columns - 1)];

  // Sample i lies at first + i * per of the row of cells' centres.
  const double per = step * patch.columns / patch.w;
  const double first = (x + 0.5 * step - patch.x) / patch.w * patch.columns - 0.5;
  int i = 0;
  for (int cell = -1; cell < patch.columns && i < n; ++cell) {
    const int end = cell == patch.columns - 1
                        ? n
                        : std::clamp(static_cast<int>(std::ceil((cell + 1 - first) / per)), i, n);
    const float from = value[static_cast<std::size_t>(std::max(cell, 0))];
    const float to = cell < 0 ? from : value[static_cast<std::size_t>(cell + 1)];
    effect_kernels().ramp(line_.data() + i, end - i,
                          from + (to - from) * static_cast<float>(first + i * per - cell),
                          (to - from) * static_cast<float>(per));
    i = end;
  }
}

void PrivacyMasks::coverage(const Patch& patch, int y, int x, int n, std::uint8_t* out) const {
  std::memset(out, 0, static_cast<std::size_t>(n));
  const double line = std::abs(y + 0.5 - patch.centre_y);
  // Full inside the ellipse, fading over one more pixel beyond it.
  const auto reach = [line](double a, double b) {
    return line >= b ? -1.0 : a * std::sqrt(1 - line / b * (line / b));
  };
  const double full = reach(patch.a, patch.b), some = reach(patch.a + 1, patch.b + 1);
  if (some < 0) return;
  const double c = patch.centre_x - x;
  const int from = std::clamp(static_cast<int>(std::floor(c - some)), 0, n);
  const int to = std::clamp(static_cast<int>(std::ceil(c + some)), 0, n);
  for (int i = from; i < to; ++i) {
    const double d = std::abs(i + 0.5 - c);
    if (d <= full + 0.5) {
      const int end = std::clamp(static_cast<int>(std::ceil(c + full)), i + 1, to);
      std::memset(out + i, 255, static_cast<std::size_t>(end - i));
      i = end - 1;
    } else if (d < some) {
      out[i] =
          static_cast<std::uint8_t>(std::lround(255 * (some - d) / (some - std::max(full, 0.0))));
    }
  }
}

void PrivacyMasks::paint(const Rect& area, const Picture& picture) {
  const Rect here{area.x - origin_.x, area.y - origin_.y, area.w, area.h};
  for (const Patch& patch : patches_) {
    const Rect r = intersect(patch.rect, here);
    if (empty(r)) continue;
    const auto n = static_cast<std::size_t>(r.w);
    if (alpha_.size() < 2 * n) alpha_.resize(2 * n);
    const Picture to = picture.part({r.x - here.x, r.y - here.y, r.w, r.h});
    for (int y = 0; y < r.h; y += 2) {
      for (int line = y; line < y + 2; ++line) {
        std::uint8_t* luma = to.y + static_cast<std::ptrdiff_t>(line) * to.stride_y;
        plane_line(patch, 0, r.y + line + 0.5, r.x, 1, r.w);
        if (!patch.ellipse) {
          std::memcpy(luma, line_.data(), n);
          continue;
        }
        std::uint8_t* alpha = alpha_.data() + static_cast<std::size_t>(line - y) * n;
        coverage(patch, r.y + line, r.x, r.w, alpha);
        kernels().blend(luma, line_.data(), alpha, 256, r.w);
      }
      std::uint8_t* chroma[] = {to.u + static_cast<std::ptrdiff_t>(y / 2) * to.stride_u,
                                to.v + static_cast<std::ptrdiff_t>(y / 2) * to.stride_v};
      for (int plane = 1; plane < 3; ++plane) {
        plane_line(patch, plane, r.y + y + 1.0, r.x, 2, r.w / 2);
        if (patch.ellipse)
          kernels().blend_chroma(chroma[plane - 1], line_.data(), alpha_.data(), alpha_.data() + n,
                                 256, r.w / 2);
        else
          std::memcpy(chroma[plane - 1], line_.data(), n / 2);
      }
    }
  }
}

}  // namespace kakehashi
