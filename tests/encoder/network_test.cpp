// SPDX-License-Identifier: GPL-3.0-or-later
// Addresses of servers, and what an operator is told about failures.
#include "encoder/network.h"

#include <doctest/doctest.h>

#include "encoder/trouble.h"
#include "tests/support/full_listener.h"
#include "tests/support/tcp_server.h"

using namespace kakehashi;
using namespace kakehashi::testing;

TEST_CASE("an address is taken apart") {
  const auto a = parse_rtmp_address("rtmps://b.example.jp/live2?backup=1");
  REQUIRE(a);
  CHECK(a->tls);
  CHECK(a->host == "b.example.jp");
  CHECK(a->port == 443);
  CHECK(a->app == "live2?backup=1");
  const auto b = parse_rtmp_address("rtmp://[::1]:1936/app/instance/");
  REQUIRE(b);
  CHECK_FALSE(b->tls);
  CHECK(b->host == "::1");
  CHECK(b->port == 1936);
  CHECK(b->app == "app/instance");
  CHECK(parse_rtmp_address("rtmp://10.0.0.1/live")->port == 1935);
}

TEST_CASE("a wrong address is named and not tried") {
  for (const char* url :
       {"", "http://example.jp/live", "rtmp:/example.jp/live", "rtmp://", "rtmp:///live",
        "rtmp://example.jp", "rtmp://example.jp/", "rtmp://user:pass@example.jp/live",
        "rtmp://example.jp:0/live", "rtmp://example.jp:70000/live", "rtmp://example.jp:x/live",
        "rtmp://[::1/live", "rtmp://example.jp/live key", "rtmp://example.jp/live\r\nkey",
        "file:///etc/passwd"}) {
    CAPTURE(url);
    const auto a = parse_rtmp_address(url);
    REQUIRE_FALSE(a);
    CHECK(a.error().kind == ErrorKind::FixInput);
    CHECK_FALSE(explain(a.error()).ja.empty());
    CHECK_FALSE(explain(a.error()).en.empty());
  }
}

TEST_CASE("each trouble has its own words, found again behind added context") {
  const Text full = explain(trouble(Trouble::DiskFull, "/rec/a.mkv: x").context("record"));
  CHECK(full.ja.find("ディスクがいっぱい") != std::string::npos);
  const Text rejected = explain(trouble(Trouble::Rejected, "Server error: no such stream"));
  CHECK(rejected.en.find("The server said: Server error: no such stream") != std::string::npos);
  CHECK(rejected.ja.find("no such stream") != std::string::npos);
  const Text refused = explain(trouble(Trouble::Refused, "Connection refused"));
  CHECK(refused.en.find("Connection refused") == std::string::npos);
}

TEST_CASE("a name that does not exist says so") {
  const std::atomic<bool> stop{false};
  CHECK(look_up("127.0.0.1", 1935, stop, Duration::seconds(5)));
  const auto nobody = look_up("nobody.invalid", 1935, stop, Duration::seconds(5));
  REQUIRE_FALSE(nobody);
  CHECK(nobody.error().kind == ErrorKind::TryLater);
  CHECK(nobody.error().message.find("nobody.invalid") != std::string::npos);
}

TEST_CASE("a port answers although the first address of its name never does") {
  const std::atomic<bool> stop{false};
  const FullListener dead;
  const TcpServer good([](TcpServer& s, int fd) { s.stay_silent(fd); });
  auto silent = look_up("127.0.0.1", dead.port, stop, Duration::seconds(30));
  const auto answering = look_up("127.0.0.1", good.port(), stop, Duration::seconds(30));
  REQUIRE(silent);
  REQUIRE(answering);
  CHECK_FALSE(port_answers(*silent, "", stop, Duration::milliseconds(300)));
  silent->insert(silent->end(), answering->begin(), answering->end());
  CHECK(port_answers(*silent, "", stop, Duration::seconds(30)));
}
