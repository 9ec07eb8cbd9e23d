// SPDX-License-Identifier: GPL-3.0-or-later
// Stepping down on air with real encoders: what a file and a server got is whole across the change,
// and says the same to ffmpeg as if nothing had happened.
#include <doctest/doctest.h>

#include <atomic>

#include "station/encode_road.h"
#include "tests/encoder/programme.h"
#include "tests/encoder/received.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::testing;

namespace {

const Canvas kCanvas{320, 180, {30, 1}};

// A clock that is late by as much as an overloaded encoder would be.
class StretchedClock final : public Clock {
 public:
  MediaTime now() const override { return clock_.now() + Duration{late_.load()}; }
  void sleep_until(MediaTime deadline) override {
    clock_.sleep_until(deadline + Duration{-late_.load()});
  }
  void late(Duration by) { late_ += by.ns; }

 private:
  MonotonicClock clock_;
  std::atomic<std::int64_t> late_{0};
};

// A real encoder on a PC where it takes `more` for each picture.
class Slowed final : public VideoEncoder {
 public:
  Slowed(std::unique_ptr<VideoEncoder> real, StretchedClock& clock, Duration more)
      : real_(std::move(real)), clock_(clock), more_(more) {}
  Result<PacketPtr> encode(const FramePtr& frame, std::int64_t number, Duration pts,
                           bool keyframe) override {
    clock_.late(more_);
    return real_->encode(frame, number, pts, keyframe);
  }
  Rate rate() const override { return real_->rate(); }
  void set_bitrate(int kbps, int vbv_ms) override { real_->set_bitrate(kbps, vbv_ms); }
  void set_captions(std::span<const std::uint8_t> triplets) override {
    real_->set_captions(triplets);
  }
  bool carries_captions() const override { return real_->carries_captions(); }
  void repeat_headers() override { real_->repeat_headers(); }
  int held_frames() const override { return real_->held_frames(); }
  const std::string& name() const override { return real_->name(); }
  const std::vector<std::uint8_t>& extradata() const override { return real_->extradata(); }

 private:
  const std::unique_ptr<VideoEncoder> real_;
  StretchedClock& clock_;
  const Duration more_;
};

std::shared_ptr<OutputRunner> output_of_road(EncodeRoad& road, const std::string& kind,
                                             const std::string& setting, const std::string& value) {
  OutputConfig config;
  config.destination.id = kind;
  config.destination.kind = kind;
  config.destination.settings[setting] = value;
  if (kind == "mkv") config.destination.settings["event"] = std::string("kouza");
  if (kind == "rtmp") config.key = Secret("step");
  config.stream = road.stream();
  config.want_keyframe = [&road] { road.want_keyframe(); };
  auto runner = std::make_shared<OutputRunner>(std::move(config));
  road.attach(runner);
  REQUIRE(wait_until([&] { return runner->status({}).state == OutputState::Live; }));
  return runner;
}

// No picture and no sound missing.
void check_whole(const std::string& path, std::size_t pictures) {
  CAPTURE(path);
  const Packets packets = packets_of(path);
  CHECK(packets.video.size() == pictures);
  for (std::size_t i = 1; i < packets.video.size(); ++i) {
    const auto step = packets.video[i] - packets.video[i - 1];
    REQUIRE_MESSAGE((step == 33 || step == 34), "picture " << i << " came " << step << " ms on");
  }
  REQUIRE(packets.audio.size() > pictures);  // 46.9 a second beside 30
  for (std::size_t i = 1; i < packets.audio.size(); ++i) {
    const auto step = packets.audio[i] - packets.audio[i - 1];
    REQUIRE_MESSAGE((step == 21 || step == 22), "sound " << i << " came " << step << " ms on");
  }
}

// Of each picture as ffmpeg's decoder shows it.
std::vector<std::string> hashes(const std::string& path) {
  std::vector<std::string> all;
  std::istringstream lines(output_of({"ffmpeg", "-v", "quiet", "-i", path, "-map", "0:v",
                                      "-fps_mode", "passthrough", "-f", "framemd5", "-"}));
  for (std::string line; std::getline(lines, line);)
    if (!line.starts_with('#')) all.push_back(line.substr(line.rfind(' ') + 1));
  return all;
}

}  // namespace

