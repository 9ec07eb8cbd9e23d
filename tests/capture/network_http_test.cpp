// SPDX-License-Identifier: GPL-3.0-or-later
// HTTP, and what the operator reads when an address does not work.
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
