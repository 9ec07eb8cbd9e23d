// SPDX-License-Identifier: GPL-3.0-or-later
// Words on a plate: corner title, agenda title, notice. Sizes are those of a 1080 line canvas.
#include <algorithm>
#include <cmath>

#include "core/overlay_kind.h"
#include "mixer/painter_parts.h"
#include "mixer/painter_table.h"

namespace kakehashi {
namespace {

double unit_of(const Canvas& canvas) { return canvas.height / 1080.0; }

// The image ends where the plate ends.
std::shared_ptr<const OverlayImage> cut(const PaintCanvas& paint, const Rect& rect, double plate) {
  Rect where = rect;
  where.w = std::clamp((static_cast<int>(std::ceil(plate)) + 1) & ~1, 2, rect.w);
  return paint.to_overlay(where);
}

Result<std::string> words_of(const Overlay& overlay, const PaintContext& context) {
  std::string words = text_setting(overlay, "text");
  if (words.find_first_not_of(" \t\r\n") == std::string::npos)
    return refused(context, overlay, {"文が空のため、出せません", "has no text and is not shown"},
                   {"文を入れてください。", "Enter a text."});
  return words;
}

}  // namespace

// White on the plate, a light bar before it: the same hand as the name titles.
Result<std::shared_ptr<const OverlayImage>> paint_corner_title(const Overlay& overlay,
                                                               const Rect& rect,
                                                               const Canvas& canvas,
                                                               const PaintContext& context) {
  const auto words = words_of(overlay, context);
  if (!words) return words.error();
  const PaintCanvas paint(rect.w, rect.h);
  const double unit = std::min(unit_of(canvas), rect.h / 78.0);
  const double bar = 10 * unit, padding = 24 * unit, left = bar + padding;
  const FittedText text(paint, *words,
                        {60 * unit, 40 * unit, std::max(2.0, rect.w - left - padding),
                         rect.h - 6 * unit, true, rect.h >= 110 * unit, false});
  const double plate = std::min<double>(rect.w, left + text.width() + padding);
  paint.rounded_box(0, 0, plate, rect.h, 6 * unit, kPlate);
  paint.box(0, 0, bar, rect.h, kAccent);
  text.draw(left, (rect.h - text.height()) / 2, kWhite);
  return cut(paint, rect, plate);
}

// What is on now: the title large, and above it where in the programme it stands.
Result<std::shared_ptr<const OverlayImage>> paint_agenda_title(const Overlay& overlay,
                                                               const Rect& rect,
                                                               const Canvas& canvas,
                                                               const PaintContext& context) {
  const auto words = words_of(overlay, context);
  if (!words) return words.error();
  const std::string above = text_setting(overlay, "above");
  const PaintCanvas paint(rect.w, rect.h);
  const double unit = std::min(unit_of(canvas), rect.h / (above.empty() ? 92.0 : 136.0));
  const double bar = 10 * unit, padding = 28 * unit, left = bar + padding;
  const double room = std::max(2.0, rect.w - left - padding);
  const FittedText small(paint, above,
                         {44 * unit, 36 * unit, room, rect.h * 0.45, false, false, false});
  const double upper = above.empty() ? 0 : small.height();
  const FittedText large(paint, *words,
                         {72 * unit, 48 * unit, room, rect.h - upper - 8 * unit, true,
                          rect.h - upper >= 130 * unit, false});
  const double plate = std::min<double>(
      rect.w, left + std::max(large.width(), above.empty() ? 0.0 : small.width()) + padding);
  paint.rounded_box(0, 0, plate, rect.h, 6 * unit, kPlate);
  paint.box(0, 0, bar, rect.h, kAccent);
  const double top = (rect.h - upper - large.height()) / 2;
  if (!above.empty()) small.draw(left, top, kSecondary);
  large.draw(left, top + upper, kWhite);
  return cut(paint, rect, plate);
}

// A light field with 「お知らせ」 says that this is no title. Telephone numbers and times stand in
// notices: 60 px where they fit.
Result<std::shared_ptr<const OverlayImage>> paint_notice(const Overlay& overlay, const Rect& rect,
                                                         const Canvas& canvas,
                                                         const PaintContext& context) {
  const auto words = words_of(overlay, context);
  if (!words) return words.error();
  const PaintCanvas paint(rect.w, rect.h);
  const double unit = std::min(unit_of(canvas), rect.h / 42.0);
  const double padding = 20 * unit;
  const std::string sign = context.language == Language::Japanese ? "お知らせ" : "Notice";
  const FittedText chip(paint, sign,
                        {36 * unit, 28 * unit, rect.w * 0.25, rect.h * 1.0, true, false, false});
  const double field = chip.width() + 2 * padding;
  const FittedText text(paint, *words,
                        {60 * unit, 40 * unit, std::max(2.0, rect.w - field - 2 * padding),
                         rect.h - 4 * unit, true, rect.h >= 100 * unit, false});
  const double plate = std::min<double>(rect.w, field + text.width() + 2 * padding);
  paint.rounded_box(0, 0, plate, rect.h, 6 * unit, kPlate);
  paint.rounded_box(0, 0, field, rect.h, 6 * unit, kAccent);
  chip.draw(padding, (rect.h - chip.height()) / 2, Colour::rgb(0x101418));
  text.draw(field + padding, (rect.h - text.height()) / 2, kWhite);
  return cut(paint, rect, plate);
}

}  // namespace kakehashi
