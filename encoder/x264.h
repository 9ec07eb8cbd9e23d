// SPDX-License-Identifier: GPL-3.0-or-later
// The encoder behind VideoEncoder with its options in the open. Private to encoder/ and its tests.
#pragma once

#include "core/result.h"
#include "core/show.h"
#include "encoder/codec_rows.h"
#include "encoder/video_encoder.h"

namespace kakehashi {

// x264 as the row of codec_rows.h opens it.
Result<Libav<AVCodecContext>> open_x264(const EncodeSettings& settings, const Canvas& canvas,
                                        const CodecOptions& options);

// Of this row, not tried: held_frames() is `held`.
Result<std::unique_ptr<VideoEncoder>> make_video_encoder(const CodecRow& row,
                                                         const EncodeSettings& settings,
                                                         const Canvas& canvas,
                                                         const CodecOptions& options, int held);

struct EncoderFigures {
  int held = 0;  // pictures that had not come out when the last was in
  Duration p95;  // of one picture, without the first four
};
// Encodes `pictures` moving pictures of the canvas's size. The encoder is used up: no viewer may
// see those pictures.
Result<EncoderFigures> try_video_encoder(VideoEncoder& encoder, const Canvas& canvas, int pictures);

}  // namespace kakehashi
