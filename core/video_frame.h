// SPDX-License-Identifier: GPL-3.0-or-later
// A picture on its way across the bridge. Once published it is never written again, so any number
// of threads may read it without a lock. Reference counted inside the frame: handing one on
// allocates nothing.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <utility>

#include "core/time.h"

namespace kakehashi {

// Names as in GStreamer/V4L2. Plane order: Y U V / Y UV / packed.
enum class PixelFormat : std::uint8_t {
  I420,  // 4:2:0, three planes; what the program is made of
  NV12,  // 4:2:0, Y and interleaved UV
  Y42B,  // 4:2:2, three planes
  YUY2,  // 4:2:2 packed Y0 U Y1 V
  UYVY,  // 4:2:2 packed U Y0 V Y1
  BGRx,  // 8:8:8, bytes B G R x (X11, RGB sources)
};

enum class ColorMatrix : std::uint8_t {
  Bt601,
  Bt709
};  // ITU-R BT.601-7 / BT.709-6; unused for BGRx
enum class ColorRange : std::uint8_t { Limited, Full };  // luma 16..235 or 0..255

struct FrameInfo {
  PixelFormat format = PixelFormat::I420;
  int width = 0;   // pixels
  int height = 0;  // lines
  ColorMatrix matrix = ColorMatrix::Bt709;
  ColorRange range = ColorRange::Limited;
  int aspect_numerator = 1;  // shape of one pixel, width : height
  int aspect_denominator = 1;
  MediaTime captured;          // when the light (or the screen's content) was taken
  bool still = false;          // a picture that does not move: its age says nothing about latency
  std::uint64_t sequence = 0;  // counts up by one per picture of the same source
};

struct PlaneView {
  const std::uint8_t* data = nullptr;
  int stride = 0;  // bytes from one line to the next
};

constexpr int plane_count(PixelFormat f) {
  switch (f) {
    case PixelFormat::I420:
    case PixelFormat::Y42B:
      return 3;
    case PixelFormat::NV12:
      return 2;
    default:
      return 1;
  }
}

// NOLINTNEXTLINE(cppcoreguidelines-virtual-class-destructor): ended by recycle(), by FramePtr only
class VideoFrame {
 public:
  VideoFrame(const VideoFrame&) = delete;
  VideoFrame& operator=(const VideoFrame&) = delete;

  const FrameInfo& info() const { return info_; }
  PlaneView plane(int i) const { return planes_[static_cast<std::size_t>(i)]; }
  int width() const { return info_.width; }
  int height() const { return info_.height; }

 protected:
  VideoFrame() = default;
  virtual ~VideoFrame() = default;
  // Called once by whichever thread let go last; give the memory back (to a pool, to GStreamer,
  // ...).
  virtual void recycle() noexcept = 0;

  FrameInfo info_;
  std::array<PlaneView, 3> planes_{};

 private:
  friend class FramePtr;
  mutable std::atomic<int> references_{0};
};

// Shared ownership of a published frame. Copying costs one atomic increment.
class FramePtr {
 public:
  FramePtr() = default;
  explicit FramePtr(VideoFrame* frame) : frame_(frame) { retain(); }
  FramePtr(const FramePtr& o) : frame_(o.frame_) { retain(); }
  FramePtr(FramePtr&& o) noexcept : frame_(std::exchange(o.frame_, nullptr)) {}
  FramePtr& operator=(FramePtr o) noexcept {
    std::swap(frame_, o.frame_);
    return *this;
  }
  ~FramePtr() { release(); }

  explicit operator bool() const { return frame_ != nullptr; }
  const VideoFrame* get() const { return frame_; }
  const VideoFrame* operator->() const { return frame_; }
  const VideoFrame& operator*() const { return *frame_; }
  friend bool operator==(const FramePtr& a, const FramePtr& b) { return a.frame_ == b.frame_; }

 private:
  void retain() const {
    if (frame_) frame_->references_.fetch_add(1, std::memory_order_relaxed);
  }
  void release() {
    // acq_rel: the last owner must see every reader's reads finished before the memory is reused.
    if (frame_ && frame_->references_.fetch_sub(1, std::memory_order_acq_rel) == 1)
      frame_->recycle();
  }
  VideoFrame* frame_ = nullptr;
};

}  // namespace kakehashi
