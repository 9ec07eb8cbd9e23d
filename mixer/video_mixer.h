// SPDX-License-Identifier: GPL-3.0-or-later
// Frames -> program picture. A function of (show, live state, frames, time); the object holds only
// its frame pool and scratch rows, so that a tick allocates nothing. Program is I420, BT.709
// limited. Thread: one owner (mix.video). Previews make a second, smaller one of their own.
#pragma once

#include <array>
#include <memory>
#include <span>

#include "core/frame_pool.h"
#include "core/live_state.h"
#include "mixer/painter.h"

namespace kakehashi {

// frames[i] belongs to show.inputs[i]; empty means no signal: the input's backup is shown, with the
// backup's masks, or the painted card (mixer/stand_in.h).
struct MixInputs {
  const Show& show;
  const LiveState& live;
  std::span<const FramePtr> frames;
  const PaintedSet& painted;
  MediaTime time;  // the tick
  const MovingLetters* moving = nullptr;
};

// What each bus shows; empty where nobody wanted it.
struct BusPictures {
  std::array<FramePtr, kBuses> frame;
  const FramePtr& operator[](Bus bus) const { return frame[static_cast<std::size_t>(bus)]; }
};

class VideoMixer {
 public:
  // `canvas`: the size to produce; when it differs from show.canvas every rectangle is scaled by
  // the ratio (previews and thumbnails are made small, never scaled down afterwards). `capacity`:
  // how many program frames may be in use downstream at once.
  VideoMixer(const Canvas& canvas, int capacity);
  ~VideoMixer();

  // Always a picture (when the pool is exhausted: the last one again). Its info().captured is the
  // oldest capture time of the live, moving inputs it shows (for latency), or `time` when it shows
  // none. A scene that is one full-canvas opaque I420 BT.709 limited layer without overlay passes
  // its frame through uncopied, with the source's own info(); all other pictures count up
  // info().sequence. Overlays are drawn only when this canvas is as large as the show's, and not
  // over a card; what moves on a card ("card.<id>") likewise.
  FramePtr program(const MixInputs& in);
  // One picture per bus of `wanted`, by the same rules; the others are not drawn. Buses that show
  // the same get the same FramePtr, and one that differs from another only by its overlays is
  // copied from it. Each bus repeats its own last picture when the pool is exhausted, so
  // `capacity` must leave room for one per bus that has ever shown something of its own. A bus
  // without a scene of its own goes along with program's transition; one with cuts.
  BusPictures buses(const MixInputs& in, BusSet wanted);
  // The scene in preview, without overlays of program.
  FramePtr preview(const MixInputs& in);
  // Any one scene, hard: no transition, no overlays. Scene thumbnails and tests.
  FramePtr scene(const MixInputs& in, const Scene& scene);

  std::uint64_t pool_exhausted() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// `frame` scaled (kept whole, bars if needed) into a small I420 picture of the pool's size:
// multiview tiles. `masks`: the input's, none for a stand-in.
FramePtr make_thumbnail(const VideoFrame& frame, FramePool& pool, std::span<const Mask> masks = {});

}  // namespace kakehashi
