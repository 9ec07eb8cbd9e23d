// SPDX-License-Identifier: GPL-3.0-or-later
// How an output lives: connects, is cut off, comes back, is stopped; with a kind of output held in
// the test's hand, and with servers that hang.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <mutex>
#include <thread>

#include <doctest/doctest.h>

#include "encoder/output.h"
#include "encoder/trouble.h"
#include "puppet_output.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

namespace {

// Listens on loopback; accepts when asked, never reads, never answers.
struct HangingServer {
  explicit HangingServer(bool accepts) {
    fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    socklen_t size = sizeof address;
    getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
    REQUIRE(listen(fd, 4) == 0);
    if (accepts)
      thread = std::thread([this] {
        for (int c = accept(fd, nullptr, nullptr); c >= 0; c = accept(fd, nullptr, nullptr)) {
          {
            const std::lock_guard lock(mutex);
            clients.push_back(c);
          }
          ++accepted;
        }
      });
  }
  ~HangingServer() {
    shutdown(fd, SHUT_RDWR);
    if (thread.joinable()) thread.join();
    for (const int c : clients) close(c);
    close(fd);
  }
  void hang_up() {
    const std::lock_guard lock(mutex);
    for (const int c : clients) shutdown(c, SHUT_RDWR);
  }
  std::string url() const { return "rtmp://127.0.0.1:" + std::to_string(port) + "/live"; }
  int fd = -1, port = 0;
  std::atomic<int> accepted{0};
  std::mutex mutex;
  std::vector<int> clients;
  std::thread thread;
};

OutputConfig rtmp_config(const std::string& url) {
  OutputConfig config;
  config.destination.id = "main";
  config.destination.kind = "rtmp";
  config.destination.settings["url"] = url;
  config.key = Secret("canary-key-8714");
  config.stream.video_extradata = {0, 0, 0, 1, 0x67, 0x64, 0, 0x1f, 0, 0, 0, 1, 0x68, 0xee};
  return config;
}

}  // namespace

