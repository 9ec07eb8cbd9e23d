// SPDX-License-Identifier: GPL-3.0-or-later
// The promises of the picture encoder, on real pictures and with libavcodec's decoder as witness.
#include <cstdlib>

#include <doctest/doctest.h>

#include "encoder/x264.h"
#include "programme.h"

extern "C" {
#include <libavcodec/avcodec.h>
}

using namespace kakehashi;
using kakehashi::testing::moving_picture;

namespace {

const Canvas kSmall{320, 180, {30, 1}};

EncodeSettings settings_of(int kbps) {
  EncodeSettings s;
  s.video_kbps = kbps;
  return s;
}

struct Decoded {
  int pictures = 0;
  double first_luma = 0;
  int profile = 0, color_range = 0, color_space = 0, b_frames = 0;
};

Decoded decode(const std::vector<std::uint8_t>& extradata, const std::vector<PacketPtr>& packets) {
  const AVCodec* codec = avcodec_find_decoder(AV_CODEC_ID_H264);
  Libav<AVCodecContext> context(avcodec_alloc_context3(codec));
  context->extradata =
      static_cast<std::uint8_t*>(av_mallocz(extradata.size() + AV_INPUT_BUFFER_PADDING_SIZE));
  std::memcpy(context->extradata, extradata.data(), extradata.size());
  context->extradata_size = static_cast<int>(extradata.size());
  REQUIRE(avcodec_open2(context.get(), codec, nullptr) == 0);
  Libav<AVPacket> packet(av_packet_alloc());
  Libav<AVFrame> frame(av_frame_alloc());
  Decoded result;
  const auto drain = [&] {
    while (avcodec_receive_frame(context.get(), frame.get()) == 0) {
      if (result.pictures++ == 0) {
        double sum = 0;
        for (int y = 0; y < frame->height; ++y)
          for (int x = 0; x < frame->width; ++x) sum += frame->data[0][y * frame->linesize[0] + x];
        result.first_luma = sum / frame->width / frame->height;
      }
      if (frame->pict_type == AV_PICTURE_TYPE_B) ++result.b_frames;
      result.color_range = frame->color_range;
      result.color_space = frame->colorspace;
    }
  };
  for (const auto& p : packets) {
    packet->data = const_cast<std::uint8_t*>(p->data.data());
    packet->size = static_cast<int>(p->data.size());
    REQUIRE(avcodec_send_packet(context.get(), packet.get()) == 0);
    drain();
  }
  avcodec_send_packet(context.get(), nullptr);
  drain();
  result.profile = context->profile;
  return result;
}

double mean_luma(const FramePtr& f) {
  double sum = 0;
  for (int y = 0; y < f->height(); ++y)
    for (int x = 0; x < f->width(); ++x) sum += f->plane(0).data[y * f->plane(0).stride + x];
  return sum / f->width() / f->height();
}

}  // namespace

TEST_CASE("every picture comes out of the call that put it in") {
  const Canvas canvas{320, 180, {30000, 1001}};
  FramePool pool(PixelFormat::I420, 320, 180, 2);
  auto encoder = open_video_encoder(settings_of(800), canvas, 2);
  REQUIRE(encoder);
  CHECK((*encoder)->held_frames() == 0);
  CHECK((*encoder)->name() == "libx264 superfast zerolatency, 2 slices");
  std::vector<PacketPtr> packets;
  double first_luma = 0;
  for (std::int64_t n = 1'000'000; n < 1'000'090; ++n) {
    FramePtr frame = moving_picture(pool, n, MediaTime{n});
    if (packets.empty()) first_luma = mean_luma(frame);
    const auto packet = (*encoder)->encode(frame, n, false);
    REQUIRE(packet);
    REQUIRE(*packet);
    CHECK((*packet)->pts == canvas.rate.time_of(n));
    CHECK((*packet)->captured == MediaTime{n});
    packets.push_back(*packet);
    frame = FramePtr();
    CHECK(pool.in_use() == 0);  // lent for the call only
  }
  const Decoded seen = decode((*encoder)->extradata(), packets);
  CHECK(seen.pictures == 90);
  CHECK(seen.b_frames == 0);
  CHECK(seen.first_luma == doctest::Approx(first_luma).epsilon(0.02));  // not a test picture
  CHECK(seen.profile == FF_PROFILE_H264_HIGH);
  CHECK(seen.color_range == AVCOL_RANGE_MPEG);
  CHECK(seen.color_space == AVCOL_SPC_BT709);
}

