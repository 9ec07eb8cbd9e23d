// SPDX-License-Identifier: GPL-3.0-or-later
// The publisher's socket: which address wins, what order bytes arrive in when the other side is
// slow, with and without TLS.
#include "rtmp/wire_socket.h"

#include <doctest/doctest.h>

#include <csignal>
#include <mutex>

#include "rtmp/race.h"
#include "tests/support/full_listener.h"
#include "tests/support/tls_neighbours.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::rtmp;
using namespace kakehashi::testing;

namespace {

const std::atomic<bool> kNever{false};

Endpoint v4(int port, std::uint32_t host = INADDR_LOOPBACK) {
  sockaddr_in a{};
  a.sin_family = AF_INET;
  a.sin_port = htons(static_cast<std::uint16_t>(port));
  a.sin_addr.s_addr = htonl(host);
  const auto* p = reinterpret_cast<const unsigned char*>(&a);
  return {AF_INET, {p, p + sizeof a}};
}
Endpoint v6(int port) {
  sockaddr_in6 a{};
  a.sin6_family = AF_INET6;
  a.sin6_port = htons(static_cast<std::uint16_t>(port));
  a.sin6_addr = in6addr_loopback;
  const auto* p = reinterpret_cast<const unsigned char*>(&a);
  return {AF_INET6, {p, p + sizeof a}};
}

// More than the kernel takes on its own account.
constexpr std::size_t kAmount = 12'000'000;

Bytes pattern(std::size_t size) {
  Bytes b(size);
  for (std::size_t i = 0; i < size; ++i) b[i] = static_cast<std::uint8_t>(i * 7 + i / 251);
  return b;
}

// Begins to read when it is told to, and keeps what it read.
struct LateReader {
  std::mutex mutex;
  std::string read;
  std::atomic<bool> go{false};
  TcpServer server{[this](TcpServer& s, int fd) {
    while (!s.stopping()) {
      if (!go) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        continue;
      }
      const std::string more = TcpServer::hear(fd, 20);
      const std::lock_guard lock(mutex);
      read += more;
    }
  }};
  std::size_t size() {
    const std::lock_guard lock(mutex);
    return read.size();
  }
};

void sends_in_order(WireSocket& socket, LateReader& reader) {
  const Bytes all = pattern(kAmount);
  std::size_t at = 0;
  std::vector<ByteView> pieces;
  while (at < all.size()) {  // messages of 60 000 bytes, each in pieces of odd sizes
    pieces.clear();
    for (int i = 0; i < 300 && at < all.size(); ++i) {
      const std::size_t n = std::min<std::size_t>(1 + (at % 399), all.size() - at);
      pieces.push_back(ByteView(all).subspan(at, n));
      at += n;
    }
    REQUIRE(socket.send(pieces) == LineTrouble::None);
  }
  const bool waited = socket.kept() > 0;
  reader.go = true;
  while (socket.kept() > 0) {
    REQUIRE(socket.wait(Duration::seconds(10)) == LineTrouble::None);
    REQUIRE(socket.flush() == LineTrouble::None);
  }
  CHECK(waited);  // else the test has shown nothing
  REQUIRE(wait_until([&] { return reader.size() >= all.size(); }));
  const std::lock_guard lock(reader.mutex);
  CHECK(Bytes(reader.read.begin(), reader.read.end()) == all);
}

}  // namespace

TEST_CASE("addresses take turns by family") {
  const std::vector<Endpoint> given{v6(1), v6(2), v4(3), v4(4)};
  const auto order = by_turns(given);
  REQUIRE(order.size() == 4);
  CHECK(order[0] == &given[0]);
  CHECK(order[1] == &given[2]);
  CHECK(order[2] == &given[1]);
  CHECK(order[3] == &given[3]);
  CHECK(by_turns({}).empty());
}

