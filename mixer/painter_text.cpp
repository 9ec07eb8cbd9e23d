// SPDX-License-Identifier: GPL-3.0-or-later
#include <fontconfig/fontconfig.h>

#include <algorithm>

#include "mixer/painter_parts.h"

namespace kakehashi {
namespace {

// BIZ UDPGothic has all of JIS X 0208 and CP932; Noto Sans CJK JP has the rarer kanji of names.
constexpr const char* kFamilies = "BIZ UDPGothic, Noto Sans CJK JP";
constexpr double kStep = 2;           // pixels per try
constexpr double kLineHeight = 1.25;  // of the letters; theirs alone is 1.0, too tight to read

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
  PangoContext* context = pango_layout_get_context(layout);
  pango_context_set_language(context, pango_language_from_string("ja"));
  pango_context_set_round_glyph_positions(context, FALSE);  // or squeezed text grows again
  pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_line_spacing(layout, static_cast<float>(kLineHeight));
  if (wish.centred) pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
  // Not valid UTF-8 (a hand-made event file): Pango would refuse all of it.
  char* valid = g_utf8_make_valid(text.c_str(), static_cast<gssize>(text.size()));
  const std::string words = valid;
  g_free(valid);

  // Whole lines as they were written; then broken at a phrase; then wherever Japanese line
  // breaking allows; each only when the step before would need much smaller letters.
  const double floor = std::min(wish.floor, wish.size);
  if (try_sizes(words, wish.wrap ? std::max(floor, wish.size * 2 / 3) : floor, false)) return;
  if (wish.wrap) {
    if (try_sizes(broken_at_phrase(words), floor, false)) return;
    whole_ = false;
    if (try_sizes(words, floor, true)) return;
  }
  whole_ = false;
  measure(floor, wish.wrap);
  squeeze_x_ = std::min(1.0, wish.width / std::max(width_, 1.0));
  squeeze_y_ = std::min(1.0, wish.height / std::max(height_, 1.0));
}

bool FittedText::try_sizes(const std::string& words, double floor, bool wrap) {
  pango_layout_set_text(layout_.get(), words.c_str(), static_cast<int>(words.size()));
  for (double size = wish_.size; size >= floor; size -= kStep) {
    measure(size, wrap);
    if (width_ <= wish_.width && height_ <= wish_.height) return true;
  }
  return false;
}

// The break that makes the two lines most alike, after a space or 、。 or before an opening 「.
std::string FittedText::broken_at_phrase(const std::string& words) {
  if (words.find('\n') != std::string::npos) return words;
  std::string best = words;
  double best_width = 1e9;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const bool space = words[i] == ' ';
    const bool stop =
        i >= 3 && (words.compare(i - 3, 3, "、") == 0 || words.compare(i - 3, 3, "。") == 0);
    const bool opens = words.compare(i, 3, "「") == 0;
    if (!space && !stop && !opens) continue;
    const std::string two = words.substr(0, i) + "\n" + words.substr(space ? i + 1 : i);
    pango_layout_set_text(layout_.get(), two.c_str(), static_cast<int>(two.size()));
    measure(wish_.size, false);
    if (width_ < best_width) {
      best_width = width_;
      best = two;
    }
  }
  return best;
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
  width_ = static_cast<double>(logical.width) / PANGO_SCALE;
  height_ = static_cast<double>(logical.height) / PANGO_SCALE;
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
  // Not updated to the squeezed context: Pango would lay the text out anew, wider than measured.
  pango_cairo_show_layout(cr, layout_.get());
  cairo_restore(cr);
}

}  // namespace kakehashi
