// SPDX-License-Identifier: GPL-3.0-or-later
#include "encoder/audio_encoder.h"

#include <algorithm>
#include <cmath>

#include "core/clock.h"
#include "encoder/libav.h"

extern "C" {
#include <libavcodec/avcodec.h>
}

namespace kakehashi {
namespace {

// A longer hole is a new start (the machine slept): its silence would take longer to encode than it
// is worth, so the timestamps jump instead, by whole AAC frames' worth of nothing.
constexpr std::int64_t kLongestFill = 10LL * kSampleRate;

Error failed(const std::string& doing, int code) {
  return {ErrorKind::Bug, "audio encoder: " + doing + ": " + libav_error_text(code)};
}

constexpr int kLosslessFrame = kSampleRate / 20;

// 24 bit in the upper bytes, as libavcodec's FLAC wants them.
std::int32_t whole(float sample) {
  const long value = std::lround(static_cast<double>(sample) * 8388608.0);
  return static_cast<std::int32_t>(std::clamp(value, -8388608L, 8388607L) * 256);
}

class BlockEncoder final : public AudioEncoder {
 public:
  explicit BlockEncoder(Libav<AVCodecContext> context)
      : context_(std::move(context)),
        frame_(av_frame_alloc()),
        extradata_(context_->extradata, context_->extradata + context_->extradata_size) {}

  Status encode(const AudioBlock& block, std::vector<PacketPtr>& ready) override {
    std::int64_t skip = 0;
    if (!started_) {
      started_ = true;
      next_ = block.position;
    } else if (block.position - next_ > kLongestFill) {
      if (auto s = append(nullptr, (context_->frame_size - filled_) % context_->frame_size, ready);
          !s)
        return s;
      next_ = block.position;
    } else if (block.position > next_) {
      if (auto s = append(nullptr, block.position - next_, ready); !s) return s;
    } else {
      skip = std::min<std::int64_t>(next_ - block.position, kBlockSamples);  // heard already
    }
    return append(block.samples.data() + skip * kProgramChannels, kBlockSamples - skip, ready);
  }

  const std::vector<std::uint8_t>& extradata() const override { return extradata_; }

 private:
  // `interleaved` null: silence.
  Status append(const float* interleaved, std::int64_t count, std::vector<PacketPtr>& ready) {
    while (count > 0) {
      if (filled_ == 0)
        if (auto s = new_frame(); !s) return s;
      const auto n =
          static_cast<int>(std::min<std::int64_t>(count, context_->frame_size - filled_));
      put(interleaved, n);
      if (interleaved) interleaved += static_cast<std::ptrdiff_t>(n) * kProgramChannels;
      count -= n;
      next_ += n;
      filled_ += n;
      if (filled_ == context_->frame_size)
        if (auto s = send(ready); !s) return s;
    }
    return {};
  }

  void put(const float* interleaved, int n) {
    if (context_->sample_fmt == AV_SAMPLE_FMT_S32) {
      auto* to = reinterpret_cast<std::int32_t*>(frame_->data[0]) + filled_ * kProgramChannels;
      for (int i = 0; i < n * kProgramChannels; ++i)
        to[i] = interleaved ? whole(interleaved[i]) : 0;
      return;
    }
    for (int channel = 0; channel < kProgramChannels; ++channel) {
      float* to = reinterpret_cast<float*>(frame_->data[channel]) + filled_;
      if (!interleaved)
        std::fill(to, to + n, 0.0F);
      else
        for (int i = 0; i < n; ++i) to[i] = interleaved[i * kProgramChannels + channel];
    }
  }

  Status new_frame() {
    // The encoder keeps a reference for its overlap, so the buffer is fresh only when it let go.
    AVFrame& f = *frame_;
    if (!f.buf[0]) {
      f.format = context_->sample_fmt;
      f.sample_rate = kSampleRate;
      f.nb_samples = context_->frame_size;
      av_channel_layout_copy(&f.ch_layout, &context_->ch_layout);
      if (const int code = av_frame_get_buffer(&f, 0); code < 0) return failed("buffer", code);
    } else if (const int code = av_frame_make_writable(&f); code < 0) {
      return failed("buffer", code);
    }
    f.pts = next_;
    return {};
  }

