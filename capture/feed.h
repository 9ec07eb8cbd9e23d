// SPDX-License-Identifier: GPL-3.0-or-later
// One input of the show as the mixer meets it: a road of pictures, a road of sound, and how it is.
// What stands behind it (a device kept open by InputFeed, a test's hand) is not the mixer's
// business.
#pragma once

#include <memory>
#include <vector>

#include "capture/audio_sync.h"
#include "capture/frame_sync.h"
#include "capture/input_tap.h"
#include "core/device.h"
#include "core/snapshot.h"

namespace kakehashi {

class Feed {
 public:
  virtual ~Feed() = default;       // may take seconds where a device closes: never on a mix loop
  virtual FrameSync& video() = 0;  // valid as long as the feed
  virtual AudioSync& audio() = 0;
  // Signal state, reason with one action (both languages), format, counters. Any thread.
  virtual InputStatus status(MediaTime now) const = 0;
  // Sound: the level of every channel its device was opened with, dBFS, falling 20 dB a second;
  // empty while it is not open. Any thread but the mix loops.
  virtual std::vector<double> channel_peaks() const { return {}; }
  // A device was plugged in or out: what waits before it opens again opens now. Any thread; returns
  // at once.
  virtual void wake() {}
  // The other roles are bound anew: from the next opening on, what is exactly theirs is never taken
  // for this one. Any thread; returns at once.
  // NOLINTNEXTLINE(performance-unnecessary-value-param): feeds with a device keep it
  virtual void set_others(std::vector<DeviceIdentity> /*others*/) {}
  // Slides: goes to a page, counted from 1, kept within the document. Other sources ignore it. Any
  // thread; returns at once.
  virtual void show_page(int /*page*/) {}
  // Slides: small pictures of the pages around the one shown, in one picture: kStripPages of them
  // beside each other, the shown one in the middle; empty when there is no document. Any thread
  // but the mix loops.
  static constexpr int kStripPages = 5, kStripPageWidth = 256, kStripPageHeight = 144;
  virtual FramePtr page_strip() { return {}; }
  // From now on takes every picture and all sound as they come, before delay, strip and mixer.
  // Null: nobody. Any thread; returns at once.
  // NOLINTNEXTLINE(performance-unnecessary-value-param): feeds with a device keep it
  virtual void set_tap(std::shared_ptr<InputTap> /*tap*/) {}
};

}  // namespace kakehashi
