// SPDX-License-Identifier: GPL-3.0-or-later
// HTTP, and what the operator reads when an address does not work.
#include <atomic>
#include <fstream>

#include "tests/capture/network_rig.h"
#include "tests/support/tcp_server.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;

TEST_CASE("HTTP: MPEG-TS and HLS, at their own speed however fast they are sent") {
  TempDir dir;
  make_film(40, {"-f", "mpegts", dir / "film.ts"});
  make_film(40, {"-f", "hls", "-hls_time", "2", "-hls_list_size", "0", dir / "film.m3u8"});
  TcpServer server(http_folder(dir.path()));
  const std::string base = "http://127.0.0.1:" + std::to_string(server.port());
  for (const char* file : {"/film.ts", "/film.m3u8"}) {
    CAPTURE(file);
    SourceRig rig;
    rig.oldest = Duration::seconds(2);
    auto source = open_soon(rig, {{"uri", base + file}});
    REQUIRE(source);
    const MediaTime before = rig.clock.now();
    CHECK(together(rig, *source));
    // 30 a second, not as fast as the disk is.
    const double seconds = (rig.clock.now() - before).to_seconds();
    CHECK(static_cast<double>(rig.video.captured()) < 30 * (seconds + 4));
  }
}

TEST_CASE("causes are told apart") {
  TempDir dir;
  make_film(1, {"-f", "mpegts", dir / "film.ts"});
  std::ofstream(dir / "page.html") << "<html><body>" << std::string(5000, ' ') << "</body></html>";
  TcpServer open_server(http_folder(dir.path()));
  // "staff:himitsu" (RFC 7617)
  TcpServer closed_server(http_folder(dir.path(), "Basic c3RhZmY6aGltaXRzdQ=="));
  const auto at = [](const TcpServer& s) { return "http://127.0.0.1:" + std::to_string(s.port()); };
  SourceRig rig;
  rig.oldest = Duration::seconds(2);
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
  auto opened = rig.open(
      "network",
      {{"uri", at(closed_server) + "/film.ts"}, {"user", "staff"}, {"password_key", "right"}});
  CHECK(opened.ok());
}

TEST_CASE("HTTP: an MP4 film, its index in front or at its end, behind a redirection") {
  TempDir dir;
  make_film(20, {"-movflags", "faststart", dir / "front.mp4"});
  make_film(20, {dir / "end.mp4"});
  TcpServer films(http_folder(dir.path()));
  const std::string base = "http://127.0.0.1:" + std::to_string(films.port());
  TcpServer elsewhere([&](TcpServer&, int fd) {
    const std::string request = TcpServer::hear(fd, 1000);
    const std::size_t from = request.find(' ') + 1;
    TcpServer::say(fd, "HTTP/1.1 302 Found\r\nLocation: " + base +
                           request.substr(from, request.find(' ', from) - from) +
                           "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  });
  for (const char* file : {"/front.mp4", "/end.mp4"}) {
    CAPTURE(file);
    SourceRig rig;
    rig.oldest = Duration::seconds(2);
    auto source =
        open_soon(rig, {{"uri", "http://127.0.0.1:" + std::to_string(elsewhere.port()) + file}});
    REQUIRE(source);
    CHECK(rig.watch(*source, 20).size() == 20);
    CHECK(listen(rig, rig.audio, 0.5).flowing > 40);
  }
}

TEST_CASE("a name that nobody knows, for every kind of address") {
  SourceRig rig;
  for (const char* uri : {"rtsp://no-such-camera.invalid/cam", "rtmp://no-such-camera.invalid/a/b",
                          "https://no-such-camera.invalid/", "srt://no-such-camera.invalid:9000"}) {
    CAPTURE(uri);
    auto opened = rig.open("network", {{"uri", std::string(uri)}});
    REQUIRE_FALSE(opened.ok());
    CAPTURE(opened.error().message);
    CHECK(opened.error().kind == ErrorKind::TryLater);
    CHECK(opened.error().words.en.find("name is not known") != std::string::npos);
  }
}

TEST_CASE("live HLS: what a stall added is told; a film's list is never called late") {
  TempDir dir;
  std::atomic<bool> stalled{false};
  const auto files = http_folder(dir.path());
  TcpServer server([&](TcpServer& s, int fd) {
    while (stalled && !s.stopping()) std::this_thread::sleep_for(10ms);
    files(s, fd);
  });
  auto sender = send_film({"-f", "hls", "-hls_time", "1", "-hls_list_size", "6", "-hls_flags",
                           "delete_segments", dir / "live.m3u8"});
  REQUIRE(wait_until([&] { return !contents_of(dir / "live3.ts").empty(); }, 20s));
  InputFeed feed(feed_config(
      "network", {{"uri", "http://127.0.0.1:" + std::to_string(server.port()) + "/live.m3u8"}}));
  REQUIRE(reaches(feed, SignalState::Live));
  const auto format = [&] { return feed.status(real.now()).format; };
  const auto captured = [&] {
    (void)feed.video().at(real.now());
    return feed.status(real.now()).captured;
  };
  const auto in_hand = captured();
  REQUIRE(wait_until([&] { return captured() > in_hand + 30; }));
  CHECK(format().find('+') == std::string::npos);
  stalled = true;
  // Until what was fetched is used up, and a second and a half more: too short for the watchdog.
  auto last = captured();
  MediaTime moved = real.now();
  REQUIRE(wait_until(
      [&] {
        if (captured() != last) moved = real.now();
        last = captured();
        return real.now() - moved > Duration::milliseconds(1700);
      },
      30s));
  stalled = false;
  CHECK(wait_until([&] { return format().find('+') != std::string::npos; }));
  CHECK(feed.status(real.now()).restarts == 0);
}
