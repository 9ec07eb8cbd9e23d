// SPDX-License-Identifier: GPL-3.0-or-later
// One input of the show as the mixer meets it: a road of pictures, a road of sound, and how it is.
// What stands behind it (a device kept open by InputFeed, a test's hand) is not the mixer's
// business.
#pragma once

#include "capture/audio_sync.h"
#include "capture/frame_sync.h"
#include "core/snapshot.h"

namespace kakehashi {

class Feed {
 public:
  virtual ~Feed() = default;       // may take seconds where a device closes: never on a mix loop
  virtual FrameSync& video() = 0;  // valid as long as the feed
  virtual AudioSync& audio() = 0;
  // Signal state, reason with one action (both languages), format, counters. Any thread.
  virtual InputStatus status(MediaTime now) const = 0;
};

}  // namespace kakehashi
