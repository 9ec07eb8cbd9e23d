// SPDX-License-Identifier: GPL-3.0-or-later
// What ffmpeg reads of our encoders in files: HEVC and AV1, another encoder in the middle of a
// recording, captions.
#include <doctest/doctest.h>

#include <filesystem>
#include <optional>
#include <sstream>

#include "encoder/caption_sei.h"
#include "encoder/x264.h"
#include "programme.h"
#include "tests/support/nginx_rtmp.h"
#include "tests/support/process.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::testing;

namespace {

const Canvas kCanvas{320, 180, {30, 1}};

// One recording of pictures alone.
class File {
 public:
  File(const std::string& folder, const VideoEncoder& encoder, VideoCodec codec) {
    OutputConfig config;
    config.destination.id = "record";
    config.destination.kind = "mkv";
    config.destination.settings["folder"] = folder;
    config.destination.settings["event"] = std::string("kouza");
    config.stream = {kCanvas.width, kCanvas.height,      kCanvas.rate, 800,
                     160,           encoder.extradata(), {},           codec};
    runner_.emplace(std::move(config));
    REQUIRE(wait_until([&] { return runner_->status({}).state == OutputState::Live; }));
  }
  void add(VideoEncoder& encoder, int pictures) {
    for (int i = 0; i < pictures; ++i, ++n_) {
      if (captions) encoder.set_captions(captions->next());
      const auto packet = encoder.encode(moving_picture(pool_, n_), n_, false);
      REQUIRE(packet);
      if (*packet) runner_->push(*packet);
    }
  }
  std::string end() {
    runner_->stop();
    return runner_->location();
  }
  CaptionWriter* captions = nullptr;

 private:
  FramePool pool_{PixelFormat::I420, 320, 180, 20};
  std::optional<OutputRunner> runner_;
  std::int64_t n_ = 0;
};

struct Seen {
  std::string codec;
  int pictures = 0;
  std::string complaints;
};

Seen seen_in(const std::string& path) {
  Seen seen;
  std::istringstream(
      output_of({"ffprobe", "-v", "quiet", "-select_streams", "v", "-count_frames", "-show_entries",
                 "stream=codec_name,nb_read_frames", "-of", "default=nw=1:nk=1", path})) >>
      seen.codec >> seen.pictures;
  seen.complaints = output_of({"sh", "-c", "ffmpeg -v error -i \"$0\" -f null - 2>&1", path});
  return seen;
}

EncodeSettings settings_for(VideoCodec codec, const char* preset = "superfast") {
  EncodeSettings s;
  s.codec = codec;
  s.preset = preset;
  s.video_kbps = 800;
  return s;
}

}  // namespace

TEST_CASE("HEVC and AV1 recordings are what they say, every picture in them") {
  for (const VideoCodec codec : {VideoCodec::Hevc, VideoCodec::Av1}) {
    TempDir folder;
    EncodeSettings settings = settings_for(codec, "auto");
    const CodecRow* row = find_codec_row(EncoderMaker::Software, codec);
    REQUIRE(row);
    CAPTURE(std::string(row->name));
    auto encoder = open_video_encoder(settings, kCanvas);
    REQUIRE_MESSAGE(encoder, (encoder ? "" : encoder.error().message));
    File file(folder.path(), **encoder, codec);
    file.add(**encoder, 90);
    const Seen seen = seen_in(file.end());
    CHECK(seen.codec == kVideoCodecNames[static_cast<std::size_t>(codec)]);
    CHECK((*encoder)->held_frames() == 0);
    CHECK(seen.pictures == 90);
    CHECK(seen.complaints.empty());
  }
}

TEST_CASE("another encoder in the middle of a recording: players go on, whatever its headers") {
  for (const char* next : {"ultrafast+", "ultrafast"}) {
    CAPTURE(next);
    TempDir folder;
    auto first = open_video_encoder(settings_for(VideoCodec::H264), kCanvas, 2).value();
    auto second = open_video_encoder(settings_for(VideoCodec::H264, next), kCanvas, 2).value();
    CHECK((first->extradata() == second->extradata()) == (std::string(next) == "ultrafast+"));
    if (first->extradata() != second->extradata()) second->repeat_headers();
    File file(folder.path(), *first, VideoCodec::H264);
    file.add(*first, 45);
    file.add(*second, 45);
    const Seen seen = seen_in(file.end());
    CHECK(seen.pictures == 90);
    CHECK(seen.complaints.empty());
  }
}

TEST_CASE("ffmpeg finds the captions of a recording") {
  TempDir folder;
  auto encoder = open_video_encoder(settings_for(VideoCodec::H264), kCanvas, 2).value();
  CaptionWriter captions(kCanvas.rate);
  File file(folder.path(), *encoder, VideoCodec::H264);
  file.captions = &captions;
  captions.show({"Welcome to the ward hall."});
  file.add(*encoder, 60);
  captions.show({});
  file.add(*encoder, 30);
  const std::string path = file.end();
  const std::string words =
      output_of({"ffmpeg", "-v", "error", "-f", "lavfi", "-i", "movie=" + path + "[out+subcc]",
                 "-map", "0:1", "-f", "srt", "-"});
  CHECK(words.find("Welcome to the ward hall.") != std::string::npos);
}
