// SPDX-License-Identifier: GPL-3.0-or-later
// Program pictures on their way into libavcodec, in the form an encoder takes. Private to encoder/.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "core/result.h"
#include "core/video_frame.h"
#include "encoder/libav.h"

struct AVBufferRef;

namespace kakehashi {

// What an encoder wants its pictures in.
enum class PictureForm : std::uint8_t {
  I420,   // as they are: lent without a copy
  Nv12,   // chroma interleaved on the way: one pass over a third of the picture
  Vaapi,  // the same, uploaded to a surface of the GPU
};

struct AvBufferDelete {
  void operator()(AVBufferRef* reference) const;
};
using AvBuffer = std::unique_ptr<AVBufferRef, AvBufferDelete>;

// Fills an AVFrame with a program picture. One owner (enc.video).
class PictureLoans {
 public:
  PictureLoans(PictureForm form, AvBuffer surfaces) : form_(form), surfaces_(std::move(surfaces)) {}

  // `out` is empty before, and holds the picture's data (not its time) after. AVERROR code.
  int lend(const FramePtr& frame, AVFrame& out);

 private:
  struct Slot {
    FramePtr frame;
  };
  int lend_planes(const FramePtr& frame, AVFrame& out);
  int interleave(const FramePtr& frame, AVFrame& out);

  const PictureForm form_;
  AvBuffer surfaces_;  // Vaapi: where its surfaces come from
  // x264 copies the picture before avcodec_send_frame returns, so one would do; encoders that work
  // behind the call keep some longer. All on the encoder's thread.
  std::array<Slot, 16> slots_;
};

}  // namespace kakehashi
