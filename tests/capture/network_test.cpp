// SPDX-License-Identifier: GPL-3.0-or-later
// Network sources with real peers: ffmpeg sends, nginx and a small file server hand on.
#include <fstream>

#include "tests/capture/network_rig.h"
#include "tests/support/nginx_rtmp.h"
#include "tests/support/tcp_server.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;

TEST_CASE("SRT: we call, and picture and sound come together") {
  const std::string port = std::to_string(free_port());
  auto sender = send_film({"-f", "mpegts", "srt://127.0.0.1:" + port + "?mode=listener"});
  SourceRig rig;
  auto source = open_soon(rig, {{"uri", "srt://127.0.0.1:" + port + "?mode=caller"}});
  REQUIRE(source);
  const Seen seen = look_and_listen(rig, *source, 4.2);
  CHECK(source->format().find("320x180") == 0);
  CHECK(source->format().find("SRT") != std::string::npos);
  CHECK_TOGETHER(seen);
}

TEST_CASE("SRT: we are called, with a passphrase from the secrets file") {
  const std::string port = std::to_string(free_port());
  SourceRig rig;
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
  auto source = open_soon(rig, {{"uri", server.url() + "/hall"}});
  REQUIRE(source);
  CHECK_TOGETHER(look_and_listen(rig, *source, 4.2));
}

TEST_CASE("HTTP: MPEG-TS and HLS, at their own speed however fast they are sent") {
  TempDir dir;
  make_film(12, {"-f", "mpegts", dir / "film.ts"});
  make_film(12, {"-f", "hls", "-hls_time", "2", "-hls_list_size", "0", dir / "film.m3u8"});
  TcpServer server(http_folder(dir.path()));
  const std::string base = "http://127.0.0.1:" + std::to_string(server.port());
  for (const char* file : {"/film.ts", "/film.m3u8"}) {
    CAPTURE(file);
    SourceRig rig;
    auto source = open_soon(rig, {{"uri", base + file}});
    REQUIRE(source);
    const Seen seen = look_and_listen(rig, *source, 4.2);
    CHECK_TOGETHER(seen);
    // 30 a second, not as fast as the disk is.
    CHECK(rig.video.captured() < 240);
  }
}

TEST_CASE("causes are told apart") {
  TempDir dir;
  make_film(1, {"-f", "mpegts", dir / "film.ts"});
  std::ofstream(dir / "page.html") << "<html><body>" << std::string(5000, ' ') << "</body></html>";
  TcpServer open_server(http_folder(dir.path()));
  // "staff:himitsu" (RFC 7617)
  TcpServer closed_server(http_folder(dir.path(), "Basic c3RhZmY6aGltaXRzdQ=="));
  const auto at = [](const TcpServer& s) {
    return "http://127.0.0.1:" + std::to_string(s.port());
  };
  SourceRig rig;
  rig.context.secret = [](const std::string& name) -> std::optional<Secret> {
    return Secret(name == "right" ? "himitsu" : "machigai");
  };
  struct Row {
    Settings settings;
    ErrorKind kind;
    std::string words;
  };
  const std::vector<Row> rows{
      {{{"uri", "http://no-such-camera.invalid/"}}, ErrorKind::TryLater, "name"},
      {{{"uri", "rtsp://127.0.0.1:" + std::to_string(free_port()) + "/"}},
       ErrorKind::TryLater,
       "refuses"},
      {{{"uri", at(open_server) + "/nothing.ts"}}, ErrorKind::NotFound, "no such stream"},
      {{{"uri", at(open_server) + "/page.html"}}, ErrorKind::Unsupported, "format"},
      {{{"uri", at(closed_server) + "/film.ts"}}, ErrorKind::FixSetup, "password"},
      {{{"uri", at(closed_server) + "/film.ts"}, {"user", "staff"}, {"password_key", "wrong"}},
       ErrorKind::FixSetup,
       "password"},
      {{{"uri", "srt://127.0.0.1"}}, ErrorKind::FixInput, "address"},
      {{{"uri", "not an address"}}, ErrorKind::FixInput, "address"},
  };
  for (const Row& row : rows) {
    CAPTURE(std::get<std::string>(row.settings.at("uri")));
    auto opened = rig.open("network", row.settings);
    REQUIRE_FALSE(opened.ok());
    CAPTURE(opened.error().message);
    CHECK(opened.error().kind == row.kind);
    CHECK(opened.error().words.en.find(row.words) != std::string::npos);
    CHECK_FALSE(opened.error().words.ja.empty());
    CHECK(opened.error().message.find("machigai") == std::string::npos);
  }
  auto opened = rig.open("network", {{"uri", at(closed_server) + "/film.ts"},
                                     {"user", "staff"},
                                     {"password_key", "right"}});
  CHECK(opened.ok());
}

TEST_CASE("a phone sends to us, goes, and is there again when it comes back") {
  InputFeed feed(feed_config("rtmp_push", {{"stream", "phone1"}, {"port", push_port()}}));
  REQUIRE(reaches(feed, SignalState::Lost));
  const std::string url = "rtmp://127.0.0.1:" + std::to_string(push_port()) + "/live/";
  CHECK(feed.status(real.now()).reason.en.find("/live/phone1") != std::string::npos);
  // A name nobody waits for.
  auto stranger = send_film({"-f", "flv", url + "phone9"});
  const auto refused = stranger->wait(10s);
  REQUIRE(refused.has_value());
  CHECK(*refused != 0);
  for (int visit = 0; visit < 2; ++visit) {
    CAPTURE(visit);
    auto phone = send_film({"-f", "flv", url + "phone1"});
    REQUIRE(reaches(feed, SignalState::Live));
    CHECK(feed.status(real.now()).format.find("320x180") == 0);
    // A second phone under the same name is turned away, the first stays.
    auto second = send_film({"-f", "flv", url + "phone1"});
    const auto code = second->wait(10s);
    REQUIRE(code.has_value());
    CHECK(*code != 0);
    CHECK(feed.status(real.now()).signal == SignalState::Live);
    phone->signal(SIGKILL);
    CHECK(reaches(feed, SignalState::Lost, 3s));
  }
  CHECK(feed.status(real.now()).reason.en.find("/live/phone1") != std::string::npos);
}
