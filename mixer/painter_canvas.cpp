// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <cstring>
#include <numbers>

#include "mixer/kernels.h"
#include "mixer/painter_parts.h"
#include "mixer/picture.h"

namespace kakehashi {
namespace {

thread_local PaintNotes* notes_taken = nullptr;

bool note_plate(const PlaceD& place, Colour colour) {
  if (notes_taken) notes_taken->add({PaintNote::Kind::Plate, place, colour, {}, {}, 0, 0, {}});
  return notes_taken != nullptr;
}

}  // namespace

PaintNotes::PaintNotes() { notes_taken = this; }
PaintNotes::~PaintNotes() { notes_taken = nullptr; }
PaintNotes* PaintNotes::taken() { return notes_taken; }

PaintCanvas::PaintCanvas(int width, int height)
    : width_(width),
      height_(height),
      surface_(PaintNotes::taken()
                   ? cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1)
                   : cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height)),
      cairo_(cairo_create(surface_.get())) {
  // No hinting and no subpixels: the same letters on every machine and at every size.
  cairo_font_options_t* options = cairo_font_options_create();
  cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  cairo_set_font_options(cairo_.get(), options);
  cairo_font_options_destroy(options);
}

void PaintCanvas::box(double x, double y, double w, double h, Colour c) const {
  if (note_plate({x, y, w, h}, c)) return;
  set(c);
  cairo_rectangle(cairo(), x, y, w, h);
  cairo_fill(cairo());
}

void PaintCanvas::rounded_box(double x, double y, double w, double h, double radius,
                              Colour c) const {
  if (note_plate({x, y, w, h}, c)) return;
  const double quarter = std::numbers::pi / 2;
  set(c);
  cairo_new_sub_path(cairo());
  cairo_arc(cairo(), x + w - radius, y + radius, radius, -quarter, 0);
  cairo_arc(cairo(), x + w - radius, y + h - radius, radius, 0, quarter);
  cairo_arc(cairo(), x + radius, y + h - radius, radius, quarter, 2 * quarter);
  cairo_arc(cairo(), x + radius, y + radius, radius, 2 * quarter, 3 * quarter);
  cairo_close_path(cairo());
  cairo_fill(cairo());
}

FramePtr PaintCanvas::to_frame() const {
  if (notes_taken) return {};
  cairo_surface_flush(surface_.get());
  const std::uint8_t* pixels = cairo_image_surface_get_data(surface_.get());
  const int stride = cairo_image_surface_get_stride(surface_.get());
  FramePool pool(PixelFormat::I420, width_, height_, 1);  // the frame outlives it
  FrameBuilder builder = std::move(*pool.acquire());
  builder.info().still = true;
  const Picture out = picture_of(builder);
  const Kernels& k = kernels();
  // Opaque ARGB32 in memory is B G R 255; premultiplied by one changes nothing.
  for (int y = 0; y + 1 < height_; y += 2) {
    const std::uint8_t* a = pixels + static_cast<std::ptrdiff_t>(y) * stride;
    k.bgrx_to_y(a, out.y + static_cast<std::ptrdiff_t>(y) * out.stride_y, width_);
    k.bgrx_to_y(a + stride, out.y + static_cast<std::ptrdiff_t>(y + 1) * out.stride_y, width_);
    k.bgrx_to_uv(a, a + stride, out.u + static_cast<std::ptrdiff_t>(y / 2) * out.stride_u,
                 out.v + static_cast<std::ptrdiff_t>(y / 2) * out.stride_v, width_ / 2);
  }
  return std::move(builder).publish();
}

std::shared_ptr<const OverlayImage> PaintCanvas::to_overlay(const Rect& where) const {
  auto image = std::make_shared<OverlayImage>();
  image->rect = where;
  if (notes_taken) return image;
  cairo_surface_flush(surface_.get());
  const std::uint8_t* pixels = cairo_image_surface_get_data(surface_.get());
  const int stride = cairo_image_surface_get_stride(surface_.get());
  image->stride_y = (width_ + 31) / 32 * 32;
  image->stride_uv = (width_ / 2 + 31) / 32 * 32;
  const auto luma = static_cast<std::size_t>(image->stride_y * height_);
  const auto chroma = static_cast<std::size_t>(image->stride_uv * (height_ / 2));
  image->y.assign(luma, kBlack.y);
  image->alpha.assign(luma, 0);
  image->u.assign(chroma, kBlack.u);
  image->v.assign(chroma, kBlack.v);

  // Most pixels are like their neighbour: plate, or nothing at all.
  const auto pixel = [&](int px, int py) {
    std::uint32_t v;
    std::memcpy(&v, pixels + static_cast<std::ptrdiff_t>(py) * stride + px * 4, 4);
    return v;
  };
  std::uint32_t flat = 0, known = 0;
  std::uint8_t flat_y = 0, flat_u = 0, flat_v = 0, known_y = 0;
  bool flat_set = false;
  for (int y = 0; y < height_; y += 2)
    for (int x = 0; x < width_; x += 2) {
      const std::uint32_t first = pixel(x, y);
      const bool even =
          first == pixel(x + 1, y) && first == pixel(x, y + 1) && first == pixel(x + 1, y + 1);
      if (even && first >> 24 == 0) continue;
      const auto luma_at = static_cast<std::size_t>(y * image->stride_y + x);
      const auto chroma_at = static_cast<std::size_t>(y / 2 * image->stride_uv + x / 2);
      if (even && flat_set && first == flat) {
        const auto below = luma_at + static_cast<std::size_t>(image->stride_y);
        for (const auto at : {luma_at, luma_at + 1, below, below + 1}) {
          image->alpha[at] = static_cast<std::uint8_t>(first >> 24);
          image->y[at] = flat_y;
        }
        image->u[chroma_at] = flat_u;
        image->v[chroma_at] = flat_v;
        continue;
      }
      std::uint32_t sum[3] = {0, 0, 0}, weight = 0;  // premultiplied: already weighted by alpha
      for (int i = 0; i < 4; ++i) {
        const int px = x + i % 2, py = y + i / 2;
        const std::uint8_t* p = pixels + static_cast<std::ptrdiff_t>(py) * stride + px * 4;
        const std::uint32_t a = p[3];
        if (a == 0) continue;
        const auto straight = [a](std::uint32_t c) {
          return std::min(255U, (c * 255 + a / 2) / a);
        };
        const auto at = static_cast<std::size_t>(py * image->stride_y + px);
        image->alpha[at] = p[3];
        if (const std::uint32_t v = pixel(px, py); v != known || known == 0) {
          known = v;
          known_y = program_colour(straight(p[2]) << 16 | straight(p[1]) << 8 | straight(p[0])).y;
        }
        image->y[at] = known_y;
        for (int c = 0; c < 3; ++c) sum[c] += p[c];
        weight += a;
      }
      if (weight == 0) continue;
      const auto mean = [weight](std::uint32_t s) {
        return std::min(255U, (s * 255 + weight / 2) / weight);
      };
      const Yuv colour = program_colour(mean(sum[2]) << 16 | mean(sum[1]) << 8 | mean(sum[0]));
      image->u[chroma_at] = colour.u;
      image->v[chroma_at] = colour.v;
      if (even) {
        flat = first;
        flat_y = image->y[luma_at];
        flat_u = colour.u;
        flat_v = colour.v;
        flat_set = true;
      }
    }
  return image;
}

}  // namespace kakehashi
