// SPDX-License-Identifier: GPL-3.0-or-later
#include "encoder/video_encoder.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "core/clock.h"
#include "core/log.h"
#include "encoder/x264.h"

extern "C" {
#include <libavcodec/avcodec.h>
}

namespace kakehashi {
namespace {

Error failed(const std::string& doing, int code) {
  return {ErrorKind::Bug, doing + ": " + libav_error_text(code)};
}

using Headers = std::shared_ptr<const std::vector<std::uint8_t>>;

Headers headers_of(const AVCodecContext& context) {
  return std::make_shared<const std::vector<std::uint8_t>>(
      context.extradata, context.extradata + context.extradata_size);
}

std::string name_of(const CodecRow& row, const EncodeSettings& settings,
                    const CodecOptions& options) {
  std::string name = row.name;
  if (row.maker != EncoderMaker::Software || row.codec != VideoCodec::H264) return name;
  name += " " + (settings.preset == kPresetAuto ? "superfast" : settings.preset);
  if (options.zero_latency) name += " zerolatency";
  return name + ", " + std::to_string(options.threads) + " slices";
}

class LavcEncoder final : public VideoEncoder {
 public:
  LavcEncoder(const CodecRow& row, const EncodeSettings& settings, const Canvas& canvas,
              const CodecOptions& options, OpenCodec open, int held,
              std::vector<std::uint8_t> headers)
      : row_(row),
        settings_(settings),
        canvas_(canvas),
        options_(options),
        gop_(pictures_per_gop(settings, canvas.rate)),
        held_(held),
        name_(name_of(row, settings, options)),
        picture_(av_frame_alloc()),
        kbps_(settings.video_kbps),
        vbv_ms_(settings.vbv_ms),
        wanted_kbps_(settings.video_kbps),
        wanted_vbv_ms_(settings.vbv_ms) {
    take(std::move(open));
    if (headers_->empty())
      headers_ = std::make_shared<const std::vector<std::uint8_t>>(std::move(headers));
  }

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
    follow_bitrate(number);
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

  void set_bitrate(int kbps, int vbv_ms) override {
    wanted_kbps_ = std::max(100, kbps);
    wanted_vbv_ms_ = vbv_ms;
  }
  void set_captions(std::span<const std::uint8_t> triplets) override {
    if (row_.captions) captions_.assign(triplets.begin(), triplets.end());
  }
  bool carries_captions() const override { return row_.captions; }
  void repeat_headers() override { repeat_headers_ = true; }

  Rate rate() const override { return canvas_.rate; }
  int held_frames() const override { return held_; }
  const std::string& name() const override { return name_; }
  const std::vector<std::uint8_t>& extradata() const override { return *headers_; }

 private:
  void take(OpenCodec open) {
    context_.reset();  // what it holds on loan first
    loans_ = std::make_unique<PictureLoans>(row_.form, std::move(open.surfaces));
    context_ = std::move(open.context);
    Headers headers = headers_of(*context_);
    if (headers_ && headers->empty()) return;  // told with the first picture, like the last time
    if (headers_ && *headers_ != *headers) repeat_headers_ = true;
    headers_ = std::move(headers);
  }

  void follow_bitrate(std::int64_t number) {
    if (settings_.quality || (wanted_kbps_ == kbps_ && wanted_vbv_ms_ == vbv_ms_)) return;
    if (row_.live_bitrate) {
      set_rate(*context_, wanted_kbps_, wanted_vbv_ms_);
    } else {
      const bool little = std::abs(wanted_kbps_ - kbps_) * 10 < kbps_;
      const bool soon =
          started_ && number - opened_at_ < std::lround(2 * canvas_.rate.per_second());
      if (little || soon) return;
      EncodeSettings next = settings_;
      next.video_kbps = wanted_kbps_;
      next.vbv_ms = wanted_vbv_ms_;
      opened_at_ = number;  // also when it fails: not tried again with every picture
      auto open = open_codec(row_, next, canvas_, options_);
      if (!open) {
        log_error("enc.video", "another bitrate: " + open.error().message);
        return;
      }
      take(std::move(*open));
      started_ = false;  // an IDR, and the numbers go on
    }
    kbps_ = wanted_kbps_;
    vbv_ms_ = wanted_vbv_ms_;
  }