TEST_CASE("stepping down on air: file and stream decode across, no picture, sound, caption lost") {
  StretchedClock clock;
  NginxRtmp server;
  REQUIRE(server.running());
  TempDir folder;
  EncodeRoadOptions options;
  const auto captions = std::make_shared<CaptionTrack>();
  options.captions = captions;
  captions->store(std::make_shared<const std::vector<std::string>>(
      std::vector<std::string>{"Before the step."}));
  options.choose = [](const EncodeSettings& wish, const Canvas&, Duration) {
    EncoderChoice choice;
    choice.settings = wish;
    choice.settings.maker = EncoderMaker::Software;
    return choice;
  };
  // Too slow twice: the second step changes the headers too.
  options.open_video = [&clock](const EncodeSettings& s,
                                const Canvas& c) -> Result<std::unique_ptr<VideoEncoder>> {
    auto real = open_video_encoder(s, c, 2);
    if (!real) return std::move(real.error());
    const Duration more = Duration::milliseconds(s.preset == "ultrafast" ? 0 : 31);
    return std::unique_ptr<VideoEncoder>(std::make_unique<Slowed>(std::move(*real), clock, more));
  };
  EncodeSettings settings;
  settings.preset = "superfast";
  settings.video_kbps = 800;
  auto road = EncodeRoad::open(settings, kCanvas, clock, options);
  REQUIRE(road);
  auto file = output_of_road(**road, "mkv", "folder", folder.path());
  auto stream = output_of_road(**road, "rtmp", "url", server.url());

  FramePool pool(PixelFormat::I420, kCanvas.width, kCanvas.height, 12);
  std::int64_t number = 0, sample = 0;
  const auto play = [&] {
    const Duration pts = kCanvas.rate.time_of(number);
    (*road)->pictures().push({moving_picture(pool, number), number, MediaTime{pts.ns}, pts, 0});
    ++number;
    while (time_of_sample(sample) < kCanvas.rate.time_of(number)) {
      (*road)->sound().push(tone_block(sample, 1000, 0.25));
      sample += kBlockSamples;
    }
    // No faster than the slowest taker: nothing is left out because this test hurries.
    REQUIRE(wait_until([&] {
      return (*road)->pictures().size() == 0 && (*road)->sound().size() == 0 &&
             file->status({}).queue_ms < 300 && stream->status({}).queue_ms < 300;
    }));
  };
  for (int i = 0; i < 600 && (*road)->status().steps_down < 2; ++i) play();
  REQUIRE((*road)->status().steps_down == 2);
  CHECK((*road)->status().captions);
  captions->store(std::make_shared<const std::vector<std::string>>(
      std::vector<std::string>{"After the step."}));
  for (int i = 0; i < 90; ++i) play();
  captions->store(std::make_shared<const std::vector<std::string>>());
  for (int i = 0; i < 30; ++i) play();
  CHECK((*road)->status().encoder.find("ultrafast ") != std::string::npos);
  CHECK((*road)->status().skipped_pictures == 0);
  CHECK((*road)->encode_errors() == 0);
  REQUIRE(wait_until([&] { return (*road)->pictures().size() == 0; }));
  const auto pictures = static_cast<std::size_t>(number);
  REQUIRE(wait_until([&] { return (*road)->encode_time().count() == pictures; }));
  for (const auto& runner : {file, stream}) {
    (*road)->detach(runner.get());
    runner->stop();
  }
  check_whole(file->location(), pictures);
  REQUIRE(wait_until([&] { return server.recordings().size() == 1; }));
  REQUIRE(wait_until([&] { return packets_of(server.recordings()[0]).video.size() == pictures; }));
  check_whole(server.recordings()[0], pictures);
  // At the second step ffmpeg's parser of FLV complains of slices that its decoder reads well: so
  // here the decoder's pictures are the witness, not its silence.
  CHECK(decoding_complaints(file->location()).empty());
  const auto decoded = hashes(file->location());
  CHECK(decoded.size() == pictures);
  CHECK(hashes(server.recordings()[0]) == decoded);
  for (const auto& path : {file->location(), server.recordings()[0]}) {
    const std::string words =
        output_of({"ffmpeg", "-v", "quiet", "-f", "lavfi", "-i", "movie=" + path + "[out+subcc]",
                   "-map", "0:1", "-f", "srt", "-"});
    CAPTURE(words);
    CHECK(words.find("Before the step.") != std::string::npos);
    CHECK(words.find("After the step.") != std::string::npos);
  }
}