TEST_CASE("a picture carries the time of its tick, not of its number") {
  FramePool pool(PixelFormat::I420, 320, 180, 2);
  auto encoder = open_video_encoder(settings_of(800), kSmall, 2);
  REQUIRE(encoder);
  // Eight hours behind a 29.97 camera at 30 a second: number and time are 28.8 s apart.
  for (std::int64_t n = 863'000; n < 863'080; ++n) {
    const Duration tick = Rate{30000, 1001}.time_of(n) + Duration::microseconds(n % 7 * 13);
    const auto packet = (*encoder)->encode(moving_picture(pool, n), n, tick, false);
    REQUIRE(packet);
    REQUIRE((*packet)->pts == tick);
    CHECK(std::abs(((*packet)->duration - kSmall.rate.period()).ns) <= 1);
    CHECK((*packet)->keyframe == ((n - 863'000) % 60 == 0));
  }
}

TEST_CASE("the measure of held pictures sees an encoder that holds some") {
  CodecOptions slow;
  slow.zero_latency = false;
  EncodeSettings settings = settings_of(800);
  settings.preset = "veryfast";  // looks ahead unless told not to
  auto holding = make_video_encoder(*find_codec_row(EncoderMaker::Software, VideoCodec::H264),
                                    settings, kSmall, slow, -1);
  REQUIRE(holding);
  const auto figures = try_video_encoder(**holding, kSmall, 16);
  REQUIRE(figures);
  CHECK(figures->held > 10);
}

TEST_CASE("an IDR every two seconds of time, and when asked") {
  FramePool pool(PixelFormat::I420, 320, 180, 2);
  auto encoder = open_video_encoder(settings_of(800), kSmall, 2);
  REQUIRE(encoder);
  std::vector<std::int64_t> keyframes;
  for (std::int64_t n = 0; n < 260; ++n) {
    if (n >= 140 && n < 180) continue;  // the encoder was not ready for these
    const auto packet = (*encoder)->encode(moving_picture(pool, n), n, n == 67);
    REQUIRE(packet);
    if ((*packet)->keyframe) keyframes.push_back(n);
  }
  CHECK(keyframes == std::vector<std::int64_t>{0, 60, 67, 127, 187, 247});
}

TEST_CASE("the bitrate follows on air") {
  FramePool pool(PixelFormat::I420, 640, 360, 2);
  auto encoder = open_video_encoder(settings_of(2000), {640, 360, {30, 1}}, 2);
  REQUIRE(encoder);
  std::int64_t n = 0;
  const auto kbps_of_next = [&](int pictures) {
    std::size_t bytes = 0;
    for (int i = 0; i < pictures; ++i, ++n)
      bytes += (*(*encoder)->encode(moving_picture(pool, n * 7), n, false))->data.size();
    return static_cast<double>(bytes) * 8 / 1000 / pictures * 30;
  };
  kbps_of_next(60);  // the buffer starts nearly full
  const double high = kbps_of_next(120);
  (*encoder)->set_bitrate(1000, 500);
  kbps_of_next(30);
  const double low = kbps_of_next(120);
  CHECK(high == doctest::Approx(2000).epsilon(0.15));
  CHECK(low == doctest::Approx(1000).epsilon(0.15));
}

TEST_CASE("what cannot be encoded is refused with words") {
  CHECK_FALSE(open_video_encoder(settings_of(10), kSmall));
  EncodeSettings wrong = settings_of(800);
  wrong.preset = "quick";
  const auto unknown = open_video_encoder(wrong, kSmall);
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().message.find("quick") != std::string::npos);
  CHECK_FALSE(open_video_encoder(settings_of(800), {321, 180, {30, 1}}));

  FramePool pool(PixelFormat::I420, 320, 180, 2);
  FramePool other(PixelFormat::I420, 640, 360, 2);
  auto encoder = open_video_encoder(settings_of(800), kSmall);
  REQUIRE(encoder);
  CHECK_FALSE((*encoder)->encode(moving_picture(other, 0), 0, false));
  CHECK((*encoder)->encode(moving_picture(pool, 5), 5, false));
  CHECK_FALSE((*encoder)->encode(moving_picture(pool, 5), 5, false));
}
