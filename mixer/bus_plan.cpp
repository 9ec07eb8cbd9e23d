// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/bus_plan.h"

#include <algorithm>
#include <string_view>

#include "mixer/picture.h"

namespace kakehashi {
namespace {

const std::string kNoLayout;

// On the last page that has begun.
const OverlayImage* image_at(const std::vector<MovingLetters::Page>& pages,
                             const std::string& layout, MediaTime t) {
  const auto next = std::upper_bound(
      pages.begin(), pages.end(), t,
      [](MediaTime at, const MovingLetters::Page& page) { return at < page.from; });
  return next == pages.begin() ? nullptr : painted_for(std::prev(next)->images, layout);
}

}  // namespace

BusPlan plan_bus(const MixInputs& in, Bus bus, double progress, bool letters) {
  BusPlan plan;
  plan.to = scene_on_bus(in.show, in.live, bus, in.live.program);
  if (progress < 1.0) {
    plan.from = scene_on_bus(in.show, in.live, bus, in.live.transition->from);
    if (plan.from == plan.to) plan.from = nullptr;
  }
  const bool wanted = bus == Bus::Program || (bus == Bus::Venue && in.show.venue_bus.overlays) ||
                      (bus == Bus::Aux && in.show.aux_bus.overlays);
  if (wanted && letters)
    each_overlay(in, plan, progress, [&](const OverlayImage&, int) { plan.overlays = true; });
  return plan;
}

const OverlayImage* letters_of(const MixInputs& in, const Overlay& overlay, const Scene* scene) {
  if (scene && !scene->card.empty()) return nullptr;
  const std::string& layout = scene ? scene->layout : kNoLayout;
  if (in.moving)
    if (const auto pages = in.moving->pages.find(overlay.id); pages != in.moving->pages.end())
      return image_at(pages->second, layout, in.time);
  const auto painted = in.painted.overlays.find(overlay.id);
  return painted == in.painted.overlays.end() ? nullptr : painted_for(painted->second, layout);
}

double place_left(const MixInputs& in, const OverlayState& state, const OverlayImage& image,
                  const Scene* scene) {
  double left = 1.0;
  bool behind = false;  // in the list; of two switched on at once the last has the place
  for (const Overlay& overlay : in.show.overlays) {
    const OverlayState* other = find_by_id(in.live.overlays, overlay.id);
    if (!other) continue;
    if (other->id == state.id) {
      behind = true;
      continue;
    }
    // One that is going off has no claim any more.
    const bool later = other->on != state.on         ? other->on
                       : other->since != state.since ? other->since > state.since
                                                     : behind;
    if (!later) continue;
    const double opacity = overlay_opacity(overlay, *other, in.time);
    if (opacity <= 0) continue;
    const OverlayImage* there = letters_of(in, overlay, scene);
    if (there && !empty(intersect(there->rect, image.rect))) left *= 1.0 - opacity;
  }
  return left;
}

const OverlayImage* letters_of_card(const MixInputs& in, const std::string& card) {
  constexpr std::string_view kPrefix = "card.";
  if (!in.moving || card.empty()) return nullptr;
  for (const auto& [key, pages] : in.moving->pages) {  // to put the key together would allocate
    const std::string_view name = key;
    if (name.starts_with(kPrefix) && name.substr(kPrefix.size()) == card)
      return image_at(pages, kNoLayout, in.time);
  }
  return nullptr;
}

}  // namespace kakehashi
