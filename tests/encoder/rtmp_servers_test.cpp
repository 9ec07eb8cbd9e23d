// SPDX-License-Identifier: GPL-3.0-or-later
// Publishing to servers of other makers and to our own: what they received decodes to the last
// picture. nginx stands in rtmp_output_test.cpp.
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <mutex>
#include <thread>

#include <doctest/doctest.h>

#include "encoder/trouble.h"
#include "node_server.h"
#include "received.h"
#include "rtmp/server.h"
#include "rtmp_programme.h"
#include "tests/support/tls_neighbours.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;

namespace {

// Three seconds of programme; how many pictures were sent.
std::size_t send_some(OutputConfig config, Programme& programme, OutputStatus* last = nullptr) {
  MonotonicClock clock;
  config.clock = &clock;
  config.want_keyframe = [&] { programme.want_keyframe = true; };
  OutputRunner runner(std::move(config));
  {
    const Player player(programme, kCanvas.rate, {&runner});
    REQUIRE(wait_until([&] { return runner.status(clock.now()).video_packets >= 90; }));
    const OutputStatus s = runner.status(clock.now());
    CHECK(s.state == OutputState::Live);
    CHECK(s.dropped == 0);
    CHECK(s.reconnects == 0);
  }
  runner.stop();
  if (last) *last = runner.status(clock.now());
  return runner.status(clock.now()).video_packets;
}

void check_received(const std::string& path, std::size_t sent) {
  CAPTURE(path);
  REQUIRE(wait_until([&] { return packets_of(path).video.size() >= sent; }));
  const Packets p = packets_of(path);
  CHECK(p.video.size() == sent);
  CHECK(p.audio.size() >= sent * 46 / 30);
  CHECK(strictly_growing(p.video));
  CHECK(strictly_growing(p.audio));
  REQUIRE_FALSE(p.keyframes.empty());
  CHECK(p.keyframes.front() == p.video.front());
  CHECK(decoding_complaints(path).empty());
}

}  // namespace

TEST_CASE("ffmpeg -listen receives the programme to its last picture") {
  std::signal(SIGPIPE, SIG_IGN);
  const TempDir folder;
  const int port = free_port();
  const std::string url = "rtmp://127.0.0.1:" + std::to_string(port) + "/live";
  const std::string path = folder / "received.mkv";
  auto ffmpeg = Process::start({"ffmpeg", "-nostdin", "-v", "error", "-f", "flv", "-listen", "1",
                                "-i", url + "/" + kKey, "-c", "copy", path});
  REQUIRE(wait_until([&] { return listens(port); }));
  MonotonicClock clock;
  Programme programme(kCanvas, small_settings());
  const std::size_t sent = send_some(config_for(programme, url, clock), programme);
  CHECK(ffmpeg->wait().value_or(-1) == 0);  // it saw a clean end
  check_received(path, sent);
}

TEST_CASE("node-media-server receives the programme to its last picture") {
  if (!NodeMediaServer::there()) {
    MESSAGE("skipped: node-media-server is not installed (npm ci in tests/support/node)");
    return;
  }
  const NodeMediaServer server;
  MonotonicClock clock;
  Programme programme(kCanvas, small_settings());
  const std::size_t sent = send_some(config_for(programme, server.url(), clock), programme);
  std::string path;
  REQUIRE(wait_until([&] { return !(path = only_file_under(server.received())).empty(); }));
  check_received(path, sent);
}

TEST_CASE("node-media-server that wants a signed key hangs up, and that is told as the key") {
  if (!NodeMediaServer::there()) return;
  const NodeMediaServer server(true);
  MonotonicClock clock;
  Programme programme(kCanvas, small_settings());
  OutputRunner runner(config_for(programme, server.url(), clock));
  const Player player(programme, kCanvas.rate, {&runner});
  REQUIRE(wait_until([&] { return !runner.status(clock.now()).reason.en.empty(); }));
  CHECK(runner.status(clock.now()).reason.en.find("stream key") != std::string::npos);
}

namespace {

struct Receiver {
  std::mutex mutex;
  std::size_t pictures = 0, sounds = 0;
  double width = 0;
  std::string app, key, closed;
  std::unique_ptr<rtmp::Server> server;