  Status send(std::vector<PacketPtr>& ready) {
    filled_ = 0;
    if (const int code = avcodec_send_frame(context_.get(), frame_.get()); code < 0)
      return failed("encode", code);
    for (;;) {
      const std::shared_ptr<AVPacket> av(av_packet_alloc(), LibavDelete{});
      const int code = avcodec_receive_packet(context_.get(), av.get());
      if (code == AVERROR(EAGAIN)) return {};
      if (code < 0) return failed("take a packet", code);
      const auto packet = std::make_shared<EncodedPacket>();
      packet->kind = PacketKind::Audio;
      packet->keyframe = true;
      // libavcodec has taken initial_padding (1024 samples of priming) off the pts already
      // (libavcodec/audio_frame_queue.c): what a decoder puts out for this packet belongs here.
      packet->pts = time_of_sample(av->pts);
      packet->duration = time_of_sample(av->pts + context_->frame_size) - packet->pts;
      packet->encoded = MonotonicClock().now();  // a figure for health; nothing is decided by it
      packet->data = {av->data, static_cast<std::size_t>(av->size)};
      packet->owner = av;
      ready.push_back(packet);
    }
  }

  Libav<AVCodecContext> context_;
  Libav<AVFrame> frame_;
  const std::vector<std::uint8_t> extradata_;
  bool started_ = false;
  std::int64_t next_ = 0;  // sample position that follows what was taken in
  int filled_ = 0;         // samples in frame_
};

}  // namespace

Result<std::unique_ptr<AudioEncoder>> open_audio_encoder(int kbps) {
  install_libav_log();
  if (kbps < 32 || kbps > 512)
    return Error{ErrorKind::FixInput, "encode: audio_kbps must be between 32 and 512"};
  const AVCodec* codec = avcodec_find_encoder_by_name("aac");
  if (!codec) return Error{ErrorKind::FixSetup, "libavcodec has no AAC encoder"};
  Libav<AVCodecContext> context(avcodec_alloc_context3(codec));
  context->sample_fmt = AV_SAMPLE_FMT_FLTP;
  context->sample_rate = kSampleRate;
  context->time_base = {1, kSampleRate};
  av_channel_layout_default(&context->ch_layout, kProgramChannels);
  context->bit_rate = static_cast<std::int64_t>(kbps) * 1000;
  context->profile = FF_PROFILE_AAC_LOW;
  context->thread_count = 1;
  if (const int code = avcodec_open2(context.get(), codec, nullptr); code < 0)
    return failed("open", code);
  return std::unique_ptr<AudioEncoder>(std::make_unique<BlockEncoder>(std::move(context)));
}

Result<std::unique_ptr<AudioEncoder>> open_lossless_encoder() {
  install_libav_log();
  const AVCodec* codec = avcodec_find_encoder_by_name("flac");
  if (!codec) return Error{ErrorKind::FixSetup, "libavcodec has no FLAC encoder"};
  Libav<AVCodecContext> context(avcodec_alloc_context3(codec));
  context->sample_fmt = AV_SAMPLE_FMT_S32;
  context->bits_per_raw_sample = 24;
  context->sample_rate = kSampleRate;
  context->time_base = {1, kSampleRate};
  av_channel_layout_default(&context->ch_layout, kProgramChannels);
  context->frame_size = kLosslessFrame;
  context->compression_level = 2;  // speed goes before the last percent of bytes
  context->thread_count = 1;
  if (const int code = avcodec_open2(context.get(), codec, nullptr); code < 0)
    return failed("open", code);
  return std::unique_ptr<AudioEncoder>(std::make_unique<BlockEncoder>(std::move(context)));
}

}  // namespace kakehashi
