// SPDX-License-Identifier: GPL-3.0-or-later
// Bad neighbours: they cost their own input only, and the operator reads why.
#include <fcntl.h>

#include <fstream>
#include <random>

#include "tests/capture/network_rig.h"
#include "tests/support/tcp_server.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;

namespace {

constexpr const char* kHead = "HTTP/1.1 200 OK\r\nContent-Type: video/mp2t\r\n\r\n";

std::string random_bytes(std::size_t n, unsigned seed) {
  std::mt19937 random(seed);
  std::string s(n, '\0');
  for (char& c : s) c = static_cast<char>(random());
  return s;
}

std::string address(const std::string& scheme, const TcpServer& server) {
  return scheme + "://127.0.0.1:" + std::to_string(server.port()) + "/live/cam";
}

double resident_megabytes() {
  std::ifstream in("/proc/self/statm");
  long all = 0, resident = 0;
  in >> all >> resident;
  return static_cast<double>(resident) * 4096 / 1e6;
}

}  // namespace

TEST_CASE("a server that accepts and says nothing") {
  TcpServer a([](TcpServer& s, int fd) { s.stay_silent(fd); });
  TcpServer b([](TcpServer& s, int fd) { s.stay_silent(fd); });
  TcpServer c([](TcpServer& s, int fd) { s.stay_silent(fd); });
  // A byte now and then keeps a connection alive, not a show.
  TcpServer d([](TcpServer& s, int fd) {
    TcpServer::hear(fd);
    TcpServer::say(fd, kHead);
    while (!s.stopping() && TcpServer::say(fd, "G")) std::this_thread::sleep_for(50ms);
  });
  std::vector<std::unique_ptr<InputFeed>> feeds;
  for (const auto& uri :
       {address("rtsp", a), address("rtmp", b), address("http", c), address("http", d)})
    feeds.push_back(std::make_unique<InputFeed>(feed_config("network", {{"uri", uri}})));
  for (auto& feed : feeds) {
    CHECK(reaches(*feed, SignalState::Lost));
    CHECK(feed->status(real.now()).reason.en.find("not answer") != std::string::npos);
  }
  // Those that wait for an answer again do not hold up whoever closes them.
  const MediaTime before = real.now();
  feeds.clear();
  CHECK(real.now() - before < Duration::milliseconds(4000));
}

TEST_CASE("noise after a valid start, a film cut off, and one that only half closes") {
  TempDir dir;
  make_film(3, {"-f", "mpegts", dir / "film.ts"});
  const std::string film = contents_of(dir / "film.ts");
  REQUIRE(film.size() > 30'000);
  InputFeed bystander(feed_config("test", {}));
  REQUIRE(reaches(bystander, SignalState::Live));

  TcpServer noise([&](TcpServer& s, int fd) {
    TcpServer::hear(fd);
    TcpServer::say(fd, kHead + film.substr(0, film.size() / 2));
    for (unsigned seed = 0; !s.stopping(); ++seed)
      if (!TcpServer::say(fd, random_bytes(100'000, seed))) return;
  });
  // Packets whose pieces never end: a demuxer must not collect them for ever.
  TcpServer endless([&](TcpServer& s, int fd) {
    TcpServer::hear(fd);
    TcpServer::say(fd, kHead + film.substr(0, film.size() / 2 / 188 * 188));
    std::string packet("\x47\x01\x00\x10", 4);  // PID 256: the picture; no start
    for (unsigned n = 0; !s.stopping(); ++n) {
      packet[3] = static_cast<char>(0x10 | (n & 15));
      if (!TcpServer::say(fd, packet + random_bytes(184, n))) return;
    }
  });
  TcpServer cut([&](TcpServer&, int fd) {
    TcpServer::hear(fd);
    TcpServer::say(fd, kHead + film.substr(0, film.size() / 3));
  });
  TcpServer half([&](TcpServer& s, int fd) {
    TcpServer::hear(fd);
    TcpServer::say(fd, kHead + film.substr(0, film.size() / 3));
    ::shutdown(fd, SHUT_WR);
    s.stay_silent(fd);
  });
  const double before = resident_megabytes();
  std::vector<std::unique_ptr<InputFeed>> feeds;
  for (const TcpServer* s : {&noise, &endless, &cut, &half})
    feeds.push_back(
        std::make_unique<InputFeed>(feed_config("network", {{"uri", address("http", *s)}})));
  for (auto& feed : feeds) {
    // Pictures as far as they go, then away, with words.
    CHECK(wait_until([&] { return feed->status(real.now()).captured > 0; }));
    CHECK(reaches(*feed, SignalState::Lost));
    CHECK_FALSE(feed->status(real.now()).reason.ja.empty());
  }
  CHECK(resident_megabytes() - before < 300);
  CHECK(bystander.status(real.now()).signal == SignalState::Live);
  CHECK(bystander.status(real.now()).restarts == 0);
}
