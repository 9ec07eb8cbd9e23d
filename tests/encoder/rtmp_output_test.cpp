// SPDX-License-Identifier: GPL-3.0-or-later
// Sending to a real server, nginx with its RTMP module, and looking at what it received with
// ffprobe and ffmpeg.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <sstream>

#include <doctest/doctest.h>

#include "received.h"
#include "rtmp_programme.h"
#include "tests/support/nginx_rtmp.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

TEST_CASE("what the server receives is the programme") {
  NginxRtmp nginx;
  REQUIRE(nginx.running());
  MonotonicClock clock;
  Programme programme(kCanvas, small_settings());
  OutputConfig config = config_for(programme, nginx.url(), clock);
  config.want_keyframe = [&] { programme.want_keyframe = true; };
  std::size_t sent = 0;
  {
    OutputRunner runner(std::move(config));
    const Player player(programme, kCanvas.rate, {&runner});
    REQUIRE(wait_until([&] { return runner.status(clock.now()).video_packets >= 170; }));
    const OutputStatus s = runner.status(clock.now());
    CHECK(s.state == OutputState::Live);
    CHECK(s.dropped == 0);
    CHECK(s.kbps > 700);
    CHECK(s.kbps < 2000);
    CHECK(s.queue_ms < 100);
    std::cout << "picture captured -> socket, encode included: median "
              << runner.glass_to_socket().quantile(0.5).to_milliseconds() << " ms, p95 "
              << runner.glass_to_socket().quantile(0.95).to_milliseconds() << " ms; write p95 "
              << s.send_p95_ms << " ms\n";
    runner.stop();
    sent = runner.status(clock.now()).video_packets;
  }
  REQUIRE(nginx.recordings().size() == 1);
  const std::string path = nginx.recordings()[0];
  // To the last picture: the end is told, and answers are read until the server hangs up.
  REQUIRE(wait_until([&] { return packets_of(path).video.size() >= sent; }));
  CHECK(packets_of(path).video.size() == sent);
  CHECK(decoding_complaints(path).empty());

  const std::string streams =
      output_of({"ffprobe", "-v", "error", "-show_entries",
                 "stream=codec_name,profile,sample_rate,channels,width,height,color_range,"
                 "color_space",
                 "-of", "default", path});
  CAPTURE(streams);
  for (const char* expected :
       {"codec_name=h264", "profile=High", "width=640", "height=360", "codec_name=aac",
        "profile=LC", "sample_rate=48000", "channels=2", "color_range=tv", "color_space=bt709"})
    CHECK(streams.find(expected) != std::string::npos);

  const Packets packets = packets_of(path);
  CHECK(strictly_growing(packets.video));
  CHECK(strictly_growing(packets.audio));
  CHECK(packets.video.front() == 0);
  CHECK(packets.keyframes.front() == 0);
  CHECK(packets.audio.front() < 22);
  const double fps = static_cast<double>(packets.video.size() - 1) * 1000 /
                     static_cast<double>(packets.video.back() - packets.video.front());
  CHECK(fps == doctest::Approx(30).epsilon(0.1 / 30));
  REQUIRE(packets.keyframes.size() >= 3);
  for (std::size_t i = 1; i < packets.keyframes.size(); ++i)
    CHECK(packets.keyframes[i] - packets.keyframes[i - 1] == 2000);

  // The tone of 1 kHz at -12 dBFS peak is -15 dB RMS, and nothing is left without it.
  const auto level = [&](const std::string& filter) {
    const std::string log = output_of(
        {"sh", "-c", "ffmpeg -hide_banner -nostats -i \"$0\" -af \"$1\" -vn -f null - 2>&1", path,
         filter + "volumedetect"});
    const auto at = log.find("mean_volume: ");
    REQUIRE(at != std::string::npos);
    return std::stod(log.substr(at + 13));
  };
  CHECK(level("bandpass=f=1000:width_type=h:w=200,") == doctest::Approx(-15).epsilon(0.1));
  CHECK(level("bandreject=f=1000:width_type=h:w=400,") < -35);
}

TEST_CASE("the server dies and returns: so do we, and viewers start with a keyframe") {
  NginxRtmp nginx;
  REQUIRE(nginx.running());
  MonotonicClock clock;
  Programme programme(kCanvas, small_settings());
  OutputConfig config = config_for(programme, nginx.url(), clock);
  config.want_keyframe = [&] { programme.want_keyframe = true; };
  OutputRunner runner(std::move(config));
  const Player player(programme, kCanvas.rate, {&runner});
  REQUIRE(wait_until([&] { return runner.status(clock.now()).video_packets >= 75; }));
  nginx.kill();
  REQUIRE(
      wait_until([&] { return runner.status(clock.now()).state == OutputState::Reconnecting; }));
  CHECK(runner.status(clock.now()).reason.ja.find("接続が切れました") != std::string::npos);
  // After attempts at about 0, 1 and 3 s the next one is 4 s away: only the look at the port can
  // find the server in time.
  const auto down = SteadyClock::now();
  wait_until([&] { return SteadyClock::now() - down > 3500ms; });
  REQUIRE(runner.status(clock.now()).state != OutputState::Live);
  const auto before = runner.status(clock.now()).video_packets;
  REQUIRE(nginx.start());
  const auto back = SteadyClock::now();
  REQUIRE(wait_until([&] { return runner.status(clock.now()).video_packets > before; }));
  const double seconds = std::chrono::duration<double>(SteadyClock::now() - back).count();
  std::cout << "server back -> first picture sent: " << seconds << " s\n";
  CHECK(seconds < 3.0);
  REQUIRE(wait_until([&] { return runner.status(clock.now()).video_packets > before + 30; }));
  runner.stop();
  CHECK(runner.status(clock.now()).reconnects == 1);
  REQUIRE(nginx.recordings().size() == 2);
  const std::string second = nginx.recordings()[1];
  REQUIRE(wait_until([&] { return packets_of(second).video.size() >= 30; }));
  const Packets packets = packets_of(second);
  CHECK(packets.keyframes.front() == 0);
  CHECK(packets.video.front() == 0);
  CHECK(strictly_growing(packets.video));
  CHECK(strictly_growing(packets.audio));
}
