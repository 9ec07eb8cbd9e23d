// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/painter_timers.h"

#include <algorithm>
#include <cmath>

#include "mixer/moving_letters.h"
#include "mixer/painter_table.h"

namespace kakehashi {
namespace {

bool only_digits(const std::string& words) {
  return !words.empty() && words.find_first_not_of("0123456789:") == std::string::npos;
}

std::string zeros(std::string words) {
  for (char& c : words)
    if (c >= '0' && c <= '9') c = '0';
  return words;
}

// At least as wide as "00:00", so that the plate does not shrink from 10:00 to 9:59.
std::string widest(const std::string& words) {
  const std::string shape = zeros(words);
  return shape == "0:00" ? "00:00" : shape == "0:00:00" ? "00:00:00" : shape;
}

}  // namespace

DigitRow::DigitRow(const PaintCanvas& paint, const std::string& words, double size)
    : paint_(paint), words_(words), size_(size) {
  const FittedText zero(paint, "0", wish()), colon(paint, ":", wish());
  digit_ = zero.width();
  colon_ = colon.width();
  height_ = zero.height();
}

FittedText::Wish DigitRow::wish() const { return {size_, size_, 1e6, 1e6, true, false, false}; }

double DigitRow::width_of(const std::string& words) const {
  double sum = 0;
  for (const char c : words) sum += c == ':' ? colon_ : digit_;
  return sum;
}

void DigitRow::draw(double x, double y, Colour colour) const {
  for (const char c : words_) {
    const double cell = c == ':' ? colon_ : digit_;
    const FittedText letter(paint_, std::string(1, c), wish());
    letter.draw(x + (cell - letter.width()) / 2, y, colour);
    x += cell;
  }
}

Result<std::shared_ptr<const OverlayImage>> paint_timer(const Overlay& overlay, const Rect& rect,
                                                        const Canvas& canvas,
                                                        const PaintContext& context) {
  if (overlay.kind == "countdown") {
    const std::string to = text_setting(overlay, "to");
    if (!to.empty() ? !parse_target(to)
                    : moving_words(overlay, {}, {}, context.language, {}, {}).empty())
      return refused(context, overlay,
                     to.empty() ? Text{"カウントダウンの時刻も長さもありません",
                                       "has neither a time nor a length to count"}
                                : Text{"時刻「" + to + "」が読めません",
                                       "has a time that cannot be read: \"" + to + "\""},
                     {"時刻を 14:00 の形で入れてください。",
                      "Enter the time as 14:00, or a length in minutes."});
  }
  const std::string words =
      context.moving_text.empty() ? timer_sample(overlay) : context.moving_text;
  const bool counts = only_digits(words);
  // 「開始まで まもなく始まります」 is no sentence: words that end a countdown stand alone.
  const std::string heading = counts ? timer_heading(overlay, context.language) : std::string();
  const PaintCanvas paint(rect.w, rect.h);
  const double screen = canvas.height / 1080.0;
  const bool stacked = !heading.empty() && rect.h >= 120 * screen;
  const double unit = std::min(screen, rect.h / (stacked ? 128.0 : 84.0));
  const double bar = 10 * unit, padding = 24 * unit, left = bar + padding;
  const double room = std::max(2.0, rect.w - left - padding);

  const FittedText head(paint, heading,
                        {(stacked ? 40 : 48) * unit, 28 * unit, stacked ? room : room * 0.5,
                         rect.h * (stacked ? 0.45 : 1.0), false, false, false});
  const double gap = heading.empty() || stacked ? 0 : 24 * unit;
  const double beside = heading.empty() || stacked ? 0 : head.width() + gap;
  const double above = stacked ? head.height() : 0;
  double size = 72 * unit;
  // Digits always fill the width of the widest time of their shape, and stand at its right edge.
  while (counts && size > 20 * unit &&
         DigitRow(paint, words, size).width_of(widest(words)) > room - beside)
    size -= 2 * unit;
  const DigitRow row(paint, words, size);
  const FittedText text(paint, counts ? std::string() : words,
                        {56 * unit, 36 * unit, std::max(2.0, room - beside),
                         std::max(2.0, rect.h - above), true, false, false});
  const double shown = counts ? row.width_of(widest(words)) : text.width();
  const double width = stacked ? std::max(head.width(), shown) : beside + shown;
  const double plate = std::min<double>(rect.w, left + width + padding);
  paint.rounded_box(0, 0, plate, rect.h, 6 * unit, kPlate);
  paint.box(0, 0, bar, rect.h, kAccent);
  const double height = counts ? row.height() : text.height();
  const double top = (rect.h - above - height) / 2;
  if (!heading.empty()) head.draw(left, stacked ? top : (rect.h - head.height()) / 2, kSecondary);
  if (counts)
    row.draw(left + beside + shown - row.width_of(words), top + above, kWhite);
  else
    text.draw(left + beside, top + above, kWhite);
  Rect where = rect;
  where.w = std::clamp((static_cast<int>(std::ceil(plate)) + 1) & ~1, 2, rect.w);
  return paint.to_overlay(where);
}

}  // namespace kakehashi
