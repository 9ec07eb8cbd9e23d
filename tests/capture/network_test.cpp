// SPDX-License-Identifier: GPL-3.0-or-later
// SRT and RTMP with real peers: ffmpeg sends, nginx hands on.
#include "tests/capture/network_rig.h"
#include "tests/support/nginx_rtmp.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;

TEST_CASE("SRT: we call, and picture and sound come together") {
  const std::string port = std::to_string(free_port());
  auto sender = send_film({"-f", "mpegts", "srt://127.0.0.1:" + port + "?mode=listener"});
  SourceRig rig;
  rig.oldest = Duration::seconds(2);
  auto source = open_soon(rig, {{"uri", "srt://127.0.0.1:" + port + "?mode=caller"}});
  REQUIRE(source);
  CHECK(together(rig, *source));
  CHECK(source->format().find("320x180") == 0);
  CHECK(source->format().find("SRT") != std::string::npos);
}

TEST_CASE("SRT: we are called, with a passphrase from the secrets file") {
  const std::string port = std::to_string(free_port());
  SourceRig rig;
  rig.oldest = Duration::seconds(2);
  rig.context.secret = [](const std::string& name) -> std::optional<Secret> {
    if (name != "cam") return std::nullopt;
    return Secret("naisho-naisho");
  };
  const Settings listen{{"uri", "srt://:" + port}, {"password_key", "cam"}};
  {
    auto opened = rig.open("network", listen);
    REQUIRE_FALSE(opened.ok());  // nobody has called
    CHECK(opened.error().words.en.find(":" + port) != std::string::npos);
    CHECK(opened.error().words.en.find("naisho") == std::string::npos);
  }
  {
    auto opened = rig.open("network", {{"uri", "srt://:" + port}, {"password_key", "other"}});
    REQUIRE_FALSE(opened.ok());
    CHECK(opened.error().kind == ErrorKind::FixSetup);
    CHECK(opened.error().words.ja.find("other") != std::string::npos);
  }
  auto sender = send_film(
      {"-f", "mpegts", "srt://127.0.0.1:" + port + "?mode=caller&passphrase=naisho-naisho"});
  auto source = open_soon(rig, listen);
  REQUIRE(source);
  CHECK_FALSE(rig.watch(*source, 10).empty());
}

TEST_CASE("RTMP pull from a server, sound and picture together") {
  NginxRtmp server;
  REQUIRE(server.running());
  auto sender = send_film({"-f", "flv", server.url() + "/hall"});
  SourceRig rig;
  rig.oldest = Duration::seconds(2);
  auto source = open_soon(rig, {{"uri", server.url() + "/hall"}});
  REQUIRE(source);
  CHECK(together(rig, *source));
}

TEST_CASE("SRT with a wrong passphrase stays out, and its text stays in") {
  const std::string port = std::to_string(free_port());
  auto sender = send_film(
      {"-f", "mpegts", "srt://127.0.0.1:" + port + "?mode=listener&passphrase=naisho-naisho"});
  SourceRig rig;
  rig.oldest = Duration::seconds(2);
  rig.context.secret = [](const std::string&) { return Secret("machigai-machigai"); };
  auto opened = rig.open("network", {{"uri", "srt://127.0.0.1:" + port}, {"password_key", "k"}});
  REQUIRE_FALSE(opened.ok());
  CAPTURE(opened.error().message);
  CHECK(opened.error().kind == ErrorKind::FixSetup);
  CHECK(opened.error().words.en.find("password") != std::string::npos);
  CHECK(opened.error().message.find("machigai") == std::string::npos);
}

TEST_CASE("RTMP pull: the sender behind the server begins anew, and its times with it") {
  NginxRtmp server;
  REQUIRE(server.running());
  auto sender = send_film({"-f", "flv", server.url() + "/hall"});
  InputFeed feed(feed_config("network", {{"uri", server.url() + "/hall"}}));
  REQUIRE(reaches(feed, SignalState::Live, 20s));
  const auto captured = [&] {
    (void)feed.video().at(real.now());
    return feed.status(real.now()).captured;
  };
  auto before = captured();
  REQUIRE(wait_until([&] { return captured() > before + 60; }, 20s));
  sender->signal(SIGKILL);
  sender->wait();
  before = captured();
  sender = send_film({"-f", "flv", server.url() + "/hall"});
  CHECK(wait_until([&] { return captured() > before + 60; }, 25s));
  CHECK(reaches(feed, SignalState::Live));
}
