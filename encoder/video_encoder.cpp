// SPDX-License-Identifier: GPL-3.0-or-later
#include "encoder/video_encoder.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <thread>

#include "core/clock.h"
#include "encoder/x264.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/opt.h>
}

namespace kakehashi {
namespace {

Error failed(const std::string& doing, int code) {
  return {ErrorKind::Bug, doing + ": " + libav_error_text(code)};
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

// A frame on loan to libavcodec: the AVBuffer's free callback gives the reference back and the slot
// to the stock. libavcodec allocates by itself, for each picture: AVBuffer + AVBufferRef (2 small
// blocks), a second reference in avcodec_send_frame, and the packet's bytes.
class Loans {
 public:
  AVBufferRef* lend(const FramePtr& frame) {
    const auto slot =
        std::find_if(slots_.begin(), slots_.end(), [](const Slot& s) { return !s.frame; });
    if (slot == slots_.end()) return nullptr;
    const PlaneView luma = frame->plane(0);
    slot->frame = frame;
    AVBufferRef* buffer = av_buffer_create(
        const_cast<std::uint8_t*>(luma.data),
        static_cast<std::size_t>(luma.stride) * static_cast<std::size_t>(frame->height()),
        [](void* opaque, std::uint8_t*) { static_cast<Slot*>(opaque)->frame = FramePtr(); }, &*slot,
        AV_BUFFER_FLAG_READONLY);
    if (!buffer) slot->frame = FramePtr();
    return buffer;
  }

 private:
  struct Slot {
    FramePtr frame;
  };
  // x264 copies the picture before avcodec_send_frame returns, so one would do; frame threads (not
  // used here) would need more. All on the encoder's thread.
  std::array<Slot, 4> slots_;
};

class X264Encoder final : public VideoEncoder {
 public:
  X264Encoder(Libav<AVCodecContext> context, const EncodeSettings& settings, const Canvas& canvas,
              int held, std::string name)
      : loans_(std::make_unique<Loans>()),
        context_(std::move(context)),
        picture_(av_frame_alloc()),
        canvas_(canvas),
        gop_(pictures_per_gop(settings, canvas.rate)),
        vbv_ms_(settings.vbv_ms),
        held_(held),
        name_(std::move(name)),
        extradata_(context_->extradata, context_->extradata + context_->extradata_size) {}

  Result<PacketPtr> encode(const FramePtr& frame, std::int64_t number, Duration pts,
                           bool force_keyframe) override {
    if (!frame || frame->info().format != PixelFormat::I420 || frame->width() != canvas_.width ||
        frame->height() != canvas_.height)
      return Error{ErrorKind::Bug, "video encoder: the program picture must be I420 of " +
                                       std::to_string(canvas_.width) + "x" +
                                       std::to_string(canvas_.height)};
    if (started_ && number <= last_number_)
      return Error{ErrorKind::Bug, "video encoder: picture " + std::to_string(number) +
                                       " came after picture " + std::to_string(last_number_)};
    times_[static_cast<std::size_t>(number) % times_.size()] = pts;
    // x264 counts pictures, viewers count seconds: where pictures were skipped the IDR is forced so
    // that the interval in time still holds.
    const bool due = !started_ || number - last_keyframe_ >= gop_;
    if (const int code = send(frame, number, force_keyframe || due); code < 0)
      return failed("encode picture " + std::to_string(number), code);
    started_ = true;
    last_number_ = number;
    return receive();
  }

  void set_bitrate(int kbps) override { set_rate(*context_, std::max(100, kbps), vbv_ms_); }

  Rate rate() const override { return canvas_.rate; }
  int held_frames() const override { return held_; }
  const std::string& name() const override { return name_; }
  const std::vector<std::uint8_t>& extradata() const override { return extradata_; }

 private:
  int send(const FramePtr& frame, std::int64_t number, bool keyframe) {
    AVFrame& p = *picture_;
    av_frame_unref(&p);
    p.format = AV_PIX_FMT_YUV420P;
    p.width = canvas_.width;
    p.height = canvas_.height;
    p.pts = number;
    p.pict_type = keyframe ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
    p.color_range = AVCOL_RANGE_MPEG;
    p.color_primaries = AVCOL_PRI_BT709;
    p.color_trc = AVCOL_TRC_BT709;
    p.colorspace = AVCOL_SPC_BT709;
    for (int i = 0; i < 3; ++i) {
      p.data[i] = const_cast<std::uint8_t*>(frame->plane(i).data);
      p.linesize[i] = frame->plane(i).stride;
    }
    p.buf[0] = loans_->lend(frame);
    if (!p.buf[0]) return AVERROR(ENOMEM);
    captured_[static_cast<std::size_t>(number) % captured_.size()] =
        frame->info().still ? MediaTime{} : frame->info().captured;
    const int code = avcodec_send_frame(context_.get(), &p);
    av_frame_unref(&p);
    return code;
  }

  Result<PacketPtr> receive() {
    const std::shared_ptr<AVPacket> av(av_packet_alloc(), LibavDelete{});
    const int code = avcodec_receive_packet(context_.get(), av.get());
    if (code == AVERROR(EAGAIN)) return PacketPtr();  // held back: held_frames() said so
    if (code < 0) return failed("take an encoded picture", code);
    const auto packet = std::make_shared<EncodedPacket>();
    packet->kind = PacketKind::Video;
    packet->keyframe = (av->flags & AV_PKT_FLAG_KEY) != 0;
    packet->pts = times_[static_cast<std::size_t>(av->pts) % times_.size()];
    packet->duration = canvas_.rate.time_of(av->pts + 1) - canvas_.rate.time_of(av->pts);
    packet->captured = captured_[static_cast<std::size_t>(av->pts) % captured_.size()];
    packet->encoded = MonotonicClock().now();  // a figure for health; nothing is decided by it
    packet->data = {av->data, static_cast<std::size_t>(av->size)};
    packet->owner = av;
    if (packet->keyframe) last_keyframe_ = av->pts;
    return PacketPtr(packet);
  }

  std::unique_ptr<Loans> loans_;  // outlives the context, which may hold a loan
  Libav<AVCodecContext> context_;
  Libav<AVFrame> picture_;
  const Canvas canvas_;
  const int gop_, vbv_ms_, held_;
  const std::string name_;
  const std::vector<std::uint8_t> extradata_;
  // By picture number, for what an encoder holds back.
  std::array<MediaTime, 64> captured_{};
  std::array<Duration, 64> times_{};
  std::int64_t last_number_ = 0, last_keyframe_ = 0;
  bool started_ = false;
};

}  // namespace

Result<Libav<AVCodecContext>> open_x264(const EncodeSettings& settings, const Canvas& canvas,
                                        const X264Options& options) {
  install_libav_log();
  const AVCodec* codec = avcodec_find_encoder_by_name("libx264");
  if (!codec) return Error{ErrorKind::FixSetup, "libavcodec has no libx264: install libavcodec59"};
  Libav<AVCodecContext> context(avcodec_alloc_context3(codec));
  AVCodecContext& c = *context;
  c.width = canvas.width;
  c.height = canvas.height;
  c.pix_fmt = AV_PIX_FMT_YUV420P;
  c.time_base = {canvas.rate.denominator, canvas.rate.numerator};
  c.framerate = {canvas.rate.numerator, canvas.rate.denominator};
  c.sample_aspect_ratio = {1, 1};
  c.gop_size = pictures_per_gop(settings, canvas.rate);
  c.max_b_frames = 0;
  c.thread_count = options.threads;
  if (options.zero_latency) c.thread_type = FF_THREAD_SLICE;
  c.profile = FF_PROFILE_H264_HIGH;
  c.color_range = AVCOL_RANGE_MPEG;
  c.color_primaries = AVCOL_PRI_BT709;
  c.color_trc = AVCOL_TRC_BT709;
  c.colorspace = AVCOL_SPC_BT709;
  c.flags |= AV_CODEC_FLAG_GLOBAL_HEADER;  // |=: an assignment would drop +cgop and open the GOPs
  set_rate(c, settings.video_kbps, settings.vbv_ms);
  const auto set = [&](const char* name, const char* value) {
    return av_opt_set(c.priv_data, name, value, 0);
  };
  set("preset", settings.preset == kPresetAuto ? "superfast" : settings.preset.c_str());
  if (options.zero_latency) set("tune", "zerolatency");
  set("sc_threshold", "0");
  set("forced-idr", "1");
  forget_complaints();
  if (const int code = avcodec_open2(&c, codec, nullptr); code < 0)
    return Error{ErrorKind::FixInput,
                 "x264 preset \"" + settings.preset + "\", " + std::to_string(settings.video_kbps) +
                     " kbit/s: " +
                     (libav_complaints().empty() ? libav_error_text(code) : libav_complaints()[0])};
  return context;
}

Result<int> held_pictures(AVCodecContext& context, int pictures) {
  const Libav<AVFrame> picture(av_frame_alloc());
  const Libav<AVPacket> packet(av_packet_alloc());
  picture->format = context.pix_fmt;
  picture->width = context.width;
  picture->height = context.height;
  if (const int code = av_frame_get_buffer(picture.get(), 0); code < 0)
    return failed("test picture", code);
  int out = 0;
  for (int n = 0; n < pictures; ++n) {
    if (const int code = av_frame_make_writable(picture.get()); code < 0)
      return failed("test picture", code);
    for (int i = 0; i < 3; ++i) {
      const int lines = i == 0 ? context.height : (context.height + 1) / 2;
      std::memset(picture->data[i], i == 0 ? 40 + n * 16 : 128,
                  static_cast<std::size_t>(picture->linesize[i]) * static_cast<std::size_t>(lines));
    }
    picture->pts = n;
    if (const int code = avcodec_send_frame(&context, picture.get()); code < 0)
      return failed("encode a test picture", code);
    while (avcodec_receive_packet(&context, packet.get()) == 0) {
      ++out;
      av_packet_unref(packet.get());
    }
  }
  return pictures - out;
}

Result<std::unique_ptr<VideoEncoder>> open_video_encoder(const EncodeSettings& settings,
                                                         const Canvas& canvas, int threads) {
  if (!canvas.rate.valid() || canvas.width < 16 || canvas.height < 16 || canvas.width % 2 ||
      canvas.height % 2)
    return Error{ErrorKind::FixInput,
                 "canvas: width and height must be even and at least 16, "
                 "the rate positive"};
  if (settings.video_kbps < 100 || settings.keyframe_seconds < 1 || settings.vbv_ms < 50 ||
      settings.vbv_ms > 1000)
    return Error{ErrorKind::FixInput,
                 "encode: video_kbps must be 100 or more, keyframe_seconds 1 or more, vbv_ms "
                 "between 50 and 1000"};
  X264Options options;
  options.threads = std::clamp(
      threads > 0 ? threads : static_cast<int>(std::thread::hardware_concurrency()), 2, 4);
  // The trial runs in a context of its own, so its pictures and its rate control state die with it.
  auto trial = open_x264(settings, canvas, options);
  if (!trial) return std::move(trial.error()).context("open the video encoder");
  const auto held = held_pictures(**trial, 4);
  if (!held) return Error(held.error()).context("try the video encoder");
  trial->reset();
  auto context = open_x264(settings, canvas, options);
  if (!context) return std::move(context.error()).context("open the video encoder");
  std::string name = "libx264 " + (settings.preset == kPresetAuto ? "superfast" : settings.preset) +
                     " zerolatency, " + std::to_string(options.threads) + " slices";
  return std::unique_ptr<VideoEncoder>(
      std::make_unique<X264Encoder>(std::move(*context), settings, canvas, *held, std::move(name)));
}

}  // namespace kakehashi