  int send(const FramePtr& frame, std::int64_t number, bool keyframe) {
    AVFrame& p = *picture_;
    av_frame_unref(&p);
    if (const int code = loans_->lend(frame, p); code < 0) return code;
    p.pts = number;
    p.pict_type = keyframe ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
    p.color_range = AVCOL_RANGE_MPEG;
    p.color_primaries = AVCOL_PRI_BT709;
    p.color_trc = AVCOL_TRC_BT709;
    p.colorspace = AVCOL_SPC_BT709;
    if (!captions_.empty()) {
      if (AVFrameSideData* side =
              av_frame_new_side_data(&p, AV_FRAME_DATA_A53_CC, captions_.size()))
        std::memcpy(side->data, captions_.data(), captions_.size());
      captions_.clear();
    }
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
    std::size_t told = 0;
    if (const auto* bytes =
            headers_->empty() ? av_packet_get_side_data(av.get(), AV_PKT_DATA_NEW_EXTRADATA, &told)
                              : nullptr)
      headers_ = std::make_shared<const std::vector<std::uint8_t>>(bytes, bytes + told);
    if (packet->keyframe) {
      last_keyframe_ = av->pts;
      packet->headers = headers_;
      if (repeat_headers_) put_headers_in_front(*packet);
    }
    return PacketPtr(packet);
  }

  // AV1 has them in each keyframe already.
  void put_headers_in_front(EncodedPacket& packet) const {
    if (row_.codec == VideoCodec::Av1) return;
    auto bytes = std::make_shared<std::vector<std::uint8_t>>(*headers_);
    bytes->insert(bytes->end(), packet.data.begin(), packet.data.end());
    packet.data = *bytes;
    packet.owner = std::move(bytes);
  }

  const CodecRow& row_;
  const EncodeSettings settings_;
  const Canvas canvas_;
  const CodecOptions options_;
  const int gop_, held_;
  const std::string name_;
  std::unique_ptr<PictureLoans> loans_;  // outlives the context, which may hold a loan
  Libav<AVCodecContext> context_;
  Libav<AVFrame> picture_;
  Headers headers_;
  bool repeat_headers_ = false;
  std::vector<std::uint8_t> captions_;  // of the next picture
  int kbps_, vbv_ms_, wanted_kbps_, wanted_vbv_ms_;
  std::int64_t opened_at_ = 0;
  // By picture number, for what an encoder holds back.
  std::array<MediaTime, 64> captured_{};
  std::array<Duration, 64> times_{};
  std::int64_t last_number_ = 0, last_keyframe_ = 0;
  bool started_ = false;
};

}  // namespace

Result<Libav<AVCodecContext>> open_x264(const EncodeSettings& settings, const Canvas& canvas,
                                        const CodecOptions& options) {
  auto open = open_codec(*find_codec_row(EncoderMaker::Software, VideoCodec::H264), settings,
                         canvas, options);
  if (!open) return std::move(open.error());
  return std::move(open->context);
}

Result<std::unique_ptr<VideoEncoder>> make_video_encoder(const CodecRow& row,
                                                         const EncodeSettings& settings,
                                                         const Canvas& canvas,
                                                         const CodecOptions& options, int held,
                                                         std::vector<std::uint8_t> headers) {
  auto open = open_codec(row, settings, canvas, options);
  if (!open) return std::move(open.error()).context("open the video encoder");
  return std::unique_ptr<VideoEncoder>(std::make_unique<LavcEncoder>(
      row, settings, canvas, options, std::move(*open), held, std::move(headers)));
}

Result<std::unique_ptr<VideoEncoder>> open_video_encoder(const EncodeSettings& settings,
                                                         const Canvas& canvas, int threads) {
  if (!canvas.rate.valid() || canvas.width < 16 || canvas.height < 16 || canvas.width % 2 ||
      canvas.height % 2)
    return Error{ErrorKind::FixInput,
                 "canvas: width and height must be even and at least 16, "
                 "the rate positive"};
  if (settings.video_kbps < 100 || settings.keyframe_seconds < 1 || settings.vbv_ms < 50 ||
      settings.vbv_ms > 1000 || settings.quality < 0 || settings.quality > 51)
    return Error{ErrorKind::FixInput,
                 "encode: video_kbps must be 100 or more, keyframe_seconds 1 or more, vbv_ms "
                 "between 50 and 1000, quality between 0 and 51"};
  const EncoderMaker maker =
      settings.maker == EncoderMaker::Auto ? EncoderMaker::Software : settings.maker;
  const CodecRow* row = find_codec_row(maker, settings.codec);
  if (!row)
    return Error{ErrorKind::FixInput,
                 "no encoder " + std::string(kEncoderMakerNames[static_cast<std::size_t>(maker)]) +
                     " for " +
                     std::string(kVideoCodecNames[static_cast<std::size_t>(settings.codec)])};
  CodecOptions options;
  options.threads = threads > 0
                        ? std::min(threads, 4)
                        : std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 2, 4);
  // The trial runs in an encoder of its own: its pictures and its rate control die with it.
  auto trial = make_video_encoder(*row, settings, canvas, options, -1);
  if (!trial) return std::move(trial.error());
  const auto figures = try_video_encoder(**trial, canvas, 4);
  if (!figures) return Error(figures.error()).context("try the video encoder");
  std::vector<std::uint8_t> headers = (*trial)->extradata();
  trial->reset();
  return make_video_encoder(*row, settings, canvas, options, figures->held, std::move(headers));
}

}  // namespace kakehashi
