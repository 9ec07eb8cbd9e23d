// SPDX-License-Identifier: GPL-3.0-or-later
// Captions in the picture stream, read back by libavcodec: its H.264 decoder finds the cc_data, its
// CEA-608 decoder the words. CEA-708, which libavcodec does not read, by a reader of the tests'
// own.
#include <doctest/doctest.h>

#include <map>

#include "encoder/caption_sei.h"
#include "encoder/libav.h"
#include "encoder/video_encoder.h"
#include "programme.h"

extern "C" {
#include <libavcodec/avcodec.h>
}

using namespace kakehashi;
using kakehashi::testing::moving_picture;

namespace {

using Bytes = std::vector<std::uint8_t>;

// The service blocks of service 1 as CTA-708-E has them, turned into what a window shows.
class Reader708 {
 public:
  void take(std::span<const std::uint8_t> triplets) {
    for (std::size_t i = 0; i + 2 < triplets.size(); i += 3) {
      const int type = triplets[i] & 3;
      if (!(triplets[i] & 4) || type < 2) continue;
      if (type == 3) {
        CHECK(left_ == 0);  // the packet before was whole
        packet_.clear();
        const int code = triplets[i + 1] & 0x3F;
        const int sequence = triplets[i + 1] >> 6;
        if (last_ >= 0) CHECK(sequence == ((last_ + 1) & 3));
        last_ = sequence;
        left_ = code == 0 ? 128 : code * 2;
      }
      packet_.push_back(triplets[i + 1]);
      packet_.push_back(triplets[i + 2]);
      left_ -= 2;
      if (left_ == 0) packet();
    }
  }
  std::vector<std::string> shown() const {
    std::vector<std::string> rows;
    if (visible_)
      for (const auto& [row, text] : rows_) rows.push_back(text);
    return rows;
  }

 private:
  void packet() {
    for (std::size_t at = 1; at < packet_.size();) {
      const int service = packet_[at] >> 5, size = packet_[at] & 31;
      ++at;
      if (size == 0) break;
      REQUIRE(service == 1);
      REQUIRE(at + static_cast<std::size_t>(size) <= packet_.size());
      block({packet_.data() + at, static_cast<std::size_t>(size)});
      at += static_cast<std::size_t>(size);
    }
  }
  void block(std::span<const std::uint8_t> b) {
    std::size_t i = 0;
    const auto arguments = [&](std::size_t n) { REQUIRE(i + n < b.size() + 0U); };
    for (; i < b.size(); ++i) {
      const std::uint8_t c = b[i];
      if (c == 0x8C || c == 0x8A || c == 0x88 || c == 0x89) {
        arguments(1);
        ++i;
        if (c == 0x89) visible_ = true;
        if (c == 0x8A || c == 0x8C) visible_ = false;
        if (c != 0x89) rows_.clear();
      } else if (c == 0x98) {
        arguments(6);
        CHECK((b[i + 1] & 0x20) == 0);  // written while hidden
        i += 6;
      } else if (c == 0x92) {
        arguments(2);
        row_ = b[i + 1];
        i += 2;
      } else if (c == 0x18) {
        arguments(2);
        put(static_cast<char32_t>(b[i + 1] << 8 | b[i + 2]));
        i += 2;
      } else if (c != 0x03) {
        put(c);
      }
    }
  }
  void put(char32_t c) {
    std::string& row = rows_[row_];
    if (c < 0x80) {
      row += static_cast<char>(c);
    } else if (c < 0x800) {
      row += static_cast<char>(0xC0 | c >> 6);
      row += static_cast<char>(0x80 | (c & 0x3F));
    } else {
      row += static_cast<char>(0xE0 | c >> 12);
      row += static_cast<char>(0x80 | (c >> 6 & 0x3F));
      row += static_cast<char>(0x80 | (c & 0x3F));
    }
  }
  Bytes packet_;
  int left_ = 0, last_ = -1, row_ = 0;
  bool visible_ = false;
  std::map<int, std::string> rows_;
};

// libavcodec's decoder of CEA-608: the last words it gave out, as ASS.
class Reader608 {
 public:
  Reader608() : context_(avcodec_alloc_context3(avcodec_find_decoder(AV_CODEC_ID_EIA_608))) {
    context_->pkt_timebase = {1, 1000};
    REQUIRE(avcodec_open2(context_.get(), nullptr, nullptr) == 0);
  }
  void take(const Bytes& triplets, std::int64_t ms) {
    Libav<AVPacket> packet(av_packet_alloc());
    REQUIRE(av_new_packet(packet.get(), static_cast<int>(triplets.size())) == 0);
    std::copy(triplets.begin(), triplets.end(), packet->data);
    packet->pts = ms;
    AVSubtitle subtitle{};
    int got = 0;
    REQUIRE(avcodec_decode_subtitle2(context_.get(), &subtitle, &got, packet.get()) >= 0);
    if (!got) return;
    for (unsigned r = 0; r < subtitle.num_rects; ++r)
      if (subtitle.rects[r]->ass) all.emplace_back(subtitle.rects[r]->ass);
    avsubtitle_free(&subtitle);
  }
  std::vector<std::string> all;

