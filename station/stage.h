// SPDX-License-Identifier: GPL-3.0-or-later
// What the mix loops read at every tick and block: the show, its open inputs, its painted letters
// and what is live, bundled in one immutable value, so that a tick never sees half of a change.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "capture/feed.h"
#include "core/audio_block.h"
#include "core/bounded_queue.h"
#include "core/live_state.h"
#include "core/published.h"
#include "core/show.h"
#include "core/tick_grid.h"
#include "mixer/painter.h"
#include "mixer/sound/stock.h"

namespace kakehashi {

struct Stage {
  std::shared_ptr<const Show> show;          // venue bindings applied, arranged
  std::vector<std::shared_ptr<Feed>> feeds;  // in Show::inputs order
  std::vector<std::size_t> strip_feeds;      // feed of LiveState::strips[i]
  std::shared_ptr<const PaintedSet> painted;
  std::vector<std::string> closed;    // inputs whose device is let go of for a while
  std::shared_ptr<SoundStock> sound;  // for the strips that are new; mix.audio's
  std::shared_ptr<TickGrid> grid;     // where mix.video writes its ticks for the paced sources
};

// A picture of Program or Clean on its way to its encoder.
struct ProgramPicture {
  FramePtr frame;
  std::int64_t number = 0;  // program picture n; grows, with gaps where pictures were left out
  MediaTime tick;           // epoch + rate.time_of(n) unless the ticks follow a camera
  Duration pts;             // tick - epoch: the same clock as the sound's
  std::uint64_t cuts = 0;   // to another picture so far: more than in the one before, a cut
  MediaTime mixed = {};     // when it was ready
};

// Where the mix loops put pictures and sound of Program besides the main encode's road. Read by
// them at every tick and block; a queue that is closed refuses what comes.
struct FurtherRoads {
  static constexpr std::size_t kMost = 4;  // mix.video has pictures in stock for so many
  std::vector<std::shared_ptr<BoundedQueue<ProgramPicture>>> pictures;
  std::vector<std::shared_ptr<BoundedQueue<AudioBlock>>> sound;
};

struct Moment {
  std::shared_ptr<const Stage> stage;
  LiveState live;
  // While the Clean bus is recorded: where its pictures go. The mix loop may be the last to let go
  // of it, so it is the bare queue and not what takes pictures out of it.
  std::shared_ptr<BoundedQueue<ProgramPicture>> clean = {};
  std::shared_ptr<BoundedQueue<AudioBlock>> clean_sound = {};  // likewise, of the record_clean bus
};

// The buses of one tick on their way to the hall and the desks; empty where nobody looks.
struct TickPictures {
  std::array<FramePtr, kBuses> frame;
  std::int64_t number = 0;
  MediaTime tick;
};

}  // namespace kakehashi
