// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/timer_pages.h"

#include <set>

#include "mixer/switcher.h"

namespace kakehashi {
namespace {

// On a bus now, on its way there, or next.
std::set<std::string> cards_in_sight(const Show& show, const LiveState& live) {
  std::set<std::string> ids;
  const auto look = [&](const std::string& scene_id) {
    const Scene* scene = find_by_id(show.scenes, scene_id);
    if (!scene) return;
    if (!scene->card.empty()) ids.insert(scene->card);
    if (const Scene* aux = find_by_id(show.scenes, scene->aux); aux && !aux->card.empty())
      ids.insert(aux->card);
  };
  for (const std::string* id : {&live.program, &live.preview, &live.venue_scene, &live.aux_scene})
    look(*id);
  if (live.transition) look(live.transition->from);
  ids.insert(show.emergency_card);  // it comes without warning
  return ids;
}

}  // namespace

void TimerPages::add(const Moment& moment, const WallTime& wall, MediaTime now, MediaTime until,
                     std::vector<MovingThing>& out) {
  const Show& show = *moment.stage->show;
  for (std::size_t i = 0; i < show.overlays.size() && i < moment.live.overlays.size(); ++i) {
    const Overlay& overlay = show.overlays[i];
    const OverlayState& state = moment.live.overlays[i];
    if (!state.on && overlay_opacity(overlay, state, now) <= 0) continue;
    auto pages = moving_words(overlay, state, wall, language_, now, until);
    if (pages.empty()) continue;
    out.push_back({overlay.id, std::move(pages), overlay_places(overlay, show),
                   [this, &overlay, stage_show = moment.stage->show](const std::string& words,
                                                                     const Rect& rect) {
                     Overlay placed = overlay;
                     placed.rect = rect;
                     return painters_.overlay(placed, *stage_show, words);
                   }});
  }
  for (const std::string& id : cards_in_sight(show, moment.live)) {
    const HoldingCard* card = find_by_id(show.cards, id);
    if (!card) continue;
    auto pages = moving_words(*card, wall, language_, now, until);
    if (pages.empty()) continue;
    // One place for every scene; the painter knows where on the card.
    out.push_back(
        {"card." + id,
         std::move(pages),
         {{{}, Rect{0, 0, show.canvas.width, show.canvas.height}}},
         [this, card, stage_show = moment.stage->show](const std::string& words, const Rect&) {
           return painters_.card(*card, *stage_show, words);
         }});
  }
}

}  // namespace kakehashi
