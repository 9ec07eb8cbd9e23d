// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/painter_table.h"

#include <algorithm>

#include "core/overlay_kind.h"
#include "mixer/painter_parts.h"
#include "mixer/picture.h"

namespace kakehashi {
namespace {

struct PainterRow {
  std::string_view kind;
  PaintOverlay paint;
};
constexpr PainterRow kPainters[] = {
    {"name_title", paint_name_title},
    {"name_row", paint_name_row},
    {"corner_title", paint_corner_title},
    {"agenda_title", paint_agenda_title},
    {"notice", paint_notice},
    {"qr", paint_qr},
    {"clock", paint_timer},
    {"countdown", paint_timer},
    {"stopwatch", paint_timer},
    {"logo", paint_logo},
    {"caption", paint_caption},
};

Rect usual_place(const Overlay& overlay, const Canvas& canvas) {
  const Rect r = usual_place_of(overlay);
  return {r.x * canvas.width / 1920, r.y * canvas.height / 1080, r.w * canvas.width / 1920,
          r.h * canvas.height / 1080};
}

}  // namespace

bool switch_setting(const Overlay& overlay, const std::string& name) {
  const KindDescription* kind = find_kind(overlay_kind_table(), overlay.kind);
  return kind && setting<bool>(*kind, overlay.settings, name);
}

Error refused(const PaintContext& context, const std::string& id, Text what, Text action) {
  Error error{ErrorKind::FixInput, what.en};
  if (context.faults) {
    auto& all = *context.faults;
    if (std::none_of(all.begin(), all.end(), [&](const PaintFault& f) { return f.id == id; }))
      all.push_back({id, std::move(what), std::move(action)});
  }
  return error;
}

Error refused(const PaintContext& context, const Overlay& overlay, Text what, Text action) {
  const std::string en = overlay.label.pick(Language::English);
  what.ja = "「" + (overlay.label.ja.empty() ? overlay.id : overlay.label.ja) + "」" + what.ja;
  what.en = "\"" + (en.empty() ? overlay.id : en) + "\" " + what.en;
  return refused(context, "overlay." + overlay.id, std::move(what), std::move(action));
}

PaintOverlay find_overlay_painter(std::string_view kind) {
  for (const PainterRow& row : kPainters)
    if (row.kind == kind) return row.paint;
  return nullptr;
}

Result<std::shared_ptr<const OverlayImage>> paint_overlay(const Overlay& overlay,
                                                          const Canvas& canvas,
                                                          const PaintContext& context) {
  const auto said = [&](Error error) {
    return std::move(error).context("paint overlay \"" + overlay.id + "\"");
  };
  const PaintOverlay paint = find_overlay_painter(overlay.kind);
  if (!paint)
    return said({ErrorKind::Unsupported, "kind \"" + overlay.kind + "\" cannot be painted"});
  if (auto fonts = fonts_available(); !fonts) return said(std::move(fonts.error()));
  const Rect place = overlay.rect.w > 0 ? overlay.rect : usual_place(overlay, canvas);
  Rect rect = even_around(place);
  rect.w = std::max(rect.w, 2);
  rect.h = std::max(rect.h, 2);
  auto image = paint(overlay, rect, canvas, context);
  if (!image) return said(std::move(image.error()));
  return image;
}

}  // namespace kakehashi
