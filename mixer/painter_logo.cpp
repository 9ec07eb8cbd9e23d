// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/painter_logo.h"

#include <librsvg/rsvg.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "mixer/painter_table.h"

namespace kakehashi {
namespace {

constexpr std::uintmax_t kMostBytes = 32U << 20;
constexpr int kMostPixels = 8192;  // of each side

bool is_png(const std::string& head) { return head.rfind("\x89PNG\r\n\x1a\n", 0) == 0; }

// IHDR stands first in every PNG (ISO/IEC 15948, 11.2.2): big-endian width and height.
std::uint32_t big_endian(const std::string& head, std::size_t at) {
  std::uint32_t v = 0;
  for (std::size_t i = at; i < at + 4 && i < head.size(); ++i)
    v = v << 8 | static_cast<std::uint8_t>(head[i]);
  return v;
}

}  // namespace

Result<Logo> Logo::open(const std::string& file, const std::string& folder) {
  namespace fs = std::filesystem;
  const std::string path = (fs::path(folder) / file).string();
  const std::string name = "logo \"" + path + "\"";
  std::error_code ec;
  if (file.empty() || !fs::is_regular_file(path, ec))
    return Error{ErrorKind::NotFound, name + " does not exist; put it there or correct \"file\""};
  if (fs::file_size(path, ec) > kMostBytes)
    return Error{ErrorKind::FixInput, name + " is larger than 32 MiB; save it smaller"};
  std::ifstream in(path, std::ios::binary);
  std::string head(4096, '\0');
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, in.gcount())));
  const bool png = is_png(head);
  if (png && (big_endian(head, 16) > kMostPixels || big_endian(head, 20) > kMostPixels))
    return Error{ErrorKind::FixInput, name + " is wider or higher than 8192 pixels; make it less"};
  if (!png && head.find('<') == std::string::npos)
    return Error{ErrorKind::FixInput, name + " is neither PNG nor SVG; save it as one of them"};
  auto logo = png ? open_png(path) : open_svg(path);
  if (!logo) return std::move(logo.error()).context(name);
  return logo;
}

Result<Logo> Logo::open_png(const std::string& path) {
  Logo logo;
  logo.png_.reset(cairo_image_surface_create_from_png(path.c_str()));
  if (const auto status = cairo_surface_status(logo.png_.get()); status != CAIRO_STATUS_SUCCESS)
    return Error{ErrorKind::FixInput,
                 std::string("broken PNG (") + cairo_status_to_string(status) + "); save it again"};
  logo.width_ = cairo_image_surface_get_width(logo.png_.get());
  logo.height_ = cairo_image_surface_get_height(logo.png_.get());
  return logo;
}

Result<Logo> Logo::open_svg(const std::string& path) {
  Logo logo;
  GError* trouble = nullptr;
  RsvgHandle* handle = rsvg_handle_new_from_file(path.c_str(), &trouble);
  if (!handle) {
    Error error{ErrorKind::FixInput, std::string("broken SVG (") +
                                         (trouble ? trouble->message : "unknown") +
                                         "); save it again"};
    g_clear_error(&trouble);
    return error;
  }
  logo.svg_.reset(handle);
  gboolean has_width = FALSE, has_height = FALSE, has_box = FALSE;
  RsvgLength width{}, height{};
  RsvgRectangle box{};
  rsvg_handle_get_intrinsic_dimensions(handle, &has_width, &width, &has_height, &height, &has_box,
                                       &box);
  gdouble w = 0, h = 0;
  if (!rsvg_handle_get_intrinsic_size_in_pixels(handle, &w, &h) || w <= 0 || h <= 0) {
    w = has_box ? box.width : 1;
    h = has_box ? box.height : 1;
  }
  if (!(w > 0 && h > 0 && std::isfinite(w / h)))
    return Error{ErrorKind::FixInput, "the SVG has no size; save it again with one"};
  logo.width_ = w;
  logo.height_ = h;
  return logo;
}

Logo::Box Logo::fitted(double x, double y, double w, double h, Side side) const {
  const double scale = std::min(w / width_, h / height_);
  const double fw = width_ * scale, fh = height_ * scale;
  const double free = side == Side::Left ? 0 : side == Side::Middle ? (w - fw) / 2 : w - fw;
  return {x + free, y + (h - fh) / 2, fw, fh};
}

void Logo::draw(const PaintCanvas& paint, double x, double y, double w, double h, Side side) const {
  const Box box = fitted(x, y, w, h, side);
  cairo_t* cr = paint.cairo();
  cairo_save(cr);
  if (svg_) {
    const RsvgRectangle place{box.x, box.y, box.w, box.h};
    GError* trouble = nullptr;
    rsvg_handle_render_document(static_cast<RsvgHandle*>(svg_.get()), cr, &place, &trouble);
    g_clear_error(&trouble);
  } else {
    cairo_translate(cr, box.x, box.y);
    cairo_scale(cr, box.w / width_, box.h / height_);
    cairo_set_source_surface(cr, png_.get(), 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_BEST);
    cairo_rectangle(cr, 0, 0, width_, height_);
    cairo_fill(cr);
  }
  cairo_restore(cr);
}

Text logo_trouble(const std::string& file, const Error& error) {
  if (error.kind == ErrorKind::NotFound)
    return {"ロゴの画像「" + file + "」が見つかりません",
            "has no logo: the file \"" + file + "\" is missing"};
  return {"ロゴの画像「" + file + "」を読めません", "has no logo: \"" + file + "\" is broken"};
}

Text logo_remedy() {
  return {"PNGかSVGの画像を、行事ファイルと同じ場所に置いてください。",
          "Put a PNG or SVG file beside the event file."};
}

Result<std::shared_ptr<const OverlayImage>> paint_logo(const Overlay& overlay, const Rect& rect,
                                                       const Canvas& canvas,
                                                       const PaintContext& context) {
  const std::string file = text_setting(overlay, "file");
  const auto logo = Logo::open(file, context.media_folder);
  if (!logo) {
    (void)refused(context, overlay, logo_trouble(file, logo.error()), logo_remedy());
    return logo.error();
  }
  // In a corner of the picture it keeps to that corner.
  const Side side = rect.x + rect.w / 2 > canvas.width / 2 ? Side::Right : Side::Left;
  const PaintCanvas paint(rect.w, rect.h);
  const bool plate = switch_setting(overlay, "plate");
  const double edge = plate ? 12 * canvas.height / 1080.0 : 0;
  if (plate) {
    const Logo::Box box = logo->fitted(edge, edge, rect.w - 2 * edge, rect.h - 2 * edge, side);
    paint.rounded_box(box.x - edge, box.y - edge, box.w + 2 * edge, box.h + 2 * edge, edge / 2,
                      kWhite);
  }
  logo->draw(paint, edge, edge, std::max(1.0, rect.w - 2 * edge), std::max(1.0, rect.h - 2 * edge),
             side);
  return paint.to_overlay(rect);
}

}  // namespace kakehashi
