// SPDX-License-Identifier: GPL-3.0-or-later
// The looks: name title, holding card, no-signal picture. Sizes are those of a 1080 line canvas.
#include <algorithm>
#include <cmath>
#include <optional>

#include "mixer/painter_parts.h"

namespace kakehashi {
namespace {

constexpr Colour kWhite{1, 1, 1, 1};
const Colour kPlate = Colour::rgb(0x10141A, 0.85);  // white on it over white: above 12 : 1
const Colour kAccent = Colour::rgb(0xD5DEE6);
const Colour kSecondary = Colour::rgb(0xE6ECF2);

// WCAG 2.1 relative luminance; text turns dark on a light card.
double luminance(std::uint32_t rgb) {
  const auto linear = [](std::uint32_t c) {
    const double v = static_cast<double>(c & 0xFF) / 255.0;
    return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8) + 0.0722 * linear(rgb);
}

Rect even_rect(const Rect& r) {
  const int x = r.x & ~1, y = r.y & ~1;
  return {x, y, std::max(2, (r.x + r.w - x + 1) & ~1), std::max(2, (r.y + r.h - y + 1) & ~1)};
}

// A title's words. Beside each other on a flat plate, below each other on a tall one.
struct TitleMeasure {
  double unit;  // pixels per pixel of a 1080 line canvas
  double name = 72;
  static constexpr double kana = 36, affiliation = 48;
  double bar() const { return 10 * unit; }
  double padding() const { return 28 * unit; }
  double gap() const { return 36 * unit; }
  double left() const { return bar() + padding(); }
};

// The words of a title at one size of name. Beside each other the name has 60 % of the room at
// most.
struct TitleWords {
  TitleWords(const PaintCanvas& paint, const Person& overlay, const TitleMeasure& measure,
             const Rect& rect, bool beside)
      : m(measure),
        name(paint, overlay.name,
             {m.name * m.unit, 56 * m.unit, name_room(rect, beside), 1.0 * rect.h, true, false,
              false}),
        kana(paint, overlay.kana,
             {m.kana * m.unit, 28 * m.unit, name_room(rect, beside), 1.0 * rect.h, false, false,
              false}),
        affiliation(paint, overlay.affiliation,
                    {m.affiliation * m.unit, 36 * m.unit, affiliation_room(rect, beside, overlay),
                     rect.h * (beside ? 0.86 : 0.4), false, beside, false}) {}

  TitleMeasure m;
  double named = 0;  // width of name and kana
  FittedText name, kana, affiliation;

 private:
  double room(const Rect& rect) const { return std::max(2.0, rect.w - m.left() - m.padding()); }
  double name_room(const Rect& rect, bool beside) const {
    return room(rect) * (beside ? 0.6 : 1.0);
  }
  double affiliation_room(const Rect& rect, bool beside, const Person& overlay) {
    named = std::max(name.width(), overlay.kana.empty() ? 0.0 : kana.width());
    return beside ? std::max(2.0, room(rect) - named - m.gap()) : room(rect);
  }
};

}  // namespace

Result<std::shared_ptr<const OverlayImage>> paint_overlay(const Overlay& overlay,
                                                          const Canvas& canvas) {
  if (auto fonts = fonts_available(); !fonts)
    return std::move(fonts.error()).context("paint overlay \"" + overlay.id + "\"");
  const Person person = overlay.people.empty() ? Person{} : overlay.people.front();
  const Rect rect = even_rect(overlay.rect.w > 0 ? overlay.rect : Rect{96, 684, 1200, 144});
  const double screen = canvas.height / 1080.0;
  const bool tall = !person.affiliation.empty() && rect.h >= 196 * screen;
  const bool beside = !tall && !person.affiliation.empty();
  const PaintCanvas paint(rect.w, rect.h);

  // Only a plate flatter than it should be makes the letters smaller. A long affiliation first
  // makes the name give way, down to what can still be read on a telephone.
  std::optional<TitleWords> words;
  for (const double name_size : {72.0, 64.0, 56.0}) {
    const TitleMeasure m{std::min(screen, rect.h / (tall ? 196.0 : 136.0)), name_size};
    words.emplace(paint, person, m, rect, beside);
    if (words->affiliation.whole()) break;
  }
  if (!words->affiliation.whole())
    words.emplace(paint, person, TitleMeasure{words->m.unit, 72.0}, rect, beside);
  const auto& [m, named, name, kana, affiliation] = *words;
  const double left = m.left();

  // The plate ends where the words end.
  const double width = person.affiliation.empty() ? named
                       : beside                   ? named + m.gap() + affiliation.width()
                                                  : std::max(named, affiliation.width());
  const double plate = std::min<double>(rect.w, left + width + m.padding());
  paint.rounded_box(0, 0, plate, rect.h, 6 * m.unit, kPlate);
  paint.box(0, 0, m.bar(), rect.h, kAccent);

  const double line = 4 * m.unit;
  const double kana_height = person.kana.empty() ? 0.0 : kana.height() + line;
  const double below = tall ? affiliation.height() + 3 * line : 0.0;
  double y = (rect.h - kana_height - name.height() - below) / 2;
  if (!person.kana.empty()) kana.draw(left, y, kSecondary);
  y += kana_height;
  name.draw(left, y, kWhite);
  if (tall) affiliation.draw(left, y + name.height() + 3 * line, kSecondary);
  if (beside) {
    const double x = left + named + m.gap();
    paint.box(x - m.gap() / 2 - m.unit, rect.h * 0.2, 2 * m.unit, rect.h * 0.6,
              Colour::rgb(0xD5DEE6, 0.6));
    // One line stands on the name's own line.
    const double beside_y = affiliation.height() > 1.5 * affiliation.size()
                                ? (rect.h - affiliation.height()) / 2
                                : y + (name.height() - affiliation.height()) * 0.8;
    affiliation.draw(x, beside_y, kSecondary);
  }
  Rect where = rect;
  where.w = std::min(rect.w, (static_cast<int>(std::ceil(plate)) + 1) & ~1);
  return paint.to_overlay(where);
}

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
