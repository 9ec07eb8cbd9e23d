// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/painter.h"

#include "mixer/painter_parts.h"

namespace kakehashi {

Result<std::shared_ptr<const PaintedSet>> paint_show(const Show& show, Language language) {
  if (auto fonts = fonts_available(); !fonts)
    return std::move(fonts.error()).context("paint titles and cards");
  auto painted = std::make_shared<PaintedSet>();
  const std::string& title = show.title.pick(language);

  for (const Overlay& overlay : show.overlays) {
    auto image = paint_overlay(overlay, show.canvas);
    if (!image) return std::move(image.error());
    painted->overlays[overlay.id] = std::move(*image);
  }
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
