// SPDX-License-Identifier: GPL-3.0-or-later
// Titles that name people: one, or several side by side. Sizes are those of a 1080 line canvas.
#include <algorithm>
#include <cmath>

#include "core/overlay_kind.h"
#include "mixer/name_block.h"
#include "mixer/painter_columns.h"
#include "mixer/painter_parts.h"
#include "mixer/painter_table.h"

namespace kakehashi {
namespace {

// The plate around a person's words. Small ones have less padding: the letters need the room (name
// and affiliation at their floors are 88 high).
struct PlateMeasure {
  double bar, side, above;
  PlateMeasure(const Rect& rect, double unit)
      : bar((rect.w < 600 * unit ? 8 : 10) * unit),
        side((rect.w < 600 * unit ? 16 : 28) * unit),
        above((rect.h >= 90 * unit ? std::min((rect.h / unit - 88) / 2, 8.0) : 4.0) * unit) {}
  double left() const { return bar + side; }
  double room_w(double width) const { return width - left() - side; }
};

void paint_plate(const PaintCanvas& paint, double x, double width, double height,
                 const PlateMeasure& m, double unit) {
  paint.rounded_box(x, 0, width, height, std::min(6 * unit, height / 2), kPlate);
  paint.box(x, 0, m.bar, height, kAccent);
}

}  // namespace

Result<std::shared_ptr<const OverlayImage>> paint_name_title(const Overlay& overlay,
                                                             const Rect& rect, const Canvas& canvas,
                                                             const PaintContext& /*context*/) {
  const double unit = canvas.height / 1080.0;
  const Person person = overlay.people.empty() ? Person{} : overlay.people.front();
  if (is_vertical(overlay)) return paint_name_columns({person}, rect, unit);
  const PlateMeasure m(rect, unit);
  const double room_w = m.room_w(rect.w), room_h = rect.h - 2 * m.above;
  const NameBlock block(person, room_w, room_h, unit, best_style(person, room_w, room_h, unit));

  // The plate ends where the words end.
  const double plate = std::min<double>(rect.w, m.left() + block.width() + m.side);
  const PaintCanvas paint(rect.w, rect.h);
  paint_plate(paint, 0, plate, rect.h, m, unit);
  block.draw(paint, m.left(), m.above);
  Rect where = rect;
  where.w = std::min(rect.w, (static_cast<int>(std::ceil(plate)) + 1) & ~1);
  return paint.to_overlay(where);
}

// Equal plates over the whole box, so that each stands below its person; letters of one size, so
// that nobody looks more important.
Result<std::shared_ptr<const OverlayImage>> paint_name_row(const Overlay& overlay, const Rect& rect,
                                                           const Canvas& canvas,
                                                           const PaintContext& /*context*/) {
  const double unit = canvas.height / 1080.0;
  const auto& people = overlay.people;
  if (is_vertical(overlay)) return paint_name_columns(people, rect, unit);
  const PaintCanvas paint(rect.w, rect.h);
  if (people.empty()) return paint.to_overlay(rect);
  const auto count = static_cast<double>(people.size());
  const double gap = 16 * unit, cell = (rect.w - gap * (count - 1)) / count;
  const PlateMeasure m({0, 0, static_cast<int>(cell), rect.h}, unit);
  const double room_w = m.room_w(cell), room_h = rect.h - 2 * m.above;

  // Twice: what the longest words come to is what all get.
  NameStyle style{.form = NameForm::Below};
  style.kana_room =
      std::any_of(people.begin(), people.end(), [](const Person& p) { return !p.kana.empty(); });
  NameStyle plain = style;
  plain.kana = false;
  double kana_score = 0, plain_score = 0;
  for (const Person& p : people) {
    kana_score += NameBlock(p, room_w, room_h, unit, style).score();
    plain_score += NameBlock(p, room_w, room_h, unit, plain).score();
  }
  style.kana = kana_score >= plain_score;
  for (const Person& p : people) {
    const NameStyle one = NameBlock(p, room_w, room_h, unit, style).style();
    style.name = std::min(style.name, one.name);
    if (!p.affiliation.empty()) style.affiliation = std::min(style.affiliation, one.affiliation);
  }
  double x = 0, high = 0;
  for (const Person& p : people)
    high = std::max(high, NameBlock(p, room_w, room_h, unit, style).height());
  for (const Person& p : people) {
    paint_plate(paint, x, cell, rect.h, m, unit);
    NameBlock(p, room_w, room_h, unit, style).draw(paint, x + m.left(), m.above, high);
    x += cell + gap;
  }
  return paint.to_overlay(rect);
}

}  // namespace kakehashi
