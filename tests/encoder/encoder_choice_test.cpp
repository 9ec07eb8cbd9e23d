// SPDX-License-Identifier: GPL-3.0-or-later
// Which encoder is taken, by pretended machines; and what this one really gives.
#include <doctest/doctest.h>

#include <map>

#include "encoder/encoder_choice.h"
#include "encoder/preset_ladder.h"
#include "encoder/x264.h"
#include "programme.h"

using namespace kakehashi;
using kakehashi::testing::moving_picture;
using enum EncoderMaker;

namespace {

const Canvas kCanvas{1920, 1080, {30, 1}};

struct Machine {
  std::map<EncoderMaker, EncoderTrial> gpus;
  std::map<std::string, int> preset_ms{{"veryfast", 24}, {"superfast", 14}, {"ultrafast", 8}};
  int hevc_ms = 0;  // 0: it has none
  mutable std::vector<std::string> tried{};

  EncoderChoice choose(EncodeSettings wish, Duration busy = {}) const {
    return decide_encoder(wish, kCanvas, busy,
                          [this](const EncodeSettings& s, const Canvas&) { return attempt(s); });
  }
  Result<EncoderTrial> attempt(const EncodeSettings& s) const {
    tried.push_back(std::string(kEncoderMakerNames[static_cast<std::size_t>(s.maker)]) + " " +
                    s.preset);
    if (s.maker != Software) {
      const auto it = gpus.find(s.maker);
      if (it == gpus.end()) return Error{ErrorKind::Unsupported, "no such device"};
      return it->second;
    }
    if (s.codec == VideoCodec::Hevc) {
      if (hevc_ms == 0) return Error{ErrorKind::Unsupported, "no such codec"};
      return EncoderTrial{0, Duration::milliseconds(hevc_ms)};
    }
    return EncoderTrial{0, Duration::milliseconds(preset_ms.at(s.preset))};
  }
};

EncodeSettings wish_for(EncoderMaker maker, VideoCodec codec = VideoCodec::H264) {
  EncodeSettings s;
  s.maker = maker;
  s.codec = codec;
  return s;
}

}  // namespace

TEST_CASE("without a GPU the best preset that leaves 40 % of a picture's time is taken") {
  Machine machine;
  const auto choice = machine.choose(wish_for(Auto));
  CHECK(choice.settings.maker == Software);
  CHECK(choice.settings.preset == "superfast");  // 14 ms of 20
  CHECK(choice.why.en.find("No GPU") != std::string::npos);
  CHECK(choice.why.en.find("14.0 ms") != std::string::npos);
  CHECK(machine.tried == std::vector<std::string>{"nvenc auto", "vaapi auto", "qsv auto",
                                                  "software veryfast", "software superfast"});
  machine.preset_ms = {{"veryfast", 10}};
  CHECK(machine.choose(wish_for(Software)).settings.preset == "veryfast");
}

TEST_CASE("what runs already counts") {
  const Machine machine;
  CHECK(machine.choose(wish_for(Auto), Duration::milliseconds(10)).settings.preset == "ultrafast");
  const auto heavy = machine.choose(wish_for(Auto), Duration::milliseconds(19));
  CHECK(heavy.settings.preset == "ultrafast");  // there is nothing faster: it goes on, and says so
  CHECK(heavy.why.en.find("heavy") != std::string::npos);
}

TEST_CASE("a GPU is taken when it works, holds nothing and is in time; else the next one") {
  Machine machine;
  machine.gpus[Vaapi] = {0, Duration::milliseconds(6)};
  CHECK(machine.choose(wish_for(Auto)).settings.maker == Vaapi);
  machine.gpus[Nvenc] = {2, Duration::milliseconds(3)};  // holds two pictures
  CHECK(machine.choose(wish_for(Auto)).settings.maker == Vaapi);
  machine.gpus[Nvenc] = {0, Duration::milliseconds(3)};
  CHECK(machine.choose(wish_for(Auto)).settings.maker == Nvenc);
  machine.gpus = {{Qsv, {0, Duration::milliseconds(25)}}};  // slower than the processor
  CHECK(machine.choose(wish_for(Auto)).settings.maker == Software);
  CHECK(machine.choose(wish_for(Qsv)).settings.maker == Qsv);  // by name
  const auto missing = machine.choose(wish_for(Nvenc));
  CHECK(missing.settings.maker == Software);
  CHECK(missing.why.en.find("NVENC") != std::string::npos);
}