 private:
  Libav<AVCodecContext> context_;
};

// Pictures through x264 and back: the cc_data that a player finds in each.
std::vector<Bytes> through_the_stream(CaptionWriter& captions, VideoEncoder& encoder,
                                      FramePool& pool, std::int64_t first, int pictures) {
  const AVCodec* codec = avcodec_find_decoder(AV_CODEC_ID_H264);
  Libav<AVCodecContext> decoder(avcodec_alloc_context3(codec));
  const auto& headers = encoder.extradata();
  decoder->extradata =
      static_cast<std::uint8_t*>(av_mallocz(headers.size() + AV_INPUT_BUFFER_PADDING_SIZE));
  std::copy(headers.begin(), headers.end(), decoder->extradata);
  decoder->extradata_size = static_cast<int>(headers.size());
  REQUIRE(avcodec_open2(decoder.get(), codec, nullptr) == 0);
  Libav<AVPacket> packet(av_packet_alloc());
  Libav<AVFrame> frame(av_frame_alloc());
  std::vector<Bytes> found;
  const auto drain = [&] {
    while (avcodec_receive_frame(decoder.get(), frame.get()) == 0) {
      const AVFrameSideData* side = av_frame_get_side_data(frame.get(), AV_FRAME_DATA_A53_CC);
      found.emplace_back(side ? Bytes(side->data, side->data + side->size) : Bytes{});
    }
  };
  for (std::int64_t n = first; n < first + pictures; ++n) {
    encoder.set_captions(captions.next());
    const auto p = encoder.encode(moving_picture(pool, n), n, n == first);
    REQUIRE(p);
    packet->data = const_cast<std::uint8_t*>((*p)->data.data());
    packet->size = static_cast<int>((*p)->data.size());
    REQUIRE(avcodec_send_packet(decoder.get(), packet.get()) == 0);
    drain();
  }
  avcodec_send_packet(decoder.get(), nullptr);
  drain();
  return found;
}

EncodeSettings small_settings() {
  EncodeSettings s;
  s.video_kbps = 800;
  return s;
}

}  // namespace

