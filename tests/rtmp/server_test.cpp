// SPDX-License-Identifier: GPL-3.0-or-later
// The server on real loopback sockets.
#include "rtmp/server.h"

#include <doctest/doctest.h>

#include <atomic>
#include <mutex>

#include "core/clock.h"
#include "rtmp/url.h"
#include "tests/rtmp/connection.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::rtmp;
using testing::Connection;
using testing::wait_until;

namespace {

struct Notes {
  std::mutex mutex;
  std::vector<PublisherId> accepted;
  std::vector<std::string> closed;
  std::vector<MediaTime> arrivals;
  std::size_t bytes = 0;

  ServerCallbacks callbacks() {
    ServerCallbacks c;
    c.publish = [this](PublisherId id, const std::string&, const std::string&) {
      const std::lock_guard lock(mutex);
      accepted.push_back(id);
      return std::optional<std::string>();
    };
    c.video = [this](PublisherId, std::uint32_t, MediaTime at, ByteView body) {
      const std::lock_guard lock(mutex);
      arrivals.push_back(at);
      bytes += body.size();
    };
    c.closed = [this](PublisherId, const std::string& why) {
      const std::lock_guard lock(mutex);
      closed.push_back(why);
    };
    return c;
  }
  template <class F>
  auto look(F f) {
    const std::lock_guard lock(mutex);
    return f(*this);
  }
};

}  // namespace

