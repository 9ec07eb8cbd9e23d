// SPDX-License-Identifier: GPL-3.0-or-later
// A region of an X11 display into frames, through shared memory (MIT-SHM): the server writes
// straight into the frame, nothing is copied here. Private to capture/.
//
// Not GStreamer's ximagesrc, because Xlib ends the whole process when a display goes away, and the
// way to forbid that (XSetIOErrorExitHandler) needs the connection, which ximagesrc keeps to
// itself.
#pragma once

#include <memory>
#include <string>

#include "core/result.h"
#include "core/video_frame.h"

namespace kakehashi {

struct ScreenRegion {
  std::string display;  // empty: $DISPLAY
  int x = 0, y = 0;
  int width = 0, height = 0;  // 0: to the screen's edge
  bool pointer = true;        // draw the mouse pointer
  std::string window;  // part of a window's title: that window instead, also while it is covered
};

struct ScreenSize {
  int width = 0;
  int height = 0;
};
Result<ScreenSize> screen_size(const std::string& display);

// One thread at a time. Frames may outlive it.
class ScreenGrabber {
 public:
  // The error names the display, its real size and the fix.
  static Result<std::unique_ptr<ScreenGrabber>> open(const ScreenRegion& region);
  ~ScreenGrabber();

  // A BGRx frame of now; blocks for a round trip to the server (full HD: 1 to 2 ms). An empty
  // frame: all frames of the stock are still in use. An error: the display is gone or became
  // smaller.
  Result<FramePtr> grab(MediaTime captured, std::uint64_t sequence);

  const std::string& display() const;
  int width() const;
  int height() const;
  int in_use() const;  // frames of the stock somebody still holds

 private:
  struct Impl;
  explicit ScreenGrabber(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace kakehashi