TEST_CASE("a Japanese caption stands whole in the stream as CEA-708, and none of it as CEA-608") {
  FramePool pool(PixelFormat::I420, 320, 180, 2);
  auto encoder = open_video_encoder(small_settings(), {320, 180, {30, 1}}, 2).value();
  CHECK(encoder->carries_captions());
  CaptionWriter captions({30, 1});
  captions.show({"区長の山田でございます。", "本日はお集まりいただき、ありがとうございます。"});
  const auto pictures = through_the_stream(captions, *encoder, pool, 0, 60);
  REQUIRE(pictures.size() == 60);
  Reader708 reader;
  Reader608 latin;
  int needed = 0;
  for (int n = 0; n < 60; ++n) {
    CHECK(pictures[static_cast<std::size_t>(n)].size() == 60);  // 20 triplets: 600 a second
    reader.take(pictures[static_cast<std::size_t>(n)]);
    latin.take(pictures[static_cast<std::size_t>(n)], n * 33);
    if (reader.shown().size() == 2 && needed == 0) needed = n + 1;
  }
  CHECK(reader.shown() ==
        std::vector<std::string>{"区長の山田でございます。",
                                 "本日はお集まりいただき、ありがとうございます。"});
  CHECK(latin.all.empty());
  MESSAGE("shown with picture " << needed);
  CHECK(needed <= 8);  // a quarter of a second

  captions.show({});
  for (const auto& data : through_the_stream(captions, *encoder, pool, 60, 10)) reader.take(data);
  CHECK(reader.shown().empty());
}

TEST_CASE("a Latin caption can be read by decoders of either kind") {
  for (const Rate rate : {Rate{30000, 1001}, Rate{60, 1}, Rate{25, 1}}) {
    CAPTURE(rate.per_second());
    FramePool pool(PixelFormat::I420, 320, 180, 2);
    auto encoder = open_video_encoder(small_settings(), {320, 180, rate}, 2).value();
    CaptionWriter captions(rate);
    captions.show({"Good afternoon. I am the mayor of this ward, Café Ñandú."});
    Reader708 reader;
    Reader608 latin;
    int n = 0;
    const auto play = [&](int pictures) {
      for (const auto& data : through_the_stream(captions, *encoder, pool, n, pictures)) {
        CHECK(data.size() / 3 == static_cast<std::size_t>(std::lround(600 / rate.per_second())));
        reader.take(data);
        latin.take(data, n++ * 1000 / static_cast<int>(rate.per_second()));
      }
    };
    play(90);
    CHECK(reader.shown() ==
          std::vector<std::string>{"Good afternoon. I am the mayor of this", "ward, Café Ñandú."});
    captions.show({});
    play(20);  // the decoder tells a caption when it ends
    REQUIRE(latin.all.size() == 1);
    const std::string& ass = latin.all[0];
    CHECK(ass.find("Good afternoon. I am the mayor") != std::string::npos);
    CHECK(ass.find("of this ward, Caf") != std::string::npos);
  }
}

TEST_CASE("what stays is sent again, what is the same is not") {
  CaptionWriter captions({30, 1});
  const auto filled = [&](int pictures) {
    int packets = 0;
    for (int n = 0; n < pictures; ++n) {
      const auto data = captions.next();
      for (std::size_t i = 0; i < data.size(); i += 3) packets += data[i] == 0xFF;
    }
    return packets;
  };
  CHECK(filled(30) == 0);
  captions.show({"あ"});
  const int once = filled(30);
  CHECK(once >= 1);
  captions.show({"あ"});
  CHECK(filled(200) == 0);
  CHECK(filled(100) == once);
}

TEST_CASE("a caption replaced while it is on its way breaks no packet") {
  CaptionWriter captions({60, 1});
  Reader708 reader;
  std::string long_line;
  for (int i = 0; i < 40; ++i) long_line += "字";
  for (int n = 0; n < 200; ++n) {
    if (n % 3 == 0) captions.show({long_line + std::to_string(n)});
    reader.take(captions.next());
  }
  captions.show({"終わり"});
  for (int n = 0; n < 20; ++n) reader.take(captions.next());
  CHECK(reader.shown() == std::vector<std::string>{"終わり"});
}

TEST_CASE("text that is not UTF-8, and letters beyond the first plane, do no harm") {
  CaptionWriter captions({30, 1});
  Reader708 reader;
  captions.show({"a\xFF\xC3(b\xE3\x81", "𠮷野", std::string(500, 'x')});
  for (int n = 0; n < 90; ++n) reader.take(captions.next());
  REQUIRE(reader.shown().size() == 4);  // the last four rows
  CHECK(fits_cea608("plain"));
  CHECK_FALSE(fits_cea608("日本"));
}