TEST_CASE("Several publishers at once, one per app and key") {
  Notes notes;
  auto server = Server::listen("rtmp://127.0.0.1:0/live", notes.callbacks());
  REQUIRE(server.ok());
  const int port = (*server)->port();
  CHECK((*server)->url() == "rtmp://127.0.0.1:" + std::to_string(port) + "/live");
  Connection a(port), b(port), again(port), elsewhere(port);
  CHECK(a.publish("live", "one"));
  CHECK(b.publish("live", "two"));
  CHECK(notes.look([](Notes& n) { return n.accepted.size(); }) == 2);

  const Bytes picture(200'000, 0x27);
  const MediaTime before = MonotonicClock().now();
  a.client.send(MessageType::Video, 1, 0, picture);
  b.client.send(MessageType::Video, 1, 0, picture);
  a.exchange(0);
  b.exchange(0);
  CHECK(wait_until([&] { return notes.look([](Notes& n) { return n.arrivals.size(); }) == 2; }));
  notes.look([&](Notes& n) {
    CHECK(n.bytes == 400'000);
    for (MediaTime t : n.arrivals) {
      CHECK(t >= before);
      CHECK(t <= MonotonicClock().now());
    }
    return 0;
  });

  CHECK_FALSE(again.publish("live", "one"));
  CHECK(again.client.has_code("NetStream.Publish.BadName"));
  CHECK_FALSE(elsewhere.publish("other", "one"));
  CHECK(elsewhere.client.has_code("NetConnection.Connect.Rejected"));
  CHECK(notes.look([](Notes& n) { return n.closed.empty(); }));
}

TEST_CASE("The arrival is that of the last byte") {
  Notes notes;
  auto server = Server::listen("rtmp://127.0.0.1:0/live", notes.callbacks());
  REQUIRE(server.ok());
  Connection c((*server)->port());
  REQUIRE(c.publish("live", "k"));
  const Bytes picture(10'000, 0x27);
  c.client.send(MessageType::Video, 1, 0, picture);
  const std::uint8_t last = c.client.out.back();
  c.client.out.pop_back();
  c.exchange(50);
  CHECK(notes.look([](Notes& n) { return n.arrivals.empty(); }));
  const MediaTime before_last = MonotonicClock().now();
  c.client.out.push_back(last);
  c.exchange(0);
  REQUIRE(wait_until([&] { return notes.look([](Notes& n) { return n.arrivals.size(); }) == 1; }));
  CHECK(notes.look([](Notes& n) { return n.arrivals[0]; }) >= before_last);
}

TEST_CASE("A publisher that goes is reported once, and its key is free again") {
  Notes notes;
  auto server = Server::listen("rtmp://127.0.0.1:0/live", notes.callbacks());
  REQUIRE(server.ok());
  {
    Connection c((*server)->port());
    REQUIRE(c.publish("live", "k"));
  }
  CHECK(wait_until([&] { return notes.look([](Notes& n) { return n.closed.size(); }) == 1; }));
  Connection c((*server)->port());
  CHECK(c.publish("live", "k"));
  c.client.out = Bytes(64, 0xC9);  // format 3 on a chunk stream that never began
  CHECK(c.closed_by_server());
  CHECK(wait_until([&] { return notes.look([](Notes& n) { return n.closed.size(); }) == 2; }));
  CHECK(notes.look([](Notes& n) { return n.closed[1]; }).find("chunk stream 9") !=
        std::string::npos);
}

TEST_CASE("Connections that only stay open keep nobody out") {
  Notes notes;
  auto server = Server::listen("rtmp://127.0.0.1:0/live", notes.callbacks());
  REQUIRE(server.ok());
  Connection first((*server)->port());
  REQUIRE(first.publish("live", "one"));
  std::vector<std::unique_ptr<Connection>> idle;
  for (int i = 0; i < 40; ++i) idle.push_back(std::make_unique<Connection>((*server)->port()));
  Connection late((*server)->port());
  CHECK(late.publish("live", "two"));
  CHECK(notes.look([](Notes& n) { return n.closed.empty(); }));  // who publishes stays
}

TEST_CASE("Stopping ends everything within a second and frees the port") {
  Notes notes;
  auto server = Server::listen("rtmp://127.0.0.1:0/live", notes.callbacks());
  REQUIRE(server.ok());
  const int port = (*server)->port();
  Connection c(port), idle(port);
  REQUIRE(c.publish("live", "k"));
  const auto before = std::chrono::steady_clock::now();
  (*server)->stop();
  CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds(1));
  CHECK(notes.look([](Notes& n) { return n.closed; }) ==
        std::vector<std::string>{"the receiver stopped"});
  CHECK(c.closed_by_server());
  const std::string same = "rtmp://127.0.0.1:" + std::to_string(port) + "/live";
  CHECK(Server::listen(same, {}).ok());  // although the old connections linger in TIME_WAIT
}

TEST_CASE("A port in use and wrong addresses are named") {
  auto first = Server::listen("rtmp://127.0.0.1:0/live", {});
  REQUIRE(first.ok());
  auto second = Server::listen((*first)->url(), {});
  REQUIRE_FALSE(second.ok());
  CHECK(second.error().kind == ErrorKind::FixSetup);
  CHECK(second.error().message.find("in use") != std::string::npos);
  CHECK(Server::listen("rtmps://127.0.0.1/live", {}).error().kind == ErrorKind::Unsupported);
  CHECK(Server::listen("rtmp://127.0.0.1:99999/live", {}).error().kind == ErrorKind::FixInput);
}

TEST_CASE("Addresses are taken apart") {
  const auto u = parse_url("rtmp://host.example:1936/live/room/key?x=1");
  REQUIRE(u.ok());
  CHECK(u->host == "host.example");
  CHECK(u->port == 1936);
  CHECK(u->app == "live");
  CHECK(u->key == "room/key?x=1");
  CHECK(parse_url("rtmps://h/a")->port == 443);
  CHECK(parse_url("rtmp://h")->app.empty());
  CHECK(parse_url("rtmp://[::1]:1937/a")->host == "::1");
  CHECK(parse_url("rtmp://[::1]:1937/a")->port == 1937);
  for (const char* bad : {"", "http://h/a", "rtmp://", "rtmp:///a", "rtmp://h:x/a", "rtmp://h:/a",
                          "rtmp://[::1/a", "rtmp://[::1]x/a", "rtmp://h:1:2/a"})
    CHECK_MESSAGE(!parse_url(bad).ok(), bad);
}
