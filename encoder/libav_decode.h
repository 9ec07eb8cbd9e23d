// SPDX-License-Identifier: GPL-3.0-or-later
// Owners for what libavcodec and libavformat hand out while decoding.
#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

#include <memory>
#include <string>

namespace kakehashi {

struct FreeCodec {
  void operator()(AVCodecContext* c) const { avcodec_free_context(&c); }
};
struct FreePacket {
  void operator()(AVPacket* p) const { av_packet_free(&p); }
};
struct FreeFrame {
  void operator()(AVFrame* f) const { av_frame_free(&f); }
};
struct CloseInput {
  void operator()(AVFormatContext* f) const { avformat_close_input(&f); }
};
using CodecHolder = std::unique_ptr<AVCodecContext, FreeCodec>;
using PacketHolder = std::unique_ptr<AVPacket, FreePacket>;
using FrameHolder = std::unique_ptr<AVFrame, FreeFrame>;
using InputHolder = std::unique_ptr<AVFormatContext, CloseInput>;

inline std::string libav_words(int code) {
  char text[AV_ERROR_MAX_STRING_SIZE] = {};
  av_strerror(code, text, sizeof text);
  return text;
}

}  // namespace kakehashi