TEST_CASE("an address that refuses or never answers does not hold the next one up") {
  std::signal(SIGPIPE, SIG_IGN);
  TcpServer good([](TcpServer& s, int fd) { s.stay_silent(fd); });
  SUBCASE("refuses") {
    const std::vector<Endpoint> given{v6(good.port()), v4(good.port())};
    WireSocket socket(kNever);
    CHECK(socket.connect(given, "", Duration::seconds(5)) == LineTrouble::None);
  }
  SUBCASE("never answers") {
    const FullListener full;
    const std::vector<Endpoint> given{v4(full.port), v4(good.port())};
    WireSocket socket(kNever);
    const auto begin = SteadyClock::now();
    CHECK(socket.connect(given, "", Duration::seconds(60)) == LineTrouble::None);
    CHECK(SteadyClock::now() - begin >= std::chrono::milliseconds(200));
    CHECK(SteadyClock::now() - begin < std::chrono::seconds(30));
    WireSocket alone(kNever);
    CHECK(alone.connect(std::span(given).first(1), "", Duration::milliseconds(300)) ==
          LineTrouble::Silent);
  }
  SUBCASE("told to stop") {
    const FullListener full;
    const std::atomic<bool> stop{true};
    WireSocket socket(stop);
    const Endpoint silent = v4(full.port);
    CHECK(socket.connect(std::span(&silent, 1), "", Duration::seconds(60)) == LineTrouble::Stopped);
  }
}

TEST_CASE("a network interface can be chosen, and one that is not there is said") {
  TcpServer good([](TcpServer& s, int fd) { s.stay_silent(fd); });
  const Endpoint there = v4(good.port());
  WireSocket none(kNever);
  CHECK(none.connect(std::span(&there, 1), "nosuch0", Duration::seconds(5)) ==
        LineTrouble::NoInterface);
  WireSocket loopback(kNever);
  CHECK(loopback.connect(std::span(&there, 1), "lo", Duration::seconds(5)) == LineTrouble::None);
}

TEST_CASE("bytes arrive whole and in order at a late reader") {
  LateReader reader;
  WireSocket socket(kNever);
  const Endpoint there = v4(reader.server.port());
  REQUIRE(socket.connect(std::span(&there, 1), "", Duration::seconds(5)) == LineTrouble::None);
  sends_in_order(socket, reader);
  CHECK(socket.figures().handed == kAmount);
}

TEST_CASE("the same through TLS, and what the other side says is read") {
  const Certificate certificate("localhost", -60, 3600);
  LateReader reader;
  TcpServer proxy(tls_proxy(certificate, reader.server.port()));
  WireSocket socket(kNever);
  const Endpoint there = v4(proxy.port());
  REQUIRE(socket.connect(std::span(&there, 1), "", Duration::seconds(5)) == LineTrouble::None);
  REQUIRE(socket.start_tls("localhost", certificate.file, Duration::seconds(10)) ==
          LineTrouble::None);
  sends_in_order(socket, reader);
  CHECK(socket.figures().handed > kAmount);
}

TEST_CASE("what was said before hanging up is read, then the end") {
  TcpServer server([](TcpServer&, int fd) { TcpServer::say(fd, "last words"); });
  WireSocket socket(kNever);
  const Endpoint there = v4(server.port());
  REQUIRE(socket.connect(std::span(&there, 1), "", Duration::seconds(5)) == LineTrouble::None);
  Bytes heard;
  LineTrouble t = LineTrouble::None;
  CHECK(wait_until([&] { return (t = socket.receive(heard)) != LineTrouble::None; }));
  CHECK(t == LineTrouble::HungUp);
  CHECK(std::string(heard.begin(), heard.end()) == "last words");
}

TEST_CASE("what nobody reads yet does not end the wait for room to send") {
  TcpServer deaf([](TcpServer& s, int fd) {
    (void)!::send(fd, "hello", 5, MSG_NOSIGNAL);
    while (!s.stopping()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  });
  WireSocket socket(kNever);
  const Endpoint there = v4(deaf.port());
  REQUIRE(socket.connect(std::span(&there, 1), "", Duration::seconds(5)) == LineTrouble::None);
  REQUIRE(socket.wait(Duration::seconds(30)) == LineTrouble::None);  // its word is here
  for (int i = 0; i < 50 && socket.kept() == 0; ++i)
    REQUIRE(socket.send(pattern(kAmount)) == LineTrouble::None);
  REQUIRE(socket.kept() > 0);
  // The kernel's own buffers grow for a while; then there is room for nothing.
  bool waited = false;
  for (int i = 0; i < 100 && !waited; ++i) {
    const auto begin = SteadyClock::now();
    REQUIRE(socket.wait(Duration::milliseconds(100), false) == LineTrouble::None);
    waited = SteadyClock::now() - begin >= std::chrono::milliseconds(90);
    REQUIRE(socket.flush() == LineTrouble::None);
  }
  CHECK(waited);
  Bytes heard;
  CHECK(socket.receive(heard) == LineTrouble::None);
  CHECK(heard.size() == 5);
}
