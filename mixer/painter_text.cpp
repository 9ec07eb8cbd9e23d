// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/painter_text.h"

#include <algorithm>

#include "mixer/line_break.h"
#include "mixer/painter_parts.h"

namespace kakehashi {
namespace {

double pixels(int units) { return static_cast<double>(units) / PANGO_SCALE; }

double width_of(const std::string& words, double size, bool bold) {
  return letter_positions(words, Face::Lines, bold).back() * size / 100;
}

}  // namespace

// Measured once in a single line; every line's width is the way between two places in it.
FittedText::FittedText(const std::string& text, const Wish& wish)
    : wish_(wish), words_(valid_utf8(text)) {
  wish_.size = std::max(1.0, wish_.size);
  wish_.floor = std::clamp(wish_.floor, 1.0, wish_.size);
  const std::vector<double>& at = letter_positions(words_, wish_.face, wish_.bold);
  const auto width = [&](std::size_t from, std::size_t to) {  // at 100 px; none after the last
    const double spacing = to < words_.size() && to > from ? 100 * kSpacing : 0;
    return std::abs(at[to] - at[from]) - spacing;
  };
  const LineWish lines{wish_.size,  wish_.floor, wish_.width, wish_.height,
                       kLineHeight, kOneLine,    wish_.wrap,  wish_.most_lines};
  const BreakWishes breaks{wish_.width < 8 * wish_.size, wish_.keep};
  LineFit chosen = fit_lines(
      words_, break_chances(words_, breaks), lines,
      [&](std::size_t from, std::size_t to) { return width(from, to) * wish_.size / 100; });
  fit_ = chosen.fit;
  worst_break_ = chosen.worst_break;
  size_ = chosen.size;
  lines_ = std::move(chosen.lines);
  for (const Line& line : lines_) {
    line_widths_.push_back(width(line.from, line.to) * size_ / 100);
    width_ = std::max(width_, line_widths_.back());
  }
  height_ = size_ * (kLineHeight * (this->lines() - 1) + kOneLine);
  squeeze_x_ = std::min(1.0, wish_.width / std::max(width_, 1.0));
  squeeze_y_ = std::min(1.0, wish_.height / std::max(height_, 1.0));
}

PangoLayoutPtr FittedText::layout() const {
  std::string broken;
  for (const Line& line : lines_) {
    if (&line != &lines_.front()) broken += '\n';
    broken += words_.substr(line.from, line.to - line.from);
  }
  PangoLayoutPtr layout = new_layout(wish_.face, size_, wish_.bold);
  set_words(layout.get(), broken, kSpacing * size_);
  return layout;
}

PlaceD FittedText::ink(PangoLayout* layout, double x, double y) const {
  double left = 1e9, top = 1e9, right = -1e9, bottom = -1e9;
  for (int i = 0; i < lines(); ++i) {
    PangoRectangle ink{};
    pango_layout_line_get_extents(pango_layout_get_line_readonly(layout, i), &ink, nullptr);
    if (ink.width <= 0) continue;
    const double room = width_ - line_widths_[static_cast<std::size_t>(i)];
    const double from = (wish_.centred ? room / 2 : 0.0) + pixels(ink.x);
    const double above = size_ * (kBaseline + kLineHeight * i) + pixels(ink.y);
    left = std::min(left, from);
    right = std::max(right, from + pixels(ink.width));
    top = std::min(top, above);
    bottom = std::max(bottom, above + pixels(ink.height));
  }
  if (right < left) return {x, y, 0, 0};
  return {x + left * squeeze_x_, y + top * squeeze_y_, (right - left) * squeeze_x_,
          (bottom - top) * squeeze_y_};
}

void FittedText::draw(const PaintCanvas& canvas, double x, double y, Colour colour) const {
  if (words_.empty()) return;
  if (wish_.centred) x += (wish_.width - width()) / 2;
  const PangoLayoutPtr layout = this->layout();
  if (PaintNotes* notes = PaintNotes::taken()) {
    notes->add({PaintNote::Kind::Text, ink(layout.get(), x, y), colour, words_, fit_, size_,
                wish_.floor, missing()});
    return;
  }
  cairo_t* cr = canvas.cairo();
  cairo_save(cr);
  canvas.set(colour);
  cairo_translate(cr, x, y);
  cairo_scale(cr, squeeze_x_, squeeze_y_);
  for (int i = 0; i < lines(); ++i) {
    const double room = width_ - line_widths_[static_cast<std::size_t>(i)];
    cairo_move_to(cr, wish_.centred ? room / 2 : 0.0, size_ * (kBaseline + kLineHeight * i));
    // Not updated to the squeezed context: Pango would lay the text out anew, wider than measured.
    pango_cairo_show_layout_line(cr, pango_layout_get_line_readonly(layout.get(), i));
  }
  cairo_restore(cr);
}

std::vector<std::string> name_parts(const std::string& name) {
  std::vector<std::string> parts(1);
  for (const CodePoint& p : code_points(name)) {
    if (p.value == U' ' || p.value == U'　' || p.value == 0xA0)
      parts.emplace_back();
    else
      parts.back() += name.substr(p.at, p.size);
  }
  std::erase_if(parts, [](const std::string& p) { return p.empty(); });
  return parts;
}

NameText::NameText(const std::string& name, const std::string& kana, double size, double kana_size)
    : name_(valid_utf8(name)),
      kana_(valid_utf8(kana)),
      size_(size),
      kana_size_(kana_.empty() ? 0 : kana_size),
      gap_(size * 0.35) {
  std::vector<std::string> names = name_parts(name_), kanas = name_parts(kana_);
  if (kana_size_ > 0 && names.size() != kanas.size()) {
    names = {name_};
    kanas = {kana_};
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    Part part{names[i], kana_size_ > 0 ? kanas[i] : "", 0, 0, 0};
    part.name_width = width_of(part.name, size_, true);
    if (kana_size_ > 0) part.kana_width = width_of(part.kana, kana_size_, false);
    part.width = std::max(part.name_width, part.kana_width);
    width_ += part.width + (i > 0 ? gap_ : 0);
    parts_.push_back(std::move(part));
  }
}

double NameText::height() const { return kNameRow * size_ + kKanaRow * kana_size_; }

// The narrower one has the spare room between its letters and half of that at both ends.
void NameText::draw_row(const PaintCanvas& canvas, const Part& part, bool kana, double x, double y,
                        Colour colour) const {
  const std::string& words = kana ? part.kana : part.name;
  const double size = kana ? kana_size_ : size_;
  const double spare = part.width - (kana ? part.kana_width : part.name_width);
  const auto letters = static_cast<double>(letter_starts(words).size() - 1);
  const double each = letters > 0 ? spare / letters : 0;
  const PangoLayoutPtr layout = new_layout(Face::Lines, size, !kana);
  set_words(layout.get(), words, FittedText::kSpacing * size + each);
  canvas.set(colour);
  cairo_move_to(canvas.cairo(), x + each / 2, y + size * 0.89);  // in the middle of a tight row
  pango_cairo_show_layout_line(canvas.cairo(), pango_layout_get_line_readonly(layout.get(), 0));
}

void NameText::draw(const PaintCanvas& canvas, double x, double y, Colour name, Colour kana,
                    double most, Fit fit, double floor) const {
  if (name_.empty() && kana_size_ <= 0) return;
  const double squeeze = std::min(1.0, most / std::max(1.0, width_));
  if (PaintNotes* notes = PaintNotes::taken()) {
    notes->add({PaintNote::Kind::Text,
                {x, y, width_ * squeeze, height()},
                name,
                name_,
                fit,
                size_,
                floor,
                missing()});
    return;
  }
  cairo_t* cr = canvas.cairo();
  cairo_save(cr);
  cairo_translate(cr, x, y);
  cairo_scale(cr, squeeze, 1);
  double at = 0;
  for (const Part& part : parts_) {
    if (kana_size_ > 0) draw_row(canvas, part, true, at, 0, kana);
    draw_row(canvas, part, false, at, kKanaRow * kana_size_, name);
    at += part.width + gap_;
  }
  cairo_restore(cr);
}

}  // namespace kakehashi