TEST_CASE("HEVC where the machine can, else H.264 with the reason") {
  Machine machine;
  machine.hevc_ms = 18;
  CHECK(machine.choose(wish_for(Software, VideoCodec::Hevc)).settings.codec == VideoCodec::Hevc);
  machine.hevc_ms = 30;
  const auto slow = machine.choose(wish_for(Software, VideoCodec::Hevc));
  CHECK(slow.settings.codec == VideoCodec::H264);
  CHECK(slow.settings.preset == "superfast");
  CHECK(slow.why.ja.find("HEVC") != std::string::npos);
  machine.gpus[Vaapi] = {0, Duration::milliseconds(5)};
  CHECK(machine.choose(wish_for(Auto, VideoCodec::Hevc)).settings.maker == Vaapi);
}

TEST_CASE("a preset asked for by name is taken") {
  EncodeSettings wish = wish_for(Software);
  wish.preset = "medium";
  const Machine machine;
  CHECK(machine.choose(wish).settings.preset == "medium");
  CHECK(machine.tried.empty());
}

TEST_CASE("this machine has an encoder that holds nothing back") {
  const Canvas canvas{640, 360, {30, 1}};
  const auto choice = choose_encoder({}, canvas);
  MESSAGE(choice.why.en);
  const auto encoder = open_video_encoder(choice.settings, canvas);
  REQUIRE(encoder);
  CHECK((*encoder)->held_frames() == 0);
}

TEST_CASE("one step down changes no header, so that viewers see none of it") {
  const Canvas canvas{640, 360, {30, 1}};
  EncodeSettings s;
  s.video_kbps = 1000;
  std::vector<std::vector<std::uint8_t>> headers;
  for (const char* preset : {"veryfast", "superfast", "ultrafast+"}) {
    s.preset = preset;
    headers.push_back(open_video_encoder(s, canvas, 2).value()->extradata());
  }
  CHECK(headers[0] == headers[1]);
  CHECK(headers[1] == headers[2]);
  CHECK(next_preset("medium") == "veryfast");
  CHECK(next_preset("superfast") == "ultrafast+");
  CHECK_FALSE(next_preset("ultrafast"));
}

TEST_CASE("an encoder is too slow after two seconds of it, not after a hiccup") {
  OverloadWatch watch(Duration::milliseconds(33));
  const auto play = [&](int pictures, int ms, std::uint64_t skipped = 0) {
    int alarms = 0;
    for (int n = 0; n < pictures; ++n) alarms += watch.picture(Duration::milliseconds(ms), skipped);
    return alarms;
  };
  CHECK(play(600, 20) == 0);
  CHECK(play(2, 200) == 0);
  CHECK(play(118, 20) == 0);
  CHECK(play(130, 31) >= 1);
  watch.restart();
  CHECK(play(120, 23, 0) == 0);
  CHECK(play(60, 23, 3) == 1);  // pictures were left out
  watch.restart();
  CHECK(play(120, 5, 90) == 0);  // not the encoder's fault
}

TEST_CASE("an encoder that cannot change its bitrate is opened anew for it") {
  const Canvas canvas{320, 180, {30, 1}};
  EncodeSettings s;
  s.codec = VideoCodec::Hevc;
  s.maker = Software;
  s.video_kbps = 1500;
  FramePool pool(PixelFormat::I420, 320, 180, 4);
  auto encoder = open_video_encoder(s, canvas, 2);
  REQUIRE_MESSAGE(encoder, (encoder ? "" : encoder.error().message));
  CHECK((*encoder)->held_frames() == 0);
  CHECK_FALSE((*encoder)->carries_captions());
  std::int64_t n = 0;
  std::vector<std::int64_t> keyframes;
  const auto kbps_of_next = [&](int pictures) {
    std::size_t bytes = 0;
    for (int i = 0; i < pictures; ++i, ++n) {
      const auto packet = (*encoder)->encode(moving_picture(pool, n * 7), n, false);
      REQUIRE(packet);
      REQUIRE(*packet);
      if ((*packet)->keyframe) keyframes.push_back(n);
      bytes += (*packet)->data.size();
    }
    return static_cast<double>(bytes) * 8 / 1000 / pictures * 30;
  };
  const double high = kbps_of_next(90);
  (*encoder)->set_bitrate(1450, 500);  // too little to matter
  kbps_of_next(1);
  CHECK(keyframes == std::vector<std::int64_t>{0, 60});
  (*encoder)->set_bitrate(500, 500);
  kbps_of_next(1);
  CHECK(keyframes.back() == 91);
  const double low = kbps_of_next(120);
  CHECK(low < high / 2);
}
