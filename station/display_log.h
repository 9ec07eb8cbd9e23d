// SPDX-License-Identifier: GPL-3.0-or-later
// How long the audience has been shown each overlay, to the nanosecond: from the moment it is
// switched on until it is switched off, goes off by itself, or a card or a scene without a place
// for it covers it. What a ward has to be able to say about a QR code; each of its stretches is
// also a line in the log.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "station/stage.h"

namespace kakehashi {

class DisplayLog {
 public:
  // From `now` on `next` is what is shown. Any thread; before it is handed to the mixer.
  void change(std::shared_ptr<const Moment> next, MediaTime now);
  // Another event was opened: counts from zero.
  void restart();
  // Shown in all until `now`, in the order of the show's overlays. Any thread.
  std::vector<Duration> shown(MediaTime now);

 private:
  struct Row {
    std::string id;
    bool logged = false;  // a QR code
    Duration total;
    bool showing = false;
    Duration stretch;  // shown since it last began
  };
  static void show(Row& row, bool seen);
  void advance(MediaTime now);

  std::mutex mutex_;
  std::shared_ptr<const Moment> moment_;
  MediaTime until_;
  std::vector<Row> rows_;  // also of overlays that the event of the moment does not have
};

// Whether the audience sees anything of it at `t`: on, no card, and the scene has a place for it.
bool overlay_is_seen(const Show& show, const LiveState& live, const Overlay& overlay,
                     const OverlayState& state, MediaTime t);

}  // namespace kakehashi
