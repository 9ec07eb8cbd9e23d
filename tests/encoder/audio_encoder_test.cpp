// SPDX-License-Identifier: GPL-3.0-or-later
// Where sound lands after encoding and decoding: measured in samples.
#include <map>

#include <doctest/doctest.h>

#include "encoder/libav.h"
#include "programme.h"

extern "C" {
#include <libavcodec/avcodec.h>
}

using namespace kakehashi;
using kakehashi::testing::tone_block;

namespace {

// Left channel, by sample position as the packets' pts say.
std::map<std::int64_t, float> decode(const std::vector<std::uint8_t>& extradata,
                                     const std::vector<PacketPtr>& packets) {
  const AVCodec* codec = avcodec_find_decoder_by_name("aac");
  Libav<AVCodecContext> context(avcodec_alloc_context3(codec));
  context->extradata =
      static_cast<std::uint8_t*>(av_mallocz(extradata.size() + AV_INPUT_BUFFER_PADDING_SIZE));
  std::memcpy(context->extradata, extradata.data(), extradata.size());
  context->extradata_size = static_cast<int>(extradata.size());
  REQUIRE(avcodec_open2(context.get(), codec, nullptr) == 0);
  Libav<AVPacket> packet(av_packet_alloc());
  Libav<AVFrame> frame(av_frame_alloc());
  std::map<std::int64_t, float> samples;
  for (const auto& p : packets) {
    packet->data = const_cast<std::uint8_t*>(p->data.data());
    packet->size = static_cast<int>(p->data.size());
    REQUIRE(avcodec_send_packet(context.get(), packet.get()) == 0);
    while (avcodec_receive_frame(context.get(), frame.get()) == 0) {
      CHECK(frame->ch_layout.nb_channels == 2);
      CHECK(frame->sample_rate == 48'000);
      const auto at = static_cast<std::int64_t>(std::llround(p->pts.to_seconds() * 48'000));
      for (int i = 0; i < frame->nb_samples; ++i)
        samples[at + i] = reinterpret_cast<const float*>(frame->data[0])[i];
    }
  }
  return samples;
}

// The shift (in samples) at which what came out fits best to a tone burst that begins at `from`.
std::int64_t shift_of_burst(const std::map<std::int64_t, float>& heard, std::int64_t from,
                            std::int64_t length, double hertz) {
  std::int64_t best = -9999;
  double most = 0;
  for (std::int64_t shift = -1200; shift <= 1200; ++shift) {
    double sum = 0;
    for (std::int64_t i = 0; i < length; ++i) {
      const auto it = heard.find(from + i + shift);
      if (it == heard.end()) continue;
      sum += it->second *
             std::sin(2 * std::numbers::pi * hertz * static_cast<double>(from + i) / kSampleRate);
    }
    if (sum > most) {
      most = sum;
      best = shift;
    }
  }
  return best;
}

double rms(const std::map<std::int64_t, float>& heard, std::int64_t from, std::int64_t to) {
  double sum = 0;
  for (auto it = heard.lower_bound(from); it != heard.end() && it->first < to; ++it)
    sum += static_cast<double>(it->second) * it->second;
  return std::sqrt(sum / static_cast<double>(to - from));
}

constexpr double kHertz = 997;

}  // namespace

TEST_CASE("a tone comes out where it went in") {
  auto encoder = open_audio_encoder(160);
  REQUIRE(encoder);
  std::vector<PacketPtr> packets;
  const std::int64_t start = 48'000 * 3600;  // an hour into the session
  for (int b = 0; b < 60; ++b) {
    const std::int64_t at = start + b * kBlockSamples;
    const bool on = b >= 20 && b < 40;
    REQUIRE((*encoder)->encode(tone_block(at, kHertz, on ? 0.5 : 0), packets));
  }
  REQUIRE(packets.size() > 20);
  for (std::size_t i = 1; i < packets.size(); ++i)
    CHECK(std::llabs((packets[i]->pts - packets[i - 1]->pts).ns - 21'333'333) <= 1);
  const auto heard = decode((*encoder)->extradata(), packets);
  const std::int64_t burst = start + 20 * kBlockSamples;
  const auto shift = shift_of_burst(heard, burst, 20 * kBlockSamples, kHertz);
  MESSAGE("tone burst shifted by " << shift << " samples");
  CHECK(std::llabs(shift) <= 1);
  CHECK(rms(heard, burst + 480, burst + 9000) == doctest::Approx(0.5 / std::sqrt(2)).epsilon(0.05));
  CHECK(rms(heard, burst - 4000, burst - 1100) < 0.01);
}

TEST_CASE("a hole becomes silence and sound behind it keeps its time; what is late is left out") {
  auto encoder = open_audio_encoder(160);
  REQUIRE(encoder);
  std::vector<PacketPtr> packets;
  for (int b = 0; b < 100; ++b) {
    if (b >= 30 && b < 47) continue;
    REQUIRE((*encoder)->encode(tone_block(b * kBlockSamples, kHertz, b < 70 ? 0.5 : 0), packets));
    if (b == 60)  // the same again: already taken
      REQUIRE((*encoder)->encode(tone_block(b * kBlockSamples, 3000, 0.5), packets));
  }
  const auto heard = decode((*encoder)->extradata(), packets);
  CHECK(rms(heard, 31 * 480 + 700, 46 * 480 - 700) < 0.01);
  const auto shift = shift_of_burst(heard, 47 * kBlockSamples, 23 * kBlockSamples, kHertz);
  CHECK(std::llabs(shift) <= 1);
  CHECK(packets.back()->pts < Duration::milliseconds(1000));
  CHECK(packets.back()->pts > Duration::milliseconds(910));
}

TEST_CASE("after a very long hole time goes on from the new place") {
  auto encoder = open_audio_encoder(128);
  REQUIRE(encoder);
  std::vector<PacketPtr> packets;
  const std::int64_t far = 48'000LL * 900;
  for (int b = 0; b < 20; ++b)
    REQUIRE((*encoder)->encode(tone_block(b * kBlockSamples, kHertz, 0.5), packets));
  for (int b = 0; b < 60; ++b)
    REQUIRE((*encoder)->encode(
        tone_block(far + b * kBlockSamples, kHertz, b >= 10 && b < 40 ? 0.5 : 0), packets));
  CHECK(packets.size() < 60);
  const auto heard = decode((*encoder)->extradata(), packets);
  const auto shift = shift_of_burst(heard, far + 4800, 30 * kBlockSamples, kHertz);
  CHECK(std::llabs(shift) <= 1);
}

TEST_CASE("a bitrate no player expects is refused") { CHECK_FALSE(open_audio_encoder(4)); }

TEST_CASE("without loss: whole milliseconds, the place it went in, a hole is silence") {
  auto encoder = open_lossless_encoder();
  REQUIRE(encoder);
  CHECK((*encoder)->extradata().size() == 34);  // STREAMINFO
  std::vector<PacketPtr> packets;
  for (int b = 0; b < 50; ++b)
    if (b < 20 || b >= 25)
      REQUIRE((*encoder)->encode(tone_block(b * kBlockSamples, kHertz, 0.5), packets));
  REQUIRE(packets.size() == 10);
  for (std::size_t i = 0; i < packets.size(); ++i) {
    CHECK(packets[i]->pts == Duration::milliseconds(50 * static_cast<std::int64_t>(i)));
    CHECK(packets[i]->duration == Duration::milliseconds(50));
    CHECK(packets[i]->keyframe);
  }
  CHECK(packets[4]->data.size() < 100);  // the hole
  CHECK(packets[5]->data.size() > 1000);
}
