// SPDX-License-Identifier: GPL-3.0-or-later
// Roads to a camera that are not the usual ones: IPv6, digest, UDP with loss, a restart on the way.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/capture/network_rig.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;

namespace {

bool ipv6_here() {
  const int fd = ::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in6 a{};
  a.sin6_family = AF_INET6;
  a.sin6_addr = in6addr_loopback;
  const bool yes = fd >= 0 && ::bind(fd, reinterpret_cast<sockaddr*>(&a), sizeof a) == 0;
  if (fd >= 0) ::close(fd);
  return yes;
}

}  // namespace

TEST_CASE("addresses of IPv6") {
  if (!ipv6_here()) {
    MESSAGE("skipped: no IPv6 here");
    return;
  }
  Camera camera({"--host", "::1", "--fps", "10"});
  {
    PatientRig rig;
    auto source = open_soon(rig, {{"uri", camera.uri("[::1]")}});
    REQUIRE(source);
    CHECK(rig.watch(*source, 5).size() == 5);
  }
  const std::string port = std::to_string(free_port());
  auto sender = send_film({"-f", "mpegts", "srt://[::1]:" + port + "?mode=listener"});
  PatientRig rig;
  auto source = open_soon(rig, {{"uri", "srt://[::1]:" + port}});
  REQUIRE(source);
  CHECK(rig.watch(*source, 5).size() == 5);
}

TEST_CASE("RTSP with digest; the password in the address is never said") {
  Camera camera({"--user", "staff", "--password", "himitsu", "--digest", "1", "--fps", "10"});
  PatientRig rig;
  rig.context.secret = [](const std::string& name) {
    return std::optional<Secret>(Secret(name == "right" ? "himitsu" : "machigai"));
  };
  const auto at = [&](const std::string& user) {
    return "rtsp://" + user + "127.0.0.1:" + camera.port + "/cam";
  };
  const std::vector<Settings> wrong{{{"uri", at("")}, {"user", "staff"}, {"password_key", "wrong"}},
                                    {{"uri", at("staff:machigai@")}}};
  for (const Settings& settings : wrong) {
    auto opened = rig.open("network", settings);
    REQUIRE_FALSE(opened.ok());
    CAPTURE(opened.error().message);
    CHECK(opened.error().kind == ErrorKind::FixSetup);
    CHECK(opened.error().words.en.find("password") != std::string::npos);
    CHECK(opened.error().message.find("machigai") == std::string::npos);
  }
  auto source = open_soon(rig, {{"uri", at("")}, {"user", "staff"}, {"password_key", "right"}});
  REQUIRE(source);
  CHECK(rig.watch(*source, 5).size() == 5);
}

TEST_CASE("RTP over UDP: lost packets cost pictures, not the camera") {
  Camera camera({"--loss", "2"});
  InputFeed feed(feed_config("network", {{"uri", camera.uri()}, {"protocol", "udp"}}, false));
  REQUIRE(reaches(feed, SignalState::Live));
  const auto captured = [&] {
    (void)feed.video().at(real.now());
    return feed.status(real.now()).captured;
  };
  const auto before = captured();
  CHECK(wait_until([&] { return captured() > before + 60; }, 20s));
  CHECK(feed.status(real.now()).restarts == 0);
}

TEST_CASE("a camera that restarts comes back, with its clock begun anew") {
  Camera camera({"--fps", "10"});
  InputFeed feed(feed_config("network", {{"uri", camera.uri()}}));
  REQUIRE(reaches(feed, SignalState::Live));
  camera.process->signal(SIGKILL);
  camera.process->wait();
  CHECK(reaches(feed, SignalState::Lost));
  CHECK_FALSE(feed.status(real.now()).reason.ja.empty());
  camera.start({"--fps", "10"});
  CHECK(reaches(feed, SignalState::Live));
}

TEST_CASE("SRT: a sender that asks for much more waiting is given it") {
  const std::string port = std::to_string(free_port());
  auto sender =
      send_film({"-f", "mpegts", "srt://127.0.0.1:" + port + "?mode=listener&latency=1500000"});
  PatientRig rig;
  auto source =
      open_soon(rig, {{"uri", "srt://127.0.0.1:" + port}, {"latency_ms", std::int64_t{20}}});
  REQUIRE(source);
  CHECK(rig.watch(*source, 10).size() == 10);
  CHECK(together(rig, *source));
}