  Receiver() {
    rtmp::ServerCallbacks c;
    c.publish = [this](auto, const std::string& a, const std::string& k) {
      const std::lock_guard lock(mutex);
      app = a;
      key = k;
      return std::optional<std::string>();
    };
    c.metadata = [this](auto, const rtmp::AmfValue& v) {
      const std::lock_guard lock(mutex);
      if (const auto* w = v.find("width")) width = w->number;
    };
    c.video = [this](auto, std::uint32_t, MediaTime, rtmp::ByteView b) {
      const std::lock_guard lock(mutex);
      pictures += b.size() > 5 && b[1] == 1;
    };
    c.audio = [this](auto, std::uint32_t, MediaTime, rtmp::ByteView b) {
      const std::lock_guard lock(mutex);
      sounds += b.size() > 2 && b[1] == 1;
    };
    c.closed = [this](auto, const std::string& why) {
      const std::lock_guard lock(mutex);
      closed = why;
    };
    server = std::move(rtmp::Server::listen("rtmp://127.0.0.1:0/live", c).value());
  }
  std::string url() const { return server->url(); }
  bool ended() {
    const std::lock_guard lock(mutex);
    return !closed.empty();
  }
};

}  // namespace

TEST_CASE("our own receiver: all pictures, all sound, a clean end") {
  Receiver receiver;
  MonotonicClock clock;
  Programme programme(kCanvas, small_settings());
  OutputStatus last;
  const std::size_t sent =
      send_some(config_for(programme, receiver.url(), clock), programme, &last);
  REQUIRE(wait_until([&] { return receiver.ended(); }));
  const std::lock_guard lock(receiver.mutex);
  CHECK(receiver.pictures == sent);
  CHECK(receiver.sounds <= last.audio_packets);  // from before the first picture is left out
  CHECK(receiver.sounds + 4 >= last.audio_packets);
  CHECK(receiver.width == 640);
  CHECK(receiver.key == kKey);
}

TEST_CASE("a second publisher with the same key is told that the key is in use") {
  Receiver receiver;
  MonotonicClock clock;
  Programme programme(kCanvas, small_settings()), other(kCanvas, small_settings());
  OutputRunner first(config_for(programme, receiver.url(), clock));
  const Player player(programme, kCanvas.rate, {&first});
  REQUIRE(wait_until([&] { return first.status(clock.now()).video_packets > 10; }));
  OutputRunner second(config_for(other, receiver.url(), clock));
  REQUIRE(wait_until([&] { return !second.status(clock.now()).reason.en.empty(); }));
  const Text reason = second.status(clock.now()).reason;
  CHECK(reason.en.find("already streaming with this key") != std::string::npos);
  CHECK(reason.ja.find("すでに配信されています") != std::string::npos);
  CHECK(reason.en.find(kKey) == std::string::npos);
  CHECK(first.status(clock.now()).state == OutputState::Live);
}

TEST_CASE("RTMPS through a TLS proxy") {
  Receiver receiver;
  MonotonicClock clock;
  Programme programme(kCanvas, small_settings());
  const auto config_towards = [&](const TcpServer& proxy, const std::string& ca_file) {
    OutputConfig config =
        config_for(programme, "rtmps://localhost:" + std::to_string(proxy.port()) + "/live", clock);
    if (!ca_file.empty()) config.destination.settings["ca_file"] = ca_file;
    return config;
  };
  SUBCASE("a good certificate: everything arrives") {
    const Certificate good("localhost", -60, 3600);
    TcpServer proxy(tls_proxy(good, receiver.server->port()));
    const std::size_t sent = send_some(config_towards(proxy, good.file), programme);
    REQUIRE(wait_until([&] { return receiver.ended(); }));
    const std::lock_guard lock(receiver.mutex);
    CHECK(receiver.pictures == sent);
  }
  struct Bad {
    const char* name;
    long from, until;
    bool listed;
    const char *ja, *en;
  };
  for (const Bad& bad :
       {Bad{"localhost", -7200, -3600, true, "日付と時刻", "date and time"},
        Bad{"localhost", 3600, 7200, true, "日付と時刻", "date and time"},
        Bad{"other.example", -60, 3600, true, "URLの綴り", "another server"},
        Bad{"localhost", -60, 3600, false, "証明書を確認できない", "could not prove who it is"}}) {
    SUBCASE(bad.en) {
      CAPTURE(bad.name);
      const Certificate certificate(bad.name, bad.from, bad.until);
      TcpServer proxy(tls_proxy(certificate, receiver.server->port()));
      OutputRunner runner(config_towards(proxy, bad.listed ? certificate.file : ""));
      REQUIRE(wait_until([&] { return !runner.status(clock.now()).reason.en.empty(); }));
      const OutputStatus s = runner.status(clock.now());
      CHECK(s.state == OutputState::Reconnecting);
      CHECK(s.reason.ja.find(bad.ja) != std::string::npos);
      CHECK(s.reason.en.find(bad.en) != std::string::npos);
      const std::lock_guard lock(receiver.mutex);
      CHECK(receiver.key.empty());  // nothing was sent through it
    }
  }
}
