// SPDX-License-Identifier: GPL-3.0-or-later
// Neighbours that vanish: the streaming server for ten seconds, then the network camera as
// long. The show goes on meanwhile and everything comes back by itself.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/e2e/media.h"
#include "tests/e2e/station.h"
#include "tests/support/nginx_rtmp.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;

namespace {

const char* const kEvent = R"({
  "kakehashi_event": 1, "id": "outage", "title": "outage",
  "canvas": {"width": 1280, "height": 720, "fps": 30},
  "inputs": [{"id": "hall", "audio": true, "source": {"kind": "test"}},
             {"id": "cam", "source": {"kind": "network", "uri": "rtsp://127.0.0.1:@RTSP@/cam"}}],
  "scenes": [{"id": "s", "layers": [{"input": "hall"}, {"input": "cam", "rect": [800, 80, 400, 225]}]}],
  "encode": {"video_kbps": 3000, "preset": "superfast"},
  "destinations": [{"id": "main", "name": "main", "kind": "rtmp", "url": "@URL@"}]
})";

double seconds_since(std::int64_t us) { return static_cast<double>(now_us() - us) * 1e-6; }

}  // namespace

TEST_CASE("a server and a camera go away for ten seconds and come back") {
  const TempDir folder;
  const std::string rtsp = std::to_string(free_port());
  const auto start_camera = [&] {
    auto camera = Process::start({RTSP_CAMERA, "--port", rtsp}, {}, "/dev/null");
    REQUIRE(camera);
    REQUIRE(camera->wait_for("ready"));
    return camera;
  };
  auto camera = start_camera();
  NginxRtmp server;
  REQUIRE(server.running());
  Station station(folder, filled(kEvent, {{"RTSP", rtsp}, {"URL", server.url() + "/outage"}}));
  const auto camera_is = [](SignalState state) {
    return [state](const Snapshot& s) { return input_of(s, "cam").signal == state; };
  };
  REQUIRE(station.until(camera_is(SignalState::Live), 20s));
  station.wish(GoLive{});
  const auto live = [](const Snapshot& s) {
    return s.outputs[0].state == OutputState::Live && s.record.recording;
  };
  REQUIRE(station.until(live));

  // Ten seconds of peace tell what this machine loses by itself.
  const Snapshot peace = station.look();
  REQUIRE(station.until(
      [&](const Snapshot& s) { return s.session_seconds >= peace.session_seconds + 10; }, 30s));

  server.kill();
  const Snapshot killed = station.look();
  REQUIRE(station.until([](const Snapshot& s) {
    return s.outputs[0].state == OutputState::Reconnecting && !s.outputs[0].reason.ja.empty() &&
           !s.outputs[0].reason.en.empty();
  }));
  const Snapshot out = [&] {
    Snapshot at_end;
    REQUIRE(station.until(
        [&](const Snapshot& s) {
          CHECK(s.outputs[0].state != OutputState::Live);
          CHECK(s.live);
          at_end = s;
          return s.session_seconds >= killed.session_seconds + 10;
        },
        30s));
    return at_end;
  }();

  const std::uint64_t packets = out.outputs[0].video_packets;
  REQUIRE(server.start());
  const std::int64_t returned = now_us();
  REQUIRE(station.until(
      [&](const Snapshot& s) { return live(s) && s.outputs[0].video_packets > packets; }, 15s));
  const double reconnect = seconds_since(returned);
  CHECK(reconnect <= 3.0);
  Snapshot s = station.look();
  CHECK(s.outputs[0].reconnects == 1);

  const std::uint64_t lost_in_peace = lost_pictures(killed) - lost_pictures(peace);
  const std::uint64_t lost_in_outage = lost_pictures(out) - lost_pictures(killed);
  const std::uint64_t late_in_peace = killed.health.late_ticks - peace.health.late_ticks;
  const std::uint64_t late_in_outage = out.health.late_ticks - killed.health.late_ticks;
  MESSAGE("reconnected after " << reconnect << " s; late ticks in 10 s: " << late_in_peace
                               << " before, " << late_in_outage << " during the outage; lost "
                               << lost_in_peace << ", " << lost_in_outage << "; mix p95 "
                               << s.health.mix_p95_ms << " ms");
  CHECK(late_in_outage <= late_in_peace + 2);
  // Encoding waits for processors that others use too: a busy second of ten is the machine's fault.
  CHECK(lost_in_outage <= lost_in_peace + 30);
  CHECK(s.health.mix_p95_ms < 20);

  // Now the camera.
  const std::uint64_t restarts = input_of(s, "cam").restarts;
  camera->signal(SIGKILL);
  camera->wait();
  const std::int64_t camera_killed = now_us();
  REQUIRE(station.until(camera_is(SignalState::Lost)));
  const double noticed = seconds_since(camera_killed);
  const Snapshot dark = station.look();
  CHECK_FALSE(input_of(dark, "cam").reason.ja.empty());
  CHECK_FALSE(input_of(dark, "cam").reason.en.empty());
  CHECK(input_of(dark, "hall").signal == SignalState::Live);
  // Ten seconds without it: the other source and the stream go on.
  REQUIRE(station.until(
      [&](const Snapshot& now) {
        s = now;
        return now.session_seconds >= dark.session_seconds + 9.5;
      },
      30s));
  CHECK(camera_is(SignalState::Lost)(s));
  const auto grown = [&](std::uint64_t was, std::uint64_t is) {
    return static_cast<double>(is - was) / (s.session_seconds - dark.session_seconds);
  };
  const auto lost_dark = static_cast<double>(lost_pictures(s) - lost_pictures(dark));
  CHECK(grown(input_of(dark, "hall").captured, input_of(s, "hall").captured) > 25 - lost_dark);
  CHECK(grown(dark.outputs[0].video_packets, s.outputs[0].video_packets) > 25 - lost_dark);

  camera = start_camera();
  const std::int64_t camera_back = now_us();
  REQUIRE(station.until(camera_is(SignalState::Live), 15s));
  const double reopened = seconds_since(camera_back);
  MESSAGE("camera: lost shown after " << noticed << " s, live " << reopened
                                      << " s after its return");
  CHECK(reopened <= 3.0);
  s = station.look();
  CHECK(input_of(s, "cam").restarts > restarts);
  CHECK(input_of(s, "hall").restarts == 0);
  CHECK(s.outputs[0].state == OutputState::Live);
  CHECK(s.outputs[0].reconnects == 1);
  CHECK(s.outputs[0].dropped == 0);
  const auto lost = static_cast<double>(lost_pictures(s));
  station.end();

  // The recording knows nothing of all this.
  const MediaFile file = probe(s.record.path);
  MESSAGE("recording: " << file.video.size() << " pictures, longest step "
                        << longest_step(file.video) * 1000 << " ms, of sound "
                        << longest_step(file.audio) * 1000 << " ms; lost " << lost);
  CHECK(std::abs(file.video_seconds() - s.record.seconds) < 1.0);
  CHECK(longest_step(file.video) <= (1.5 + lost) / 30);
  const double expected = file.video_seconds() * 30 + 1;
  CHECK(static_cast<double>(file.video.size()) >= expected - lost - 1);
  CHECK(longest_step(file.audio) <= 1.5 * 1024 / 48000);
  CHECK(steps_back(file.video) == 0);
  CHECK(steps_back(file.audio) == 0);
  // What the server got after its return plays as well.
  REQUIRE(server.recordings().size() == 2);
  const MediaFile second = probe(server.recordings().back());
  REQUIRE_FALSE(second.video.empty());
  CHECK(second.video.front().keyframe);
  CHECK(longest_step(second.video) <= (1.5 + lost) / 30);
}
