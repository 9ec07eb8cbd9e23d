// SPDX-License-Identifier: GPL-3.0-or-later
// The looks of whole pictures: holding card, no signal. Sizes are those of a 1080 line canvas.
#include <cmath>

#include "mixer/painter_parts.h"

namespace kakehashi {
namespace {

// WCAG 2.1 relative luminance; text turns dark on a light card.
double luminance(std::uint32_t rgb) {
  const auto linear = [](std::uint32_t c) {
    const double v = static_cast<double>(c & 0xFF) / 255.0;
    return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8) + 0.0722 * linear(rgb);
}

}  // namespace

FramePtr paint_card(const HoldingCard& card, const std::string& event_title, const Canvas& canvas) {
  const PaintCanvas paint(canvas.width, canvas.height);
  const double w = canvas.width, h = canvas.height, unit = h / 1080.0;
  const Colour text = luminance(card.background) > 0.3 ? Colour::rgb(0x101418) : kWhite;
  Colour quiet = text;
  quiet.a = 0.88;
  paint.box(0, 0, w, h, Colour::rgb(card.background));
  paint.box(0, 0, w, 20 * unit, Colour::rgb(0xD5DADF));

  // Words stay within 90 % of the width and off the lowest sixth, where players put their controls.
  const double x = w * 0.05, room = w * 0.9;
  const auto block = [&](const std::string& words, double size, double floor, double middle,
                         double most, bool bold, Colour colour) {
    if (words.empty()) return;
    const FittedText t(paint, words, {size * unit, floor * unit, room, most * h, bold, true, true});
    t.draw(x, middle * h - t.height() / 2, colour);
  };
  block(event_title, 60, 44, 0.16, 0.13, false, quiet);
  block(card.title, 136, 72, 0.36, 0.24, true, text);
  block(card.body, 68, 48, 0.60, 0.22, false, text);
  block(card.contact, 60, 48, 0.79, 0.13, false, quiet);
  return paint.to_frame();
}

FramePtr paint_no_signal(const std::string& role, Language language, const Canvas& canvas) {
  const PaintCanvas paint(canvas.width, canvas.height);
  const double w = canvas.width, h = canvas.height, unit = h / 1080.0;
  paint.box(0, 0, w, h, Colour::rgb(0x1A1D21));

  const double arm = 84 * unit, cx = w / 2, cy = h * 0.34;
  cairo_t* cr = paint.cairo();
  paint.set(kAccent);
  cairo_set_line_width(cr, 26 * unit);
  cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
  for (const double side : {-1.0, 1.0}) {
    cairo_move_to(cr, cx - side * arm, cy - arm);
    cairo_line_to(cr, cx + side * arm, cy + arm);
  }
  cairo_stroke(cr);

  const double x = w * 0.05, room = w * 0.9;
  const FittedText words(paint, language == Language::Japanese ? "入力なし" : "No signal",
                         {120 * unit, 72 * unit, room, h * 0.2, true, false, true});
  words.draw(x, h * 0.57 - words.height() / 2, kWhite);
  const FittedText name(paint, role, {80 * unit, 48 * unit, room, h * 0.2, false, true, true});
  name.draw(x, h * 0.73 - name.height() / 2, kSecondary);
  return paint.to_frame();
}

HoldingCard built_in_emergency_card(Language language) {
  HoldingCard card;
  card.id = "emergency";
  if (language == Language::Japanese) {
    card.title = "しばらくお待ちください";
    card.body = "ただいま機器を調整しています。音声は流れません。\nまもなく再開します";
  } else {
    card.title = "Please wait a moment";
    card.body = "We are adjusting our equipment. There is no sound.\nWe will be back shortly.";
  }
  return card;
}

}  // namespace kakehashi
