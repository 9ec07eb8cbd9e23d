// SPDX-License-Identifier: GPL-3.0-or-later
// What the mix loops read at every tick and block: the show, its open inputs, its painted letters
// and what is live, bundled in one immutable value, so that a tick never sees half of a change.
#pragma once

#include <memory>
#include <vector>

#include "capture/feed.h"
#include "core/live_state.h"
#include "core/published.h"
#include "core/show.h"
#include "core/tick_grid.h"
#include "mixer/painter.h"

namespace kakehashi {

struct Stage {
  std::shared_ptr<const Show> show;          // venue bindings applied, arranged
  std::vector<std::shared_ptr<Feed>> feeds;  // in Show::inputs order
  std::vector<std::size_t> strip_feeds;      // feed of LiveState::strips[i]
  std::shared_ptr<const PaintedSet> painted;
  std::shared_ptr<TickGrid> grid;  // where mix.video writes its ticks for the paced sources
};

struct Moment {
  std::shared_ptr<const Stage> stage;
  LiveState live;
};

// A program picture on its way to the encoder, the hall and the desks.
struct ProgramPicture {
  FramePtr frame;
  std::int64_t number = 0;  // program picture n; grows, with gaps where pictures were left out
  MediaTime tick;           // epoch + rate.time_of(n) unless the ticks follow a camera
  Duration pts;             // tick - epoch: the same clock as the sound's
};

}  // namespace kakehashi
