// SPDX-License-Identifier: GPL-3.0-or-later
// The card that stands in for an input whose picture does not come. The audience reads it: whose
// place this is and that nothing is wrong with their own device, no device and no error. Sizes are
// those of a 1080 line canvas.
#include "mixer/painter_parts.h"

namespace kakehashi {

FramePtr paint_no_signal(const Text& role, Language language, const Canvas& canvas) {
  const PaintCanvas paint(canvas.width, canvas.height);
  const double w = canvas.width, h = canvas.height, unit = h / 1080.0;
  paint.box(0, 0, w, h, Colour::rgb(0x1A1D21));

  const double x = w * 0.05, room = w * 0.9;
  const FittedText name(paint, role.pick(language),
                        {130 * unit, 72 * unit, room, h * 0.24, true, true, true});
  name.draw(x, h * 0.40 - name.height() / 2, kWhite);
  const std::string& other =
      role.pick(language == Language::Japanese ? Language::English : Language::Japanese);
  if (!other.empty() && other != role.pick(language)) {
    const FittedText small(paint, other, {56 * unit, 40 * unit, room, h * 0.1, false, false, true});
    small.draw(x, h * 0.56 - small.height() / 2, kSecondary);
  }
  paint.box(w * 0.44, h * 0.64, w * 0.12, 4 * unit, kAccent);
  const FittedText words(paint,
                         language == Language::Japanese
                             ? "映像の準備をしています。このままお待ちください。"
                             : "The picture will be back. Please stay with us.",
                         {56 * unit, 40 * unit, room, h * 0.14, false, false, true});
  words.draw(x, h * 0.74 - words.height() / 2, kSecondary);
  return paint.to_frame();
}

}  // namespace kakehashi
