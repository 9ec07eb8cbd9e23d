// SPDX-License-Identifier: GPL-3.0-or-later
#include "encoder/decoder.h"

#include <cstring>
#include <vector>

#include "encoder/libav_decode.h"

namespace kakehashi {
namespace {

using Body = std::span<const std::uint8_t>;

Error broken(const std::string& what) { return {ErrorKind::FixInput, what}; }

// One thread: with one picture per packet and no reordering, frame threads would only add delay,
// and the receiver shares its machine with the encoder.
Result<CodecHolder> open_codec(AVCodecID id, Body extradata) {
  const AVCodec* codec = avcodec_find_decoder(id);
  if (!codec)
    return Error{ErrorKind::Unsupported, std::string("this libavcodec cannot decode ") +
                                             avcodec_get_name(id) +
                                             "; install Debian's libavcodec"};
  CodecHolder c(avcodec_alloc_context3(codec));
  if (!c) return Error{ErrorKind::Bug, "no memory for a decoder"};
  c->thread_count = 1;
  // Damage is counted and reported by us; the library need not print each case (this moves its
  // errors below any level in use, for this decoder alone).
  c->log_level_offset = AV_LOG_TRACE;
  c->flags |= AV_CODEC_FLAG_LOW_DELAY;
  c->pkt_timebase = {1, 1000};
  c->extradata =
      static_cast<std::uint8_t*>(av_mallocz(extradata.size() + AV_INPUT_BUFFER_PADDING_SIZE));
  if (!c->extradata) return Error{ErrorKind::Bug, "no memory for a decoder"};
  std::memcpy(c->extradata, extradata.data(), extradata.size());
  c->extradata_size = static_cast<int>(extradata.size());
  if (const int fault = avcodec_open2(c.get(), codec, nullptr); fault < 0)
    return broken(std::string(avcodec_get_name(id)) + " sequence header: " + libav_words(fault));
  return c;
}

class LibavStreamDecoder final : public StreamDecoder {
 public:
  LibavStreamDecoder() : packet_(av_packet_alloc()), frame_(av_frame_alloc()) {}

  // E.4.3: frame type and codec, AVC packet type, composition time (signed 24 bits), data.
  Status video(Body body, Duration timestamp) override {
    if (body.size() < 5) return broken("a video tag of less than 5 bytes");
    if (body[0] & 0x80)
      return Error{ErrorKind::Unsupported, "an enhanced-RTMP video tag; only H.264 is decoded"};
    if ((body[0] & 0x0F) != 7)
      return Error{ErrorKind::Unsupported,
                   "video codec " + std::to_string(body[0] & 0x0F) + "; only H.264 (7) is decoded"};
    const Body payload = body.subspan(5);
    switch (body[1]) {
      case 0:
        return open_picture_codec(payload);
      case 1:
        break;
      default:
        return {};  // end of sequence
    }
    if (!picture_codec_) return broken("a picture before the H.264 sequence header");
    std::int32_t composition = (body[2] << 16) | (body[3] << 8) | body[4];
    if (composition >= 0x800000) composition -= 0x1000000;
    packet_->flags = (body[0] >> 4) == 1 ? AV_PKT_FLAG_KEY : 0;
    return decode(*picture_codec_, payload, timestamp + Duration::milliseconds(composition), true);
  }

  // E.4.2: format, rate, size, type; for AAC one byte says sequence header or raw.
  Status audio(Body body, Duration timestamp) override {
    if (body.size() < 2) return broken("an audio tag of less than 2 bytes");
    if (body[0] >> 4 != 10)
      return Error{ErrorKind::Unsupported,
                   "sound format " + std::to_string(body[0] >> 4) + "; only AAC (10) is decoded"};
    const Body payload = body.subspan(2);
    if (body[1] == 0) {
      if (sound_codec_ && same(sound_header_, payload)) return {};
      Result<CodecHolder> codec = open_codec(AV_CODEC_ID_AAC, payload);
      if (!codec) return codec.error();
      sound_codec_ = std::move(*codec);
      sound_header_.assign(payload.begin(), payload.end());
      return {};
    }
    if (!sound_codec_) return broken("sound before the AAC sequence header");
    packet_->flags = AV_PKT_FLAG_KEY;
    return decode(*sound_codec_, payload, timestamp, false);
  }

