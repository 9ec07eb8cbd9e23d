// SPDX-License-Identifier: GPL-3.0-or-later
#include <fontconfig/fontconfig.h>

#include <algorithm>

#include "mixer/painter_parts.h"

namespace kakehashi {
namespace {

// BIZ UDPGothic has all of JIS X 0208 and CP932; Noto Sans CJK JP has the rarer kanji of names.
constexpr const char* kFamilies = "BIZ UDPGothic, Noto Sans CJK JP";
constexpr double kStep = 2;  // pixels per try

}  // namespace

Status fonts_available() {
  const FcFontSet* fonts = FcConfigGetFonts(nullptr, FcSetSystem);
  if (fonts && fonts->nfont > 0) return {};
  return Error{ErrorKind::FixSetup,
               "no font is installed; install fonts-morisawa-bizud-gothic and fonts-noto-cjk"};
}

FittedText::FittedText(const PaintCanvas& canvas, const std::string& text, const Wish& wish)
    : canvas_(canvas), wish_(wish), layout_(pango_cairo_create_layout(canvas.cairo())) {
  PangoLayout* layout = layout_.get();
  pango_context_set_language(pango_layout_get_context(layout), pango_language_from_string("ja"));
  // Not valid UTF-8 (a hand-made event file): Pango would refuse all of it.
  char* valid = g_utf8_make_valid(text.c_str(), static_cast<gssize>(text.size()));
  pango_layout_set_text(layout, valid, -1);
  g_free(valid);
  pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
  if (wish.centred) pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);

  const auto fits = [&] { return ink_width_ <= wish.width && text_height_ <= wish.height; };
  const double floor = std::min(wish.floor, wish.size);
  // As one line if at all; broken into lines only when that would go below two thirds.
  const double one_line_floor = wish.wrap ? std::max(floor, wish.size * 2 / 3) : floor;
  for (double size = wish.size; size >= one_line_floor; size -= kStep) {
    measure(size, false);
    if (fits()) return;
  }
  if (wish.wrap)
    for (double size = wish.size; size >= floor; size -= kStep) {
      measure(size, true);
      if (fits()) return;
    }
  measure(floor, wish.wrap);
  squeeze_x_ = std::min(1.0, wish.width / std::max(ink_width_, 1.0));
  squeeze_y_ = std::min(1.0, wish.height / std::max(text_height_, 1.0));
}

void FittedText::measure(double size, bool wrap) {
  PangoFontDescription* font = pango_font_description_from_string(kFamilies);
  pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
  pango_font_description_set_weight(font, wish_.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description(layout_.get(), font);
  pango_font_description_free(font);
  pango_layout_set_width(layout_.get(), wrap ? static_cast<int>(wish_.width * PANGO_SCALE) : -1);
  PangoRectangle logical;
  pango_layout_get_extents(layout_.get(), nullptr, &logical);
  size_ = size;
  ink_width_ = static_cast<double>(logical.width) / PANGO_SCALE;
  text_height_ = static_cast<double>(logical.height) / PANGO_SCALE;
}

void FittedText::draw(double x, double y, Colour colour) const {
  cairo_t* cr = canvas_.cairo();
  PangoRectangle logical;
  pango_layout_get_extents(layout_.get(), nullptr, &logical);
  cairo_save(cr);
  canvas_.set(colour);
  cairo_translate(cr, wish_.centred ? x + (wish_.width - width()) / 2 : x, y);
  cairo_scale(cr, squeeze_x_, squeeze_y_);
  // A wrapped, centred layout begins left of its first letter.
  cairo_move_to(cr, -static_cast<double>(logical.x) / PANGO_SCALE, 0);
  pango_cairo_update_layout(cr, layout_.get());
  pango_cairo_show_layout(cr, layout_.get());
  cairo_restore(cr);
}

}  // namespace kakehashi
