// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/gst_frame.h"

#include <utility>

namespace kakehashi {
namespace {

class MappedFrame final : public VideoFrame {
 public:
  // Empty planes when mapping failed.
  MappedFrame(GstBuffer* buffer, const GstVideoInfo& info, const FrameInfo& as,
              Outstanding outstanding)
      : outstanding_(std::move(outstanding)) {
    info_ = as;
    // Honours GstVideoMeta: strides and offsets of drivers and decoders differ from the default.
    mapped_ = gst_video_frame_map(&frame_, const_cast<GstVideoInfo*>(&info), buffer, GST_MAP_READ);
    if (!mapped_) return;
    for (int i = 0; i < plane_count(as.format); ++i)
      planes_[static_cast<std::size_t>(i)] = {
          static_cast<const std::uint8_t*>(GST_VIDEO_FRAME_PLANE_DATA(&frame_, i)),
          GST_VIDEO_FRAME_PLANE_STRIDE(&frame_, i)};
    outstanding_->fetch_add(1);
  }
  bool mapped() const { return mapped_; }
  void recycle() noexcept override {
    if (mapped_) {
      gst_video_frame_unmap(&frame_);  // drops the buffer's reference, too
      outstanding_->fetch_sub(1);
    }
    delete this;
  }

 private:
  ~MappedFrame() override = default;
  GstVideoFrame frame_{};
  Outstanding outstanding_;
  bool mapped_ = false;
};

}  // namespace

std::optional<FrameInfo> frame_info_of(const GstVideoInfo& info) {
  FrameInfo f;
  switch (GST_VIDEO_INFO_FORMAT(&info)) {
    case GST_VIDEO_FORMAT_I420:
      f.format = PixelFormat::I420;
      break;
    case GST_VIDEO_FORMAT_NV12:
      f.format = PixelFormat::NV12;
      break;
    case GST_VIDEO_FORMAT_Y42B:
      f.format = PixelFormat::Y42B;
      break;
    case GST_VIDEO_FORMAT_YUY2:
      f.format = PixelFormat::YUY2;
      break;
    case GST_VIDEO_FORMAT_UYVY:
      f.format = PixelFormat::UYVY;
      break;
    case GST_VIDEO_FORMAT_BGRx:
      f.format = PixelFormat::BGRx;
      break;
    default:
      return std::nullopt;
  }
  f.width = GST_VIDEO_INFO_WIDTH(&info);
  f.height = GST_VIDEO_INFO_HEIGHT(&info);
  const GstVideoColorimetry& c = info.colorimetry;
  // Unsaid: by size, as every decoder and television does (601 below 720 lines).
  if (c.matrix == GST_VIDEO_COLOR_MATRIX_BT601 || c.matrix == GST_VIDEO_COLOR_MATRIX_FCC)
    f.matrix = ColorMatrix::Bt601;
  else if (c.matrix == GST_VIDEO_COLOR_MATRIX_UNKNOWN && f.height < 720)
    f.matrix = ColorMatrix::Bt601;
  else
    f.matrix = ColorMatrix::Bt709;
  f.range = c.range == GST_VIDEO_COLOR_RANGE_0_255 ? ColorRange::Full : ColorRange::Limited;
  f.aspect_numerator = GST_VIDEO_INFO_PAR_N(&info) > 0 ? GST_VIDEO_INFO_PAR_N(&info) : 1;
  f.aspect_denominator = GST_VIDEO_INFO_PAR_D(&info) > 0 ? GST_VIDEO_INFO_PAR_D(&info) : 1;
  if (GST_VIDEO_INFO_INTERLACE_MODE(&info) == GST_VIDEO_INTERLACE_MODE_ALTERNATE) {
    f.height = GST_VIDEO_INFO_FIELD_HEIGHT(&info);
    f.aspect_denominator *= 2;
  }
  return f;
}

FramePtr wrap_buffer(GstBuffer* buffer, const GstVideoInfo& info, const FrameInfo& as,
                     const Outstanding& outstanding) {
  auto* frame = new MappedFrame(buffer, info, as, outstanding);
  const bool mapped = frame->mapped();
  FramePtr owner(frame);
  return mapped ? owner : FramePtr();
}

}  // namespace kakehashi
