// SPDX-License-Identifier: GPL-3.0-or-later
#include "encoder/loans.h"

#include <algorithm>
#include <cstring>

extern "C" {
#include <libavutil/buffer.h>
#include <libavutil/frame.h>
#include <libavutil/hwcontext.h>
}

namespace kakehashi {

void AvBufferDelete::operator()(AVBufferRef* reference) const { av_buffer_unref(&reference); }

// The AVBuffer's free callback gives the reference back and the slot to the stock. libavcodec
// allocates by itself, for each picture: AVBuffer + AVBufferRef (2 small blocks), a second
// reference in avcodec_send_frame, and the packet's bytes.
int PictureLoans::lend_planes(const FramePtr& frame, AVFrame& out) {
  const auto slot =
      std::find_if(slots_.begin(), slots_.end(), [](const Slot& s) { return !s.frame; });
  if (slot == slots_.end()) return AVERROR(ENOMEM);
  out.format = AV_PIX_FMT_YUV420P;
  for (int i = 0; i < 3; ++i) {
    out.data[i] = const_cast<std::uint8_t*>(frame->plane(i).data);
    out.linesize[i] = frame->plane(i).stride;
  }
  slot->frame = frame;
  const PlaneView luma = frame->plane(0);
  out.buf[0] = av_buffer_create(
      const_cast<std::uint8_t*>(luma.data),
      static_cast<std::size_t>(luma.stride) * static_cast<std::size_t>(frame->height()),
      [](void* opaque, std::uint8_t*) { static_cast<Slot*>(opaque)->frame = FramePtr(); }, &*slot,
      AV_BUFFER_FLAG_READONLY);
  if (out.buf[0]) return 0;
  slot->frame = FramePtr();
  return AVERROR(ENOMEM);
}

int PictureLoans::interleave(const FramePtr& frame, AVFrame& out) {
  out.format = AV_PIX_FMT_NV12;
  if (const int code = av_frame_get_buffer(&out, 0); code < 0) return code;
  const PlaneView y = frame->plane(0), u = frame->plane(1), v = frame->plane(2);
  for (int line = 0; line < frame->height(); ++line)
    std::memcpy(out.data[0] + static_cast<std::ptrdiff_t>(line) * out.linesize[0],
                y.data + static_cast<std::ptrdiff_t>(line) * y.stride,
                static_cast<std::size_t>(frame->width()));
  for (int line = 0; line < frame->height() / 2; ++line) {
    std::uint8_t* to = out.data[1] + static_cast<std::ptrdiff_t>(line) * out.linesize[1];
    const std::uint8_t* us = u.data + static_cast<std::ptrdiff_t>(line) * u.stride;
    const std::uint8_t* vs = v.data + static_cast<std::ptrdiff_t>(line) * v.stride;
    for (int x = 0; x < frame->width() / 2; ++x) {
      to[2 * x] = us[x];
      to[2 * x + 1] = vs[x];
    }
  }
  return 0;
}

int PictureLoans::lend(const FramePtr& frame, AVFrame& out) {
  out.width = frame->width();
  out.height = frame->height();
  if (form_ == PictureForm::I420) return lend_planes(frame, out);
  if (form_ == PictureForm::Nv12) return interleave(frame, out);
  const Libav<AVFrame> plain(av_frame_alloc());
  if (!plain) return AVERROR(ENOMEM);
  plain->width = out.width;
  plain->height = out.height;
  if (const int code = interleave(frame, *plain); code < 0) return code;
  out.format = AV_PIX_FMT_VAAPI;
  if (const int code = av_hwframe_get_buffer(surfaces_.get(), &out, 0); code < 0) return code;
  return av_hwframe_transfer_data(&out, plain.get(), 0);
}

}  // namespace kakehashi
