// SPDX-License-Identifier: GPL-3.0-or-later
// Titles that name people. Sizes are those of a 1080 line canvas.
#include <algorithm>
#include <cmath>
#include <optional>

#include "mixer/painter_parts.h"
#include "mixer/painter_table.h"

namespace kakehashi {
namespace {

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

Result<std::shared_ptr<const OverlayImage>> paint_name_title(const Overlay& overlay,
                                                             const Rect& rect, const Canvas& canvas,
                                                             const PaintContext& /*context*/) {
  const Person person = overlay.people.empty() ? Person{} : overlay.people.front();
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

}  // namespace kakehashi
