// SPDX-License-Identifier: GPL-3.0-or-later
// What cameras and encoders send besides plain H.264 with sound.
#include "tests/capture/network_rig.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;

TEST_CASE("H.265 over RTSP and SRT") {
  {
    Camera camera({"--codec", "h265", "--fps", "10"});
    PatientRig rig;
    auto source = open_soon(rig, {{"uri", camera.uri()}});
    REQUIRE(source);
    CHECK(rig.watch(*source, 5).size() == 5);
  }
  const std::string port = std::to_string(free_port());
  auto sender = send_film({"-c:v", "libx265", "-preset", "ultrafast", "-x265-params",
                           "log-level=none:keyint=30:bframes=0", "-f", "mpegts",
                           "srt://127.0.0.1:" + port + "?mode=listener"});
  PatientRig rig;
  auto source = open_soon(rig, {{"uri", "srt://127.0.0.1:" + port}});
  REQUIRE(source);
  CHECK(rig.watch(*source, 10).size() == 10);
  CHECK(source->format().find("320x180") == 0);
}

TEST_CASE("pictures that are sent in another order than they are shown") {
  const std::string port = std::to_string(free_port());
  auto sender =
      send_film({"-bf", "3", "-f", "mpegts", "srt://127.0.0.1:" + port + "?mode=listener"});
  PatientRig rig;
  auto source = open_soon(rig, {{"uri", "srt://127.0.0.1:" + port}});
  REQUIRE(source);
  CHECK(rig.watch(*source, 20).size() == 20);  // their times only grow
  CHECK(together(rig, *source));
}

TEST_CASE("sound without a picture says so; with no picture wanted it is simply heard") {
  const std::string port = std::to_string(free_port());
  const Settings settings{{"uri", "srt://127.0.0.1:" + port}};
  const auto sender = [&] {
    return send_film({"-vn", "-f", "mpegts", "srt://127.0.0.1:" + port + "?mode=listener"});
  };
  {
    auto sending = sender();
    PatientRig rig;
    std::string words;
    CHECK(wait_until(
        [&] {
          auto opened = rig.open("network", settings);
          words = opened.ok() ? "" : opened.error().words.en;
          return words.find("Only sound") != std::string::npos;
        },
        25s));
    CAPTURE(words);
  }
  auto sending = sender();
  PatientRig rig;
  rig.context.video = nullptr;
  auto source = open_soon(rig, settings);
  REQUIRE(source);
  CHECK(wait_until([&] { return listen(rig, rig.audio, 0.5).flowing > 40; }));
}

TEST_CASE("a picture without sound is shown although there is a strip for its sound") {
  const std::string port = std::to_string(free_port());
  auto sending = send_film({"-an", "-f", "mpegts", "srt://127.0.0.1:" + port + "?mode=listener"});
  PatientRig rig;
  auto source = open_soon(rig, {{"uri", "srt://127.0.0.1:" + port}});
  REQUIRE(source);
  CHECK(rig.watch(*source, 10).size() == 10);
}
