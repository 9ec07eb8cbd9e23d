// SPDX-License-Identifier: GPL-3.0-or-later
// The same thin line under real pictures: the station's own encode road (x264, AAC), whose content
// changes from a still slide to a camera that pans to noise while the line falls and returns.
#include <atomic>
#include <cstring>
#include <thread>

#include <doctest/doctest.h>

#include "core/frame_pool.h"
#include "encoder/output.h"
#include "station/encode_road.h"
#include "station/rate_desk.h"
#include "tests/encoder/programme.h"
#include "tests/lab/line_stream.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;

namespace {

constexpr Canvas kCanvas{640, 360, {30, 1}};
constexpr RateLimits kLimits{4000, 400, 160};

// A page that stands still; a pan; what no encoder can foresee.
enum class Content { Slide, Pan, Noise };

FramePtr noise_picture(FramePool& pool, std::uint32_t& random) {
  auto builder = pool.acquire();
  if (!builder) return {};
  for (int y = 0; y < kCanvas.height; ++y)
    for (int x = 0; x < kCanvas.width; ++x) {
      random = random * 1664525u + 1013904223u;
      builder->plane(0)[y * builder->stride(0) + x] =
          static_cast<std::uint8_t>(64 + (random >> 25));
    }
  for (int p = 1; p < 3; ++p)
    std::memset(builder->plane(p), 128,
                static_cast<std::size_t>(builder->stride(p)) * (kCanvas.height / 2));
  return std::move(*builder).publish();
}

class Station {
 public:
  explicit Station(const std::string& url) {
    EncodeSettings settings;
    settings.video_kbps = kLimits.most_kbps;
    settings.audio_kbps = kLimits.audio_kbps;
    settings.preset = "superfast";
    EncodeRoadOptions options;
    options.choose = [](const EncodeSettings& s, const Canvas&, Duration) {
      EncoderChoice choice;
      choice.settings = s;
      return choice;
    };
    options.open_video = [](const EncodeSettings& s, const Canvas& c) {
      return open_video_encoder(s, c, 2);
    };
    road_ = std::move(EncodeRoad::open(settings, kCanvas, clock_, std::move(options)).value());
    OutputConfig config;
    config.destination.id = "main";
    config.destination.settings["url"] = url;
    config.key = Secret("a-key-of-the-lab");
    config.stream = road_->stream();
    config.clock = &clock_;
    config.want_keyframe = [this] { road_->want_keyframe(); };
    runner_ = std::make_shared<OutputRunner>(std::move(config));
    road_->attach(runner_);
    RateLine line = rate_line(destination(), road_, runner_);
    line.limits = kLimits;
    lines_ = {line};
    desk_.start();
    maker_ = std::thread([this] { make(); });
  }
  ~Station() {
    stop_ = true;
    maker_.join();
    road_->detach(runner_.get());
  }
  void show(Content c) { content_ = c; }
  Snapshot look() const {
    Snapshot s;
    s.outputs.push_back(runner_->status(clock_.now()));
    s.encodes.push_back(road_->status());
    s.encodes[0].id = kMainEncode;
    desk_.report(s);
    return s;
  }
  double target_kbps() const { return look().encodes[0].target_kbps; }

 private:
  static Destination destination() {
    Destination d;
    d.id = "main";
    d.lead = true;
    return d;
  }
  void make() {
    FramePool pool(PixelFormat::I420, kCanvas.width, kCanvas.height, 8);
    std::uint32_t random = 1;
    const MediaTime zero = clock_.now();
    std::int64_t sample = 0;
    for (std::int64_t n = 0; !stop_; ++n) {
      const Duration at = kCanvas.rate.time_of(n);
      clock_.sleep_until(zero + at);
      FramePtr frame = content_ == Content::Noise
                           ? noise_picture(pool, random)
                           : moving_picture(pool, content_ == Content::Slide ? 0 : n);
      if (frame) {
        ProgramPicture picture;
        picture.frame = std::move(frame);
        picture.number = n;
        picture.tick = zero + at;
        picture.pts = at;
        (void)road_->pictures().push(std::move(picture));
      }
      for (; time_of_sample(sample) <= at; sample += kBlockSamples)
        (void)road_->sound().push(tone_block(sample, 1000, 0.25));
    }
  }
  mutable MonotonicClock clock_;
  std::shared_ptr<EncodeRoad> road_;
  std::shared_ptr<OutputRunner> runner_;
  std::vector<RateLine> lines_;
  std::atomic<Content> content_{Content::Pan};
  std::atomic<bool> stop_{false};
  RateDesk desk_{clock_, [this] { return lines_; }};
  std::thread maker_;
};

}  // namespace

TEST_CASE("10 to 2 to 10 Mbit/s under x264 whose pictures change: in time, whole, every sound") {
  if (!ready()) return;
  Receiver receiver;
  Station station(receiver.url());
  REQUIRE(wait_until([&] { return receiver.video().count > 150; }));
  CHECK(station.target_kbps() == 4000);
  receiver.forget();

  REQUIRE(capacity(2));
  const double noticed = seconds_until([&] { return station.target_kbps() < 4000; }, 5000ms);
  CHECK(noticed <= 0.5);
  // The first seconds belong to the fall; then the hardest changes there are: a still page loads no
  // line and proves nothing about it, and what follows is all new.
  std::this_thread::sleep_for(4s);
  const auto fall = receiver.video();
  for (const Content c : {Content::Slide, Content::Noise, Content::Slide, Content::Pan,
                          Content::Noise, Content::Pan}) {
    station.show(c);
    std::this_thread::sleep_for(3s);
  }
  const auto video = receiver.video(), audio = receiver.audio();
  MESSAGE("noticed after " << noticed << " s; at the fall pictures at most " << fall.late_ms()
                           << " ms later, with every change " << video.late_ms() << " ms, sound "
                           << audio.late_ms() << " ms; " << station.target_kbps()
                           << " kbit/s held");
  CHECK(fall.late_ms() <= 500);
  CHECK(video.late_ms() <= 500);
  CHECK(audio.late_ms() <= 500);
  CHECK(station.look().outputs[0].line != LineWord::Ample);

  REQUIRE(capacity(10));
  const double back = seconds_until([&] { return station.target_kbps() >= 3600; }, 20'000ms);
  MESSAGE("back to 90 % after " << back << " s");
  CHECK(back <= 5);
  const Snapshot end = station.look();
  CHECK(end.outputs[0].dropped == 0);
  CHECK(end.outputs[0].reconnects == 0);
  CHECK(receiver.video().gaps == 0);
  CHECK(receiver.audio().gaps == 0);
  CHECK(receiver.audio().count > 1000);
}
