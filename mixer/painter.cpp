// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/painter.h"

#include <set>

#include "core/layout_table.h"
#include "core/log.h"
#include "mixer/painter_parts.h"

namespace kakehashi {

namespace {

// Once for every place the layouts of this show give it. What cannot be painted is not shown: a
// title that is missing must not take the cards and the other titles with it.
void paint_places(const Overlay& overlay, const Show& show, const PaintContext& context,
                  std::vector<PaintedOverlay>& out) {
  const auto paint_at = [&](const std::string& layout, const Rect& rect) {
    Overlay placed = overlay;
    placed.rect = rect;
    auto image = paint_overlay(placed, show.canvas, context);
    if (!image) log_warning("painter", image.error().message);
    out.push_back({layout, image ? std::move(*image) : nullptr});
  };
  if (overlay.rect.w > 0) return paint_at({}, overlay.rect);
  std::set<std::string> done;
  bool everywhere = false;  // scenes without a layout come last: "" fits every scene
  for (const Scene& scene : show.scenes) {
    everywhere = everywhere || scene.layout.empty();
    if (scene.layout.empty() || !done.insert(scene.layout).second) continue;
    if (const auto rect = overlay_place(overlay, scene, show.canvas))
      paint_at(scene.layout, *rect);
    else
      out.push_back({scene.layout, nullptr});
  }
  if (everywhere)
    if (const auto rect = overlay_place(overlay, Scene{}, show.canvas)) paint_at({}, *rect);
}

}  // namespace

Result<std::shared_ptr<const PaintedSet>> paint_show(const Show& show, Language language,
                                                     const std::string& media_folder) {
  if (auto fonts = fonts_available(); !fonts)
    return std::move(fonts.error()).context("paint titles and cards");
  auto painted = std::make_shared<PaintedSet>();
  const std::string& title = show.title.pick(language);

  const PaintContext context{language, media_folder, title, {}};
  for (const Overlay& overlay : show.overlays)
    paint_places(overlay, show, context, painted->overlays[overlay.id]);
  for (const HoldingCard& card : show.cards)
    painted->cards[card.id] = paint_card(card, title, show.canvas);

  const auto chosen = painted->cards.find(show.emergency_card);
  painted->emergency = chosen != painted->cards.end()
                           ? chosen->second
                           : paint_card(built_in_emergency_card(language), title, show.canvas);

  for (const Input& input : show.inputs)
    if (input.video)
      painted->no_signal[input.id] =
          paint_no_signal(input.name.pick(language), language, show.canvas);
  return std::shared_ptr<const PaintedSet>(std::move(painted));
}

}  // namespace kakehashi
