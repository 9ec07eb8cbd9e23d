// SPDX-License-Identifier: GPL-3.0-or-later
// What ffmpeg reads of our encoders in files: HEVC and AV1, another encoder in the middle of a
// recording, captions, keyframes, constant quality, filler.
#include <doctest/doctest.h>

#include <cmath>
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
      const auto packet = encoder.encode(moving_picture(pool_, still ? 0 : n_), n_, false);
      REQUIRE(packet);
      if (*packet) runner_->push(*packet);
    }
  }
  std::string end() {
    runner_->stop();
    return runner_->location();
  }
  CaptionWriter* captions = nullptr;
  bool still = false;

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

namespace {

// Times of the keyframes as ffprobe reads them, and what each second weighs.
struct Weighed {
  std::vector<long> keyframes_ms;
  std::vector<double> kbps;
};
Weighed weighed(const std::string& path) {
  Weighed w;
  std::istringstream lines(
      output_of({"ffprobe", "-v", "error", "-select_streams", "v", "-show_entries",
                 "packet=pts_time,size,flags", "-of", "csv=p=0", path}));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    std::string time, size, flags;
    std::getline(fields, time, ',');
    std::getline(fields, size, ',');
    std::getline(fields, flags, ',');
    const double at = std::stod(time);
    if (flags.starts_with('K')) w.keyframes_ms.push_back(std::lround(at * 1000));
    const auto second = static_cast<std::size_t>(at + 0.001);
    if (w.kbps.size() <= second) w.kbps.resize(second + 1);
    w.kbps[second] += std::stod(size) * 8 / 1000;
  }
  return w;
}

// `still`: one picture, again and again, as slides are.
Weighed recorded(const EncodeSettings& settings, bool still, int pictures = 180) {
  TempDir folder;
  auto encoder = open_video_encoder(settings, kCanvas, 2).value();
  File file(folder.path(), *encoder, VideoCodec::H264);
  file.still = still;
  file.add(*encoder, pictures);
  const std::string path = file.end();
  CHECK(seen_in(path).pictures == pictures);
  return weighed(path);
}

}  // namespace

TEST_CASE("keyframes every two seconds, or every second where a player wants them sooner") {
  EncodeSettings settings = settings_for(VideoCodec::H264);
  CHECK(recorded(settings, false).keyframes_ms == std::vector<long>{0, 2000, 4000});
  settings.keyframe_seconds = 1;
  CHECK(recorded(settings, false).keyframes_ms ==
        std::vector<long>{0, 1000, 2000, 3000, 4000, 5000});
}

TEST_CASE("constant quality spends what the picture needs, whatever bitrate is written beside it") {
  EncodeSettings settings = settings_for(VideoCodec::H264);
  settings.quality = 23;
  const Weighed moving = recorded(settings, false), still = recorded(settings, true);
  CHECK(still.kbps[3] < moving.kbps[3] / 20);
  settings.quality = 33;
  CHECK(recorded(settings, false).kbps[2] < moving.kbps[2] * 0.7);  // worse is smaller
  settings.quality = 23;
  settings.video_kbps = 100;
  REQUIRE(moving.kbps[2] > 200);
  CHECK(recorded(settings, false).kbps[2] == doctest::Approx(moving.kbps[2]).epsilon(0.01));
}

TEST_CASE("filler keeps a line full under a still picture; without it nearly nothing is sent") {
  EncodeSettings settings = settings_for(VideoCodec::H264);
  const Weighed lean = recorded(settings, true);
  CHECK(lean.kbps[3] < 800 * 0.2);
  settings.filler = true;
  const Weighed full = recorded(settings, true);
  CHECK(full.kbps[3] == doctest::Approx(800).epsilon(0.15));
  CHECK(full.kbps[5] == doctest::Approx(800).epsilon(0.15));
}
