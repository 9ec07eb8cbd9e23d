// SPDX-License-Identifier: GPL-3.0-or-later
#include "encoder/muxer.h"

#include <algorithm>
#include <cstring>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

namespace kakehashi {
namespace {

bool set_extradata(AVCodecParameters& parameters, const std::vector<std::uint8_t>& bytes) {
  parameters.extradata =
      static_cast<std::uint8_t*>(av_mallocz(bytes.size() + AV_INPUT_BUFFER_PADDING_SIZE));
  if (!parameters.extradata) return false;
  std::memcpy(parameters.extradata, bytes.data(), bytes.size());
  parameters.extradata_size = static_cast<int>(bytes.size());
  return true;
}

AVCodecID codec_id_of(VideoCodec codec) {
  switch (codec) {
    case VideoCodec::H264:
      return AV_CODEC_ID_H264;
    case VideoCodec::Hevc:
      return AV_CODEC_ID_HEVC;
    case VideoCodec::Av1:
      return AV_CODEC_ID_AV1;
  }
  return AV_CODEC_ID_NONE;
}

bool describe_video(AVStream& stream, const StreamDescription& d) {
  AVCodecParameters& p = *stream.codecpar;
  p.codec_type = AVMEDIA_TYPE_VIDEO;
  p.codec_id = codec_id_of(d.codec);
  p.format = AV_PIX_FMT_YUV420P;
  p.width = d.width;
  p.height = d.height;
  p.bit_rate = static_cast<std::int64_t>(d.video_kbps) * 1000;
  if (d.codec == VideoCodec::H264) p.profile = FF_PROFILE_H264_HIGH;
  p.sample_aspect_ratio = {d.aspect_numerator, d.aspect_denominator};
  stream.sample_aspect_ratio = p.sample_aspect_ratio;
  p.color_range = AVCOL_RANGE_MPEG;
  p.color_primaries = AVCOL_PRI_BT709;
  p.color_trc = AVCOL_TRC_BT709;
  p.color_space = AVCOL_SPC_BT709;
  stream.avg_frame_rate = {d.rate.numerator, d.rate.denominator};
  stream.r_frame_rate = stream.avg_frame_rate;
  stream.time_base = {d.rate.denominator, d.rate.numerator};
  return set_extradata(p, d.video_extradata);
}

bool describe_audio(AVStream& stream, const StreamDescription& d) {
  AVCodecParameters& p = *stream.codecpar;
  p.codec_type = AVMEDIA_TYPE_AUDIO;
  p.sample_rate = kSampleRate;
  av_channel_layout_default(&p.ch_layout, kProgramChannels);
  if (d.audio_codec == AudioCodec::Flac) {
    p.codec_id = AV_CODEC_ID_FLAC;
    p.format = AV_SAMPLE_FMT_S32;
    p.bits_per_raw_sample = 24;
  } else {
    p.codec_id = AV_CODEC_ID_AAC;
    p.profile = FF_PROFILE_AAC_LOW;
    p.format = AV_SAMPLE_FMT_FLTP;
    p.frame_size = 1024;
    p.bit_rate = static_cast<std::int64_t>(d.audio_kbps) * 1000;
  }
  stream.time_base = {1, kSampleRate};
  return set_extradata(p, d.audio_extradata);
}

}  // namespace

std::unique_ptr<Muxer> Muxer::create(const char* format, const StreamDescription& description) {
  install_libav_log();
  AVFormatContext* context = nullptr;
  if (avformat_alloc_output_context2(&context, nullptr, format, nullptr) < 0) return nullptr;
  std::unique_ptr<Muxer> muxer(new Muxer);
  muxer->format_.reset(context);
  muxer->packet_.reset(av_packet_alloc());
  if (!muxer->packet_) return nullptr;
  // The interleaving writer is never used (it would hold pictures until sound has come), so each
  // packet also goes out at once.
  context->flush_packets = 1;
  if (description.has_video()) {
    AVStream* video = avformat_new_stream(context, nullptr);
    if (!video || !describe_video(*video, description)) return nullptr;
    muxer->video_.stream = video->index;
  }
  if (!description.audio_extradata.empty()) {
    AVStream* audio = avformat_new_stream(context, nullptr);
    if (!audio || !describe_audio(*audio, description)) return nullptr;
    muxer->audio_.stream = audio->index;
  }
  return muxer;
}

int Muxer::write_header(AVIOContext* io, AVDictionary** options) {
  format_->pb = io;
  const int code = avformat_write_header(format_.get(), options);
  return std::min(code, 0);  // it says 1 when the streams were ready before
}

int Muxer::write(const EncodedPacket& packet) {
  const bool video = packet.kind == PacketKind::Video;
  if (!started_) {
    if (!packet.keyframe || video != (video_.stream >= 0)) return 0;
    started_ = true;
    zero_ = packet.pts;
  }
  Lane& lane = video ? video_ : audio_;
  if (lane.stream < 0 || packet.pts < zero_) return 0;
  const AVRational unit = format_->streams[lane.stream]->time_base;
  const auto in_units = [&](Duration d) { return av_rescale_q(d.ns, {1, 1'000'000'000}, unit); };
  AVPacket& p = *packet_;
  av_packet_unref(&p);
  p.data = const_cast<std::uint8_t*>(packet.data.data());  // lent; the muxers only read it
  p.size = static_cast<int>(packet.data.size());
  p.stream_index = lane.stream;
  p.dts = std::max(in_units(packet.pts - zero_), lane.last_dts + 1);
  p.pts = p.dts;
  p.duration = in_units(packet.duration);
  if (packet.keyframe) p.flags |= AV_PKT_FLAG_KEY;
  const int code = av_write_frame(format_.get(), &p);
  if (code < 0) return code;
  lane.last_dts = p.dts;
  payload_bytes_ += packet.data.size();
  return 0;
}

void Muxer::set_chapters(const std::vector<Chapter>& chapters) { add_chapters(*format_, chapters); }

int Muxer::write_trailer() { return av_write_trailer(format_.get()); }

}  // namespace kakehashi
