// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures for other processes: the buses at full size for the hall, the web meeting and the desks
// (thread "venue"; boards "program", "clean", "venue", "aux"), and small ones of preview, inputs,
// scenes and layouts for the desks (thread "looking", lowest urgency). Costs nothing while nobody
// looks. A bus's board turns black when the last who looked at it has gone, so that whoever comes
// next does not begin with an old picture.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/clock.h"
#include "core/mailbox.h"
#include "mixer/video_mixer.h"
#include "station/device_desk.h"
#include "station/door/server.h"
#include "station/stage.h"
#include "venue/picture_board.h"

namespace kakehashi {

class PictureDesk {
 public:
  static constexpr int kTileWidth = 320, kTileHeight = 180;
  static constexpr int kPreviewWidth = 640, kPreviewHeight = 360;

  // Where its pictures come from and whether anybody looks; outlive the desk (another event's desk
  // takes over the same roads).
  struct Roads {
    const Published<Moment>& moment;
    Mailbox<TickPictures>& buses;        // newest wins: a slow copy never holds the mixer
    const std::atomic<BusSet>& watched;  // buses
    const std::atomic<bool>& desks;      // somebody looks at the small ones
    const Published<WatchedPictures>* devices =
        nullptr;  // unbound ones; their boards come with them
    // Gets the buses' pictures before they are copied; waits for nobody. Thread "venue".
    std::function<void(const TickPictures&)> also = {};
  };
  static Result<std::unique_ptr<PictureDesk>> open(Clock& clock, const Stage& stage, Roads roads);
  ~PictureDesk();

  // The boards of `show` are the ones there are: another desk would only make them black for a
  // moment.
  bool fits(const Show& show) const;

  std::vector<BoardHandle> boards() const;  // valid as long as the desk; any thread

 private:
  struct Board {
    std::string name;
    std::unique_ptr<PictureBoard> board;
    std::uint64_t shown = 0;
  };
  PictureDesk(Clock& clock, const Stage& stage, Roads roads);
  void run_buses();
  void show_buses(const TickPictures& pictures);
  void blacken_unwatched(BusSet watched);
  void run_looking();
  void show_inputs(const Moment& moment, MediaTime now);
  void show_devices(MediaTime now);
  void show_pages(const Moment& moment, MediaTime now);
  void show_preview(const Moment& moment, MediaTime now);
  void show_one_scene(const Moment& moment, MediaTime now);
  void show_one_layout(const Moment& moment, MediaTime now);
  void gather(const Moment& moment, MediaTime now);
  Board* find(const std::string& name);

  Clock& clock_;
  const Roads roads_;
  const Canvas canvas_;
  std::vector<Board> boards_;  // the buses first, in their order
  FramePtr black_;             // of the canvas's size
  std::atomic<bool> stop_{false};
  VideoMixer preview_mixer_, scene_mixer_;
  FramePool tiles_{PixelFormat::I420, kTileWidth, kTileHeight, 2};
  std::vector<FramePtr> frames_;
  std::shared_ptr<const Show> sampled_;  // by the thread "looking"
  std::vector<Scene> samples_;           // one of each layout, filled with what `sampled_` has
  std::size_t next_scene_ = 0, next_layout_ = 0, rounds_ = 0;
  std::thread buses_thread_, looking_thread_;
};

}  // namespace kakehashi
