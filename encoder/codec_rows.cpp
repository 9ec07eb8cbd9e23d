// SPDX-License-Identifier: GPL-3.0-or-later
#include "encoder/codec_rows.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/hwcontext.h>
#include <libavutil/opt.h>
}

namespace kakehashi {
namespace {

void set(AVCodecContext& c, const char* name, const std::string& value) {
  av_opt_set(c.priv_data, name, value.c_str(), 0);
}

std::string preset_of(const EncodeSettings& settings, const char* otherwise) {
  return settings.preset == kPresetAuto ? otherwise : settings.preset;
}

void x264(AVCodecContext& c, const EncodeSettings& settings, const CodecOptions& options) {
  if (options.zero_latency) c.thread_type = FF_THREAD_SLICE;
  c.profile = FF_PROFILE_H264_HIGH;
  std::string preset = preset_of(settings, "superfast"), more;
  const auto add = [&more](const char* param) {
    more += (more.empty() ? "" : ":") + std::string(param);
  };
  if (preset == "ultrafast+") {  // encoder/preset_ladder.h
    preset = "ultrafast";
    add("cabac=1:8x8dct=1:weightp=1");
  }
  if (settings.filler && !settings.quality) add("filler=1");  // never nal-hrd: it fixes the bitrate
  set(c, "preset", preset);
  if (options.zero_latency) set(c, "tune", "zerolatency");
  set(c, "sc_threshold", "0");
  set(c, "forced-idr", "1");
  if (settings.quality) set(c, "crf", std::to_string(settings.quality));
  if (!more.empty()) set(c, "x264-params", more);
}

void x265(AVCodecContext& c, const EncodeSettings& settings, const CodecOptions& options) {
  std::string preset = preset_of(settings, "ultrafast");
  if (preset == "ultrafast+") preset = "ultrafast";
  set(c, "preset", preset);
  if (options.zero_latency) set(c, "tune", "zerolatency");
  set(c, "forced-idr", "1");
  if (settings.quality) set(c, "crf", std::to_string(settings.quality));
  set(c, "x265-params",
      "log-level=error:scenecut=0:open-gop=0:repeat-headers=0:frame-threads=1:pools=" +
          std::to_string(options.threads));
}

void svt_av1(AVCodecContext& c, const EncodeSettings& settings, const CodecOptions&) {
  set(c, "preset", "12");
  if (settings.quality) set(c, "crf", std::to_string(std::min(63, settings.quality * 63 / 51)));
  set(c, "svtav1-params", "pred-struct=1:lookahead=0");
}

// NVIDIA Video Codec SDK, "ultra low latency" tuning: no reordering, no output delay.
void nvenc(AVCodecContext& c, const EncodeSettings& settings, const CodecOptions&) {
  set(c, "preset", "p3");
  set(c, "tune", "ull");
  set(c, "zerolatency", "1");
  set(c, "delay", "0");
  set(c, "forced-idr", "1");
  set(c, "rc", settings.quality ? "constqp" : "cbr");
  if (settings.quality) set(c, "qp", std::to_string(settings.quality));
}

void vaapi(AVCodecContext& c, const EncodeSettings& settings, const CodecOptions&) {
  set(c, "async_depth", "1");
  set(c, "idr_interval", "0");
  set(c, "rc_mode", settings.quality ? "CQP" : "CBR");
  if (settings.quality) set(c, "qp", std::to_string(settings.quality));
}

void qsv(AVCodecContext& c, const EncodeSettings& settings, const CodecOptions&) {
  set(c, "async_depth", "1");
  set(c, "preset", "veryfast");
  set(c, "forced_idr", "1");
  set(c, "look_ahead", "0");
  set(c, "low_delay_brc", "1");
  if (settings.quality) {
    c.flags |= AV_CODEC_FLAG_QSCALE;
    c.global_quality = settings.quality * FF_QP2LAMBDA;
  }
}

using enum EncoderMaker;
using enum VideoCodec;
constexpr CodecRow kRows[] = {
    // maker, codec, name, form, live_bitrate, captions, options
    {Nvenc, H264, "h264_nvenc", PictureForm::I420, true, true, nvenc},
    {Vaapi, H264, "h264_vaapi", PictureForm::Vaapi, false, false, vaapi},
    {Qsv, H264, "h264_qsv", PictureForm::Nv12, false, true, qsv},
    {Software, H264, "libx264", PictureForm::I420, true, true, x264},
    {Nvenc, Hevc, "hevc_nvenc", PictureForm::I420, true, true, nvenc},
    {Vaapi, Hevc, "hevc_vaapi", PictureForm::Vaapi, false, false, vaapi},
    {Qsv, Hevc, "hevc_qsv", PictureForm::Nv12, false, false, qsv},
    {Software, Hevc, "libx265", PictureForm::I420, false, false, x265},
    {Software, Av1, "libsvtav1", PictureForm::I420, false, false, svt_av1},
};

Result<AvBuffer> vaapi_surfaces(const Canvas& canvas) {
  AVBufferRef* device = nullptr;
  if (const int code = av_hwdevice_ctx_create(&device, AV_HWDEVICE_TYPE_VAAPI, nullptr, nullptr, 0);
      code < 0)
    return Error{ErrorKind::Unsupported, "no VAAPI device: " + libav_error_text(code)};
  const AvBuffer owned(device);
  AvBuffer frames(av_hwframe_ctx_alloc(device));
  if (!frames) return Error{ErrorKind::Unsupported, "no VAAPI surfaces"};
  auto& shape = *reinterpret_cast<AVHWFramesContext*>(frames->data);
  shape.format = AV_PIX_FMT_VAAPI;
  shape.sw_format = AV_PIX_FMT_NV12;
  shape.width = canvas.width;
  shape.height = canvas.height;
  shape.initial_pool_size = 16;
  if (const int code = av_hwframe_ctx_init(frames.get()); code < 0)
    return Error{ErrorKind::Unsupported, "VAAPI surfaces: " + libav_error_text(code)};
  return frames;
}

AVPixelFormat format_of(PictureForm form) {
  switch (form) {
    case PictureForm::I420:
      return AV_PIX_FMT_YUV420P;
    case PictureForm::Nv12:
      return AV_PIX_FMT_NV12;
    case PictureForm::Vaapi:
      return AV_PIX_FMT_VAAPI;
  }
  return AV_PIX_FMT_NONE;
}

}  // namespace

std::span<const CodecRow> codec_rows() { return kRows; }

const CodecRow* find_codec_row(EncoderMaker maker, VideoCodec codec) {
  for (const CodecRow& row : kRows)
    if (row.maker == maker && row.codec == codec) return &row;
  return nullptr;
}

int pictures_per_gop(const EncodeSettings& settings, Rate rate) {
  return std::max(1, static_cast<int>(std::lround(settings.keyframe_seconds * rate.per_second())));
}

void set_rate(AVCodecContext& context, int kbps, int vbv_ms) {
  // Equal average and maximum: x264 can change the bitrate on air only when it started as CBR
  // (x264 encoder/ratecontrol.c, x264_ratecontrol_init_reconfigurable).
  context.bit_rate = static_cast<std::int64_t>(kbps) * 1000;
  context.rc_max_rate = context.bit_rate;
  context.rc_buffer_size = static_cast<int>(context.bit_rate * vbv_ms / 1000);
}

Result<OpenCodec> open_codec(const CodecRow& row, const EncodeSettings& settings,
                             const Canvas& canvas, const CodecOptions& options) {
  install_libav_log();
  const AVCodec* codec = avcodec_find_encoder_by_name(row.name);
  if (!codec)
    return Error{ErrorKind::FixSetup,
                 "libavcodec has no " + std::string(row.name) + ": install libavcodec59"};
  OpenCodec open{Libav<AVCodecContext>(avcodec_alloc_context3(codec)), {}};
  AVCodecContext& c = *open.context;
  c.width = canvas.width;
  c.height = canvas.height;
  c.pix_fmt = format_of(row.form);
  c.time_base = {canvas.rate.denominator, canvas.rate.numerator};
  c.framerate = {canvas.rate.numerator, canvas.rate.denominator};
  c.sample_aspect_ratio = {1, 1};
  c.gop_size = pictures_per_gop(settings, canvas.rate);
  c.max_b_frames = 0;
  c.thread_count = options.threads;
  c.color_range = AVCOL_RANGE_MPEG;
  c.color_primaries = AVCOL_PRI_BT709;
  c.color_trc = AVCOL_TRC_BT709;
  c.colorspace = AVCOL_SPC_BT709;
  c.flags |= AV_CODEC_FLAG_GLOBAL_HEADER;  // |=: an assignment would drop +cgop and open the GOPs
  if (!settings.quality) set_rate(c, settings.video_kbps, settings.vbv_ms);
  row.set_options(c, settings, options);
  if (row.form == PictureForm::Vaapi) {
    auto surfaces = vaapi_surfaces(canvas);
    if (!surfaces) return std::move(surfaces.error());
    open.surfaces = std::move(*surfaces);
    c.hw_frames_ctx = av_buffer_ref(open.surfaces.get());
  }
  forget_complaints();
  if (const int code = avcodec_open2(&c, codec, nullptr); code < 0)
    return Error{ErrorKind::FixInput,
                 std::string(row.name) + " preset \"" + settings.preset + "\", " +
                     std::to_string(settings.video_kbps) + " kbit/s: " +
                     (libav_complaints().empty() ? libav_error_text(code) : libav_complaints()[0])};
  return open;
}

}  // namespace kakehashi
