// SPDX-License-Identifier: GPL-3.0-or-later
// Inputs that come, go and come back.
#include "capture/input_feed.h"

#include <filesystem>

#include "tests/capture/rig.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;

namespace {

MonotonicClock real;

FeedConfig config_for(const std::string& kind, const Settings& settings, bool video = true,
                      bool audio = false) {
  REQUIRE(init_capture().ok());
  FeedConfig c;
  c.input.id = "in";
  c.input.video = video;
  c.input.audio = audio;
  c.canvas = {640, 360, {30, 1}};
  c.epoch = real.now();
  c.clock = &real;
  if (!kind.empty()) c.spec = SourceSpec{kind, settings};
  return c;
}

// Waits for a state while taking pictures as mix.video does.
bool reaches(InputFeed& feed, SignalState wanted, std::chrono::milliseconds limit = 30s) {
  return wait_until(
      [&] {
        (void)feed.video().at(real.now());
        return feed.status(real.now()).signal == wanted;
      },
      limit);
}

}  // namespace

TEST_CASE("an input without a device says so, and one of an unknown kind too") {
  InputFeed unbound(config_for("", {}));
  CHECK(unbound.status(real.now()).signal == SignalState::Unbound);
  CHECK_FALSE(unbound.status(real.now()).reason.ja.empty());
  InputFeed strange(config_for("hologram", {}));
  CHECK(strange.status(real.now()).signal == SignalState::Lost);
  CHECK(strange.status(real.now()).reason.en.find("hologram") != std::string::npos);
  CHECK_FALSE(strange.video().at(real.now()).frame);
}

TEST_CASE("a feed goes live, reports what it gets and closes quickly") {
  auto feed = std::make_unique<InputFeed>(config_for("test", {}, true, true));
  REQUIRE(reaches(*feed, SignalState::Live));
  CHECK(wait_until([&] {
    (void)feed->video().at(real.now());
    return feed->status(real.now()).fps > 1;
  }));
  const InputStatus s = feed->status(real.now());
  CHECK(s.id == "in");
  CHECK(s.kind == "test");
  CHECK(s.reason.ja.empty());
  CHECK(s.format == "640x360 30/1 I420");
  CHECK(s.fps == doctest::Approx(30).epsilon(0.1));
  CHECK(s.captured > 20);
  const MediaTime before = real.now();
  feed.reset();
  CHECK(real.now() - before < Duration::milliseconds(500));
}

TEST_CASE("a file that is missing is found when it is put there") {
  TempDir dir;
  make_clip(dir, "hidden.mp4", 2, false);
  InputFeed feed(config_for("clip", {{"file", dir / "film.mp4"}}));
  REQUIRE(reaches(feed, SignalState::Lost));
  const InputStatus lost = feed.status(real.now());
  CHECK(lost.reason.ja.find("ファイル") != std::string::npos);
  CHECK(lost.reason.en.find("->") != std::string::npos);
  std::filesystem::rename(dir / "hidden.mp4", dir / "film.mp4");
  CHECK(reaches(feed, SignalState::Live));
  CHECK(feed.status(real.now()).reason.ja.empty());
}

TEST_CASE("a network camera: live, killed, lost, and back by itself") {
  const std::string port = std::to_string(free_port());
  const std::vector<std::string> camera{RTSP_CAMERA, "--port", port};
  auto server = Process::start(camera, {}, "/dev/null");
  REQUIRE(server);
  REQUIRE(server->wait_for("ready"));
  InputFeed feed(config_for("network", {{"uri", "rtsp://127.0.0.1:" + port + "/cam"}}));
  REQUIRE(reaches(feed, SignalState::Live));
  REQUIRE(wait_until([&] {
    (void)feed.video().at(real.now());
    return feed.status(real.now()).captured > 40;
  }));
  const InputStatus live = feed.status(real.now());
  CHECK(live.format.find("1280x720") != std::string::npos);
  MediaTime last{};
  CHECK(in_good_time([&] {
    Duration oldest;
    for (int i = 0; i < 30; ++i) {
      std::this_thread::sleep_for(10ms);
      const PictureAt got = feed.video().at(real.now());
      REQUIRE(got.frame);
      CHECK(got.frame->info().captured >= last);
      last = got.frame->info().captured;
      oldest = std::max(oldest, real.now() - last);
    }
    return oldest < Duration::milliseconds(150);
  }));
  server->signal(SIGKILL);
  CHECK(reaches(feed, SignalState::Lost));
  CHECK(feed.status(real.now()).reason.ja.find("ネットワークカメラ") != std::string::npos);
  CHECK(wait_until([&] { return !feed.video().at(real.now()).frame; }));
  server = Process::start(camera, {}, "/dev/null");
  REQUIRE(server);
  REQUIRE(server->wait_for("ready"));
  CHECK(reaches(feed, SignalState::Live));
  CHECK(feed.status(real.now()).restarts >= 1);
}

TEST_CASE("a network camera that hangs is noticed by its silence") {
  const std::string port = std::to_string(free_port());
  auto server = Process::start({RTSP_CAMERA, "--port", port}, {}, "/dev/null");
  REQUIRE(server);
  REQUIRE(server->wait_for("ready"));
  auto feed = std::make_unique<InputFeed>(
      config_for("network", {{"uri", "rtsp://127.0.0.1:" + port + "/cam"}}));
  REQUIRE(reaches(*feed, SignalState::Live));
  server->signal(SIGSTOP);
  CHECK(reaches(*feed, SignalState::Holding));
  CHECK(reaches(*feed, SignalState::Lost));
  const MediaTime before = real.now();
  feed.reset();
  CHECK(real.now() - before < Duration::milliseconds(2300));
  server->signal(SIGCONT);
}