TEST_CASE("packets arrive in order, are counted, and the end is clean") {
  Puppet puppet;
  const OutputKind row = puppet.row(true);
  std::atomic<int> keyframes_wanted{0};
  OutputConfig config = config_for(row);
  config.want_keyframe = [&] { ++keyframes_wanted; };
  OutputRunner runner(std::move(config));
  REQUIRE(wait_until([&] { return state_of(runner) == OutputState::Live; }));
  CHECK(wait_until([&] { return keyframes_wanted == 1; }));
  for (int i = 0; i < 30; ++i) runner.push(packet(i * 33, i == 0));
  CHECK(wait_until([&] { return puppet.written == 30; }));
  CHECK(wait_until([&] { return status_of(runner).video_packets == 30; }));
  CHECK(runner.bytes() == 30'000);
  CHECK(runner.location() == "/somewhere");
  CHECK(status_of(runner).dropped == 0);
  CHECK(wait_until([&] { return status_of(runner).kbps > 0; }));
  runner.stop();
  CHECK(puppet.finished == 1);
  CHECK(state_of(runner) == OutputState::Standby);
}

TEST_CASE("a connection that breaks is made again, and a new keyframe is asked for") {
  Puppet puppet;
  const OutputKind row = puppet.row(true);
  std::atomic<int> keyframes_wanted{0};
  OutputConfig config = config_for(row);
  config.want_keyframe = [&] { ++keyframes_wanted; };
  OutputRunner runner(std::move(config));
  REQUIRE(wait_until([&] { return state_of(runner) == OutputState::Live; }));
  puppet.broken = true;
  runner.push(packet(0, true));
  REQUIRE(wait_until([&] { return state_of(runner) == OutputState::Reconnecting; }));
  CHECK(status_of(runner).reason.ja.find("接続が切れました") != std::string::npos);
  puppet.broken = false;
  runner.push(packet(33));  // not connected: let go, not kept for later
  REQUIRE(wait_until([&] { return state_of(runner) == OutputState::Live; }));
  CHECK(status_of(runner).reason == Text{});
  CHECK(status_of(runner).reconnects == 1);
  CHECK(wait_until([&] { return keyframes_wanted == 2; }));
  CHECK(puppet.written == 0);
}

TEST_CASE("waiting grows, but a port that comes back ends the wait") {
  Puppet puppet;
  puppet.up = false;
  const OutputKind row = puppet.row(true);
  OutputRunner runner(config_for(row));
  // Attempts at 0, 1 and 3 s; the next would be at 7 s.
  REQUIRE(wait_until([&] { return puppet.tried == 3; }));
  const auto back = SteadyClock::now();
  puppet.up = true;
  REQUIRE(wait_until([&] { return state_of(runner) == OutputState::Live; }));
  CHECK(seconds_since(back) < 2.0);
}

TEST_CASE("a live road that is stuck gives up old video and the runner stops in time") {
  Puppet puppet;
  puppet.stuck = true;
  const OutputKind row = puppet.row(true);
  OutputRunner runner(config_for(row));
  REQUIRE(wait_until([&] { return state_of(runner) == OutputState::Live; }));
  for (int i = 0; i < 300; ++i) runner.push(packet(i * 33, i % 60 == 0));
  CHECK(status_of(runner).dropped > 150);
  CHECK(status_of(runner).queue_ms <= 1000);
  const auto begin = SteadyClock::now();
  runner.stop();
  CHECK(seconds_since(begin) < 1.0);
  CHECK(state_of(runner) == OutputState::Standby);
}

TEST_CASE("a file keeps what came before it could be opened, and all of it is written at the end") {
  Puppet puppet;
  puppet.up = false;
  const OutputKind row = puppet.row(false);
  OutputRunner runner(config_for(row));
  REQUIRE(wait_until([&] { return puppet.tried == 1; }));
  for (int i = 0; i < 100; ++i) runner.push(packet(i * 33, i % 60 == 0));
  CHECK(wait_until([&] { return !status_of(runner).reason.ja.empty(); }));
  puppet.up = true;
  REQUIRE(wait_until([&] { return puppet.written == 100; }));
  for (int i = 100; i < 150; ++i) runner.push(packet(i * 33, i % 60 == 0));
  runner.stop();
  CHECK(puppet.written == 150);
  CHECK(puppet.finished == 1);
}

TEST_CASE("a recording that is stopped at once is a file all the same") {
  Puppet puppet;
  const OutputKind row = puppet.row(false);
  OutputRunner runner(config_for(row));
  runner.push(packet(0, true));
  runner.stop();
  CHECK(puppet.written == 1);
  CHECK(puppet.finished == 1);
}

TEST_CASE("a wrong address fails with words and is not tried again") {
  OutputRunner runner(rtmp_config("http://127.0.0.1/live"));
  REQUIRE(wait_until([&] { return state_of(runner) == OutputState::Failed; }));
  CHECK(status_of(runner).reason.ja.find("URLが正しくありません") != std::string::npos);
  OutputConfig unknown;
  unknown.destination.kind = "pigeon";
  OutputRunner other(std::move(unknown));
  CHECK(wait_until([&] { return state_of(other) == OutputState::Failed; }));
}

TEST_CASE("a closed port is told as such; nothing shows the key") {
  int port = 0;
  { port = HangingServer(false).port; }
  OutputRunner runner(rtmp_config("rtmp://127.0.0.1:" + std::to_string(port) + "/live"));
  REQUIRE(wait_until([&] { return state_of(runner) == OutputState::Reconnecting; }));
  const Text reason = status_of(runner).reason;
  CHECK(reason.en.find("not ready to receive") != std::string::npos);
  CHECK((reason.ja + reason.en).find("canary") == std::string::npos);
}

TEST_CASE("servers that hang cannot hold a stop up") {
  for (const bool accepts : {false, true}) {
    CAPTURE(accepts);
    HangingServer server(accepts);
    auto runner = std::make_unique<OutputRunner>(rtmp_config(server.url()));
    // In the handshake, which this server never answers.
    if (accepts) REQUIRE(wait_until([&] { return server.accepted >= 1; }));
    CHECK(state_of(*runner) == OutputState::Connecting);
    const auto begin = SteadyClock::now();
    runner->stop();
    CHECK(seconds_since(begin) < 1.0);
    runner.reset();
    CHECK(seconds_since(begin) < 1.2);
  }
}

TEST_CASE("a server that hangs up in the handshake is not a stream server") {
  HangingServer server(true);
  OutputRunner runner(rtmp_config(server.url()));
  REQUIRE(wait_until([&] { return server.accepted >= 1; }));
  CHECK(state_of(runner) == OutputState::Connecting);
  server.hang_up();
  CHECK(wait_until([&] { return state_of(runner) == OutputState::Reconnecting; }));
  CHECK(status_of(runner).reason.ja.find("正しい応答がありません") != std::string::npos);
}