 private:
  static bool same(const std::vector<std::uint8_t>& a, Body b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin());
  }

  Status open_picture_codec(Body header) {
    if (picture_codec_ && same(picture_header_, header)) return {};
    if (header.size() < 7 || header[0] != 1)  // ISO/IEC 14496-15, 5.2.4.1: configurationVersion
      return broken("a broken H.264 sequence header");
    Result<CodecHolder> codec = open_codec(AV_CODEC_ID_H264, header);
    if (!codec) return codec.error();
    picture_codec_ = std::move(*codec);
    picture_header_.assign(header.begin(), header.end());
    return {};
  }

  Status decode(AVCodecContext& codec, Body payload, Duration pts, bool picture) {
    if (payload.empty()) return {};
    // The decoder reads a little past the end, so the bytes are copied into a padded buffer.
    padded_.resize(payload.size() + AV_INPUT_BUFFER_PADDING_SIZE);
    std::memcpy(padded_.data(), payload.data(), payload.size());
    std::memset(padded_.data() + payload.size(), 0, AV_INPUT_BUFFER_PADDING_SIZE);
    packet_->data = padded_.data();
    packet_->size = static_cast<int>(payload.size());
    packet_->pts = pts.ns / 1'000'000;
    packet_->dts = AV_NOPTS_VALUE;
    Status result;
    if (const int fault = avcodec_send_packet(&codec, packet_.get()); fault < 0)
      result = broken(std::string(picture ? "picture: " : "sound: ") + libav_words(fault));
    for (;;) {
      const int got = avcodec_receive_frame(&codec, frame_.get());
      if (got == AVERROR(EAGAIN) || got == AVERROR_EOF) break;
      if (got < 0) {
        if (result.ok())
          result = broken(std::string(picture ? "picture: " : "sound: ") + libav_words(got));
        break;
      }
      // Concealed damage is damage: a viewer sees it.
      if (frame_->decode_error_flags != 0 && result.ok())
        result = broken("picture: damaged, decoded with concealment");
      if (picture)
        give_picture();
      else
        give_sound();
      av_frame_unref(frame_.get());
    }
    return result;
  }

  void give_picture() {
    if (!on_picture) return;
    DecodedPicture p;
    p.luma = frame_->data[0];
    p.stride = frame_->linesize[0];
    p.width = frame_->width;
    p.height = frame_->height;
    p.pts = Duration::milliseconds(frame_->pts);
    p.keyframe = frame_->key_frame != 0;
    on_picture(p);
  }

  void give_sound() {
    if (!on_sound || frame_->format != AV_SAMPLE_FMT_FLTP) return;
    const int channels = frame_->ch_layout.nb_channels;
    interleaved_.resize(static_cast<std::size_t>(frame_->nb_samples) *
                        static_cast<std::size_t>(channels));
    for (int c = 0; c < channels; ++c) {
      const auto* plane = reinterpret_cast<const float*>(frame_->extended_data[c]);
      for (int i = 0; i < frame_->nb_samples; ++i)
        interleaved_[static_cast<std::size_t>(i * channels + c)] = plane[i];
    }
    on_sound({interleaved_, channels, frame_->sample_rate, Duration::milliseconds(frame_->pts)});
  }

  PacketHolder packet_;
  FrameHolder frame_;
  CodecHolder picture_codec_, sound_codec_;
  std::vector<std::uint8_t> picture_header_, sound_header_;
  std::vector<std::uint8_t> padded_;
  std::vector<float> interleaved_;
};

}  // namespace

Result<std::unique_ptr<StreamDecoder>> open_stream_decoder() {
  return std::unique_ptr<StreamDecoder>(std::make_unique<LibavStreamDecoder>());
}

}  // namespace kakehashi
