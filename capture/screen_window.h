// SPDX-License-Identifier: GPL-3.0-or-later
// One window of an X11 screen, also while others cover it: the server keeps its picture apart
// (Composite extension 0.4, NameWindowPixmap). Private to capture/.
#pragma once

#include <memory>
#include <string>

#include "core/result.h"

struct _XDisplay;  // Xlib's header takes the names Status and None

namespace kakehashi {

// One thread at a time; the display must outlive it.
class ScreenWindow {
 public:
  // The window whose title holds `title`, the topmost of several. The error lists the titles.
  static Result<std::unique_ptr<ScreenWindow>> find(_XDisplay* display, const std::string& title);
  ~ScreenWindow();
  ScreenWindow(const ScreenWindow&) = delete;
  ScreenWindow& operator=(const ScreenWindow&) = delete;

  unsigned long drawable() const { return pixmap_; }
  int width() const { return width_; }  // as it was found
  int height() const { return height_; }
  int depth() const { return depth_; }
  void* visual() const { return visual_; }  // an Xlib Visual
  // Where its corner stands on the screen; follows moves. False: it was closed or has another size
  // now, open it again.
  bool follow();
  int x() const { return x_; }
  int y() const { return y_; }
  // Its server is gone: nothing is said to it any more.
  void forget() { display_ = nullptr; }

 private:
  ScreenWindow(_XDisplay* display, unsigned long window) : display_(display), window_(window) {}
  void locate();

  _XDisplay* display_;
  unsigned long window_, pixmap_ = 0;
  void* visual_ = nullptr;
  int width_ = 0, height_ = 0, depth_ = 0, x_ = 0, y_ = 0;
};

}  // namespace kakehashi
