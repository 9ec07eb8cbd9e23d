// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/painter.h"

#include "core/log.h"
#include "core/overlay_kind.h"
#include "mixer/moving_letters.h"
#include "mixer/painter_cards.h"
#include "mixer/painter_parts.h"

namespace kakehashi {

namespace {

// Once for every place the layouts of this show give it. What cannot be painted is not shown: a
// title that is missing must not take the cards and the other titles with it.
std::vector<PaintedOverlay> paint_places(const Overlay& overlay, const Show& show,
                                         const PaintContext& context) {
  std::vector<PaintedOverlay> out;
  std::string said;  // once, not for every layout
  std::vector<std::pair<Rect, std::shared_ptr<const OverlayImage>>> done;
  for (const OverlayPlace& place : overlay_places(overlay, show)) {
    out.push_back({place.layout, nullptr});
    if (!place.rect) continue;
    for (const auto& [rect, image] : done)
      if (rect == *place.rect) out.back().image = image;
    if (out.back().image) continue;
    Overlay placed = overlay;
    placed.rect = *place.rect;
    auto image = paint_overlay(placed, show.canvas, context);
    if (!image) {
      if (said != image.error().message) log_warning("painter", image.error().message);
      said = image.error().message;
      (void)refused(
          context, overlay,
          {"を出せません：" + image.error().message, "cannot be shown: " + image.error().message},
          {"設定を直して、行事を開き直してください。",
           "Correct its settings, then open the event again."});
      continue;
    }
    out.back().image = *image;
    done.emplace_back(*place.rect, *image);
  }
  return out;
}

}  // namespace

Result<std::shared_ptr<const PaintedSet>> paint_show(const Show& show, Language language,
                                                     const std::string& media_folder) {
  if (auto fonts = fonts_available(); !fonts)
    return std::move(fonts.error()).context("paint titles and cards");
  auto painted = std::make_shared<PaintedSet>();
  const PaintContext context{
      language, media_folder, show.title.pick(language), {}, &painted->faults};
  for (const Overlay& overlay : show.overlays) {
    auto images = paint_places(overlay, show, context);
    const OverlayKindRow* kind = find_overlay_kind(overlay.kind);
    // One that moves was painted to see whether it can be; its pages come from elsewhere.
    if (kind && kind->moving) images.clear();
    painted->overlays[overlay.id] = std::move(images);
  }
  for (const HoldingCard& card : show.cards)
    painted->cards[card.id] = paint_card(card, show.canvas, context);

  const auto chosen = painted->cards.find(show.emergency_card);
  painted->emergency = chosen != painted->cards.end()
                           ? chosen->second
                           : paint_card(built_in_emergency_card(), show.canvas, context);

  for (const Input& input : show.inputs)
    if (input.video)
      painted->no_signal[input.id] = paint_no_signal(input.name, language, show.canvas);
  return std::shared_ptr<const PaintedSet>(std::move(painted));
}

}  // namespace kakehashi
