// SPDX-License-Identifier: GPL-3.0-or-later
// A GStreamer buffer as a VideoFrame, without a copy: mapped once, unmapped and given back by
// whoever lets go last. Private to capture/.
#pragma once

#include <gst/video/video.h>

#include <atomic>
#include <memory>
#include <optional>

#include "capture/still_picture.h"
#include "core/video_frame.h"

namespace kakehashi {

// The formats handed over as they are; everything else is converted to I420 before (caps of every
// picture appsink). The mixer converts these with libyuv.
// Also fields that come by themselves: each is a picture of half the lines, twice as tall.
inline constexpr const char* kPictureCaps =
    "video/x-raw,format=(string){I420,NV12,Y42B,YUY2,UYVY,BGRx};"
    "video/x-raw(format:Interlaced),format=(string){I420,NV12,Y42B,YUY2,UYVY,BGRx},"
    "interlace-mode=(string)alternate";

// Format, size, colour and pixel shape; nothing for a format that is not in the list.
std::optional<FrameInfo> frame_info_of(const GstVideoInfo& info);

// How many wrapped buffers of one source are still held by somebody.
using Outstanding = std::shared_ptr<std::atomic<int>>;

// Takes its own reference on `buffer`. Empty when it cannot be mapped. Any thread.
FramePtr wrap_buffer(GstBuffer* buffer, const GstVideoInfo& info, const FrameInfo& as,
                     const Outstanding& outstanding);

}  // namespace kakehashi
