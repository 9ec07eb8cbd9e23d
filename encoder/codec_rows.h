// SPDX-License-Identifier: GPL-3.0-or-later
// The encoders of libavcodec we know how to ask for no delay, one row each. Private to encoder/ and
// its tests.
#pragma once

#include <span>

#include "core/encode_settings.h"
#include "core/result.h"
#include "core/show.h"
#include "encoder/loans.h"

namespace kakehashi {

struct CodecOptions {
  int threads = 2;
  bool zero_latency = true;  // false only to prove that held pictures are seen
};

struct CodecRow {
  EncoderMaker maker = EncoderMaker::Software;
  VideoCodec codec = VideoCodec::H264;
  const char* name = "";  // libavcodec's
  PictureForm form = PictureForm::I420;
  bool live_bitrate = false;  // it takes another bitrate while it runs; else it is opened anew
  bool captions = false;      // it writes AV_FRAME_DATA_A53_CC into the stream
  // Its own options, by av_opt_set on priv_data and by the context's fields.
  void (*set_options)(AVCodecContext& context, const EncodeSettings& settings,
                      const CodecOptions& options) = nullptr;
};

std::span<const CodecRow> codec_rows();
// Null: libavcodec has none of this maker for this codec.
const CodecRow* find_codec_row(EncoderMaker maker, VideoCodec codec);

struct OpenCodec {
  Libav<AVCodecContext> context;
  AvBuffer surfaces;  // of the GPU, where the row's form needs some
};
// CBR without HRD (or the settings' constant quality), closed GOPs, IDR on demand, no B-frames,
// BT.709 limited, headers aside (extradata). Time base: one picture.
Result<OpenCodec> open_codec(const CodecRow& row, const EncodeSettings& settings,
                             const Canvas& canvas, const CodecOptions& options);

int pictures_per_gop(const EncodeSettings& settings, Rate rate);
// From the next picture on.
void set_rate(AVCodecContext& context, int kbps, int vbv_ms);

}  // namespace kakehashi
