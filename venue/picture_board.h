// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures shown to other processes: a sealed memfd in the layout of core/shared_picture.h.
// Thread: one writer (the venue thread, never a mix loop). A reader's death or speed is never
// noticed.
#pragma once

#include <memory>

#include "core/result.h"
#include "core/video_frame.h"

namespace kakehashi {

class PictureBoard {
 public:
  static Result<std::unique_ptr<PictureBoard>> create(const std::string& name, int width,
                                                      int height);
  ~PictureBoard();

  // Copies an I420 picture of exactly the board's size; others are refused (false).
  bool show(const VideoFrame& frame, std::uint64_t number, MediaTime tick);

  // Sealed: nobody else can write, shrink or grow it (mmap read-only).
  int fd() const;  // stays the board's; hand over a duplicate (SCM_RIGHTS does)
  int width() const;
  int height() const;

 private:
  PictureBoard() = default;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace kakehashi
