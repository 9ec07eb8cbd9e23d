// SPDX-License-Identifier: GPL-3.0-or-later
// What one bus shows at one tick: by its plan alone it is the same picture as another's, or not.
// Pure; allocates nothing.
#pragma once

#include <cmath>

#include "mixer/switcher.h"
#include "mixer/video_mixer.h"

namespace kakehashi {

struct BusPlan {
  const Scene* to = nullptr;    // null: black
  const Scene* from = nullptr;  // null: no transition; else where it comes from
  bool overlays = false;        // there are some to be seen
};

// progress: transition_progress at this tick. letters: this canvas can carry overlays.
BusPlan plan_bus(const MixInputs& in, Bus bus, double progress, bool letters);

// An overlay as it is painted for a scene at this tick; null: not painted, no place there, a card.
const OverlayImage* letters_of(const MixInputs& in, const Overlay& overlay, const Scene* scene);
// What moves on a card; null: nothing.
const OverlayImage* letters_of_card(const MixInputs& in, const std::string& card);

// 0..1: what the overlays switched on after this one leave of it. Two in one place (a layout may
// have one corner for a clock and a logo) would be read by nobody: the later one has it, and gives
// it back when it goes.
double place_left(const MixInputs& in, const OverlayState& state, const OverlayImage& image,
                  const Scene* scene);

// what(image, weight 1..256) for all that is to be seen of the show's overlays, in list order. On
// the way between two layouts an overlay's pictures give way to each other, on the way to a card
// to nothing.
template <class What>
void each_overlay(const MixInputs& in, const BusPlan& plan, double progress, What what) {
  for (const Overlay& overlay : in.show.overlays) {
    const OverlayState* state = find_by_id(in.live.overlays, overlay.id);
    const double opacity = state ? overlay_opacity(overlay, *state, in.time) : 0.0;
    if (opacity <= 0) continue;
    const auto show = [&](const OverlayImage* image, const Scene* scene, double share) {
      if (!image) return;
      const double left = place_left(in, *state, *image, scene);
      const int weight = static_cast<int>(std::lround(opacity * left * share * 256));
      if (weight > 0) what(*image, weight);
    };
    const OverlayImage* there = letters_of(in, overlay, plan.to);
    const OverlayImage* here = plan.from ? letters_of(in, overlay, plan.from) : there;
    if (here == there) {
      show(there, plan.to, 1);
    } else {
      show(here, plan.from, 1 - progress);
      show(there, plan.to, progress);
    }
  }
}

}  // namespace kakehashi
