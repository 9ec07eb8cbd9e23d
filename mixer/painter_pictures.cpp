// SPDX-License-Identifier: GPL-3.0-or-later
// The picture that stands in for an input without signal. Sizes are those of a 1080 line canvas.
#include "mixer/painter_parts.h"

namespace kakehashi {

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

}  // namespace kakehashi
