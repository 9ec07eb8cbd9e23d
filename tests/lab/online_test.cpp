// SPDX-License-Identifier: GPL-3.0-or-later
// Viewers while devices are pulled and plugged: one session at the server from beginning to end,
// and in what it received no picture and no sound is missing.
#include <doctest/doctest.h>

#include "tests/e2e/media.h"
#include "tests/lab/devices.h"
#include "tests/lab/programme.h"
#include "tests/support/nginx_rtmp.h"

using namespace kakehashi;
using namespace kakehashi::testing;

namespace {

constexpr double kVideoBack = 5, kSoundBack = 3;

void paint() {
  show(kLeft, Shown::Red);
  show(kRight, Shown::Green);
}

}  // namespace

TEST_CASE("one RTMP session goes through while cameras and the sound card are pulled and plugged") {
  paint();
  auto player = play(0, 1000);
  const auto other = play(1, 400);
  NginxRtmp server;
  REQUIRE(server.running());
  const TempDir folder;
  Programme p(folder, {camera_input("cam_main", kLeft), camera_input("cam_wide", kRight)},
              {microphone_input("mic_mc", "hw:0,1"), microphone_input("mic_b", "hw:1,1")},
              R"("destinations": [{"id": "main", "name": "main", "kind": "rtmp", "url": ")" +
                  server.url() + R"(/event"}])");
  for (const char* role : {"cam_main", "cam_wide", "mic_mc", "mic_b"}) p.until_live(role, 10);
  p.station().wish(GoLive{});
  p.until(
      "on air",
      [](const Snapshot& s) {
        return s.outputs.at(0).state == OutputState::Live && s.record.recording;
      },
      10);
  p.run_for(2);

  const std::uint64_t restarts = p.input("cam_main").restarts;
  set_control(kLeft, "disconnect", 1);
  const double camera = p.until(
      "the camera is opened again",
      [&](const Snapshot& s) {
        const InputStatus& i = input_of(s, "cam_main");
        return i.restarts > restarts && i.signal == SignalState::Live;
      },
      kVideoBack);
  p.run_for(1);

  unplug_cameras();
  for (const char* role : {"cam_main", "cam_wide"}) p.until_lost(role, 5);
  p.run_for(3);
  plug_cameras();
  paint();
  double all = 0;
  for (const char* role : {"cam_main", "cam_wide"}) all += p.until_live(role, kVideoBack);
  CHECK(all <= kVideoBack);
  p.run_for(1);

  player.reset();
  unplug_card(0);
  p.until_lost("mic_mc", 5);
  p.run_for(2);
  plug_card(0);
  player = play(0, 1000);
  const double card = p.until_live("mic_mc", kSoundBack);
  p.run_for(3);
  MESSAGE("back after: a camera's stream " << camera << " s, all cameras " << all
                                           << " s, the sound card " << card << " s");

  const Snapshot end = p.station().look();
  const OutputStatus& line = end.outputs.at(0);
  CHECK(line.state == OutputState::Live);
  CHECK(line.reconnects == 0);
  CHECK(line.dropped == 0);
  CHECK(end.health.late_ticks == 0);
  CHECK(end.health.skipped_pictures == 0);
  check_uninterrupted(p.end());

  // The server closes its file when it has seen the end.
  const auto ended = [&] { return server.log().find("disconnect") != std::string::npos; };
  REQUIRE(wait_until(ended, std::chrono::seconds(5)));
  const auto received = server.recordings();
  REQUIRE(received.size() == 1);  // the server saw one publisher, once
  const double seconds = check_uninterrupted(received[0]);
  MESSAGE("received " << seconds << " s in one session");
  CHECK(seconds > 15);
  // The second sound card was heard all the time.
  for (const double strength : tone(received[0], 400, 1, seconds - 2)) CHECK(strength > 0.02);
}
