// SPDX-License-Identifier: GPL-3.0-or-later
// RTSP with all it asks for, and formats that cannot be shown or change on the way.
#include <fstream>

#include "tests/capture/network_rig.h"
#include "tests/support/tcp_server.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;

TEST_CASE("what cannot be decoded says so: wrong codec, and a header that claims a huge picture") {
  TempDir dir;
  make_film(1, {"-c:v", "mpeg4", "-f", "mpegts", dir / "codec.ts"});
  make_film(1, {"-s", "8192x64", "-f", "mpegts", dir / "huge.ts"});
  TcpServer server(http_folder(dir.path()));
  for (const char* file : {"/codec.ts", "/huge.ts"}) {
    CAPTURE(file);
    InputFeed feed(feed_config(
        "network", {{"uri", "http://127.0.0.1:" + std::to_string(server.port()) + file}}));
    CHECK(reaches(feed, SignalState::Lost));
    CHECK(wait_until([&] {
      return feed.status(real.now()).reason.en.find("format or size") != std::string::npos;
    }));
    CHECK(feed.status(real.now()).captured == 0);
  }
}

TEST_CASE("another resolution in the middle is followed") {
  TempDir dir;
  make_film(2, {"-f", "mpegts", dir / "small.ts"});
  make_film(8, {"-s", "640x360", "-output_ts_offset", "2", "-f", "mpegts", dir / "large.ts"});
  std::ofstream(dir / "both.ts", std::ios::binary)
      << contents_of(dir / "small.ts") << contents_of(dir / "large.ts");
  TcpServer server(http_folder(dir.path()));
  InputFeed feed(feed_config(
      "network", {{"uri", "http://127.0.0.1:" + std::to_string(server.port()) + "/both.ts"}}));
  const auto width = [&] {
    const PictureAt got = feed.video().at(real.now());
    return got.frame ? got.frame->info().width : 0;
  };
  CHECK(wait_until([&] { return width() == 320; }));
  CHECK(wait_until([&] { return width() == 640; }));
  CHECK(feed.status(real.now()).restarts == 0);
}

TEST_CASE("RTSP with a password from the secrets file, with sound") {
  const std::string port = std::to_string(free_port());
  auto camera = Process::start(
      {RTSP_CAMERA, "--port", port, "--user", "staff", "--password", "himitsu", "--tone", "440"},
      {}, "/dev/null");
  REQUIRE(camera);
  REQUIRE(camera->wait_for("ready"));
  SourceRig rig;
  rig.oldest = Duration::seconds(2);
  rig.context.secret = [](const std::string& name) -> std::optional<Secret> {
    return Secret(name == "cam" ? "himitsu" : "machigai");
  };
  const std::string uri = "rtsp://127.0.0.1:" + port;
  const auto fails = [&](const Settings& settings, ErrorKind kind, const std::string& words) {
    auto opened = rig.open("network", settings);
    REQUIRE_FALSE(opened.ok());
    CAPTURE(opened.error().message);
    CHECK(opened.error().kind == kind);
    CHECK(opened.error().words.en.find(words) != std::string::npos);
    CHECK(opened.error().message.find("machigai") == std::string::npos);
    CHECK(opened.error().message.find("himitsu") == std::string::npos);
  };
  fails({{"uri", uri + "/cam"}}, ErrorKind::FixSetup, "password");
  fails({{"uri", uri + "/cam"}, {"user", "staff"}, {"password_key", "old"}}, ErrorKind::FixSetup,
        "password");
  const Settings right{{"uri", uri + "/cam"}, {"user", "staff"}, {"password_key", "cam"}};
  {
    Settings nowhere = right;
    nowhere["uri"] = uri + "/hall";
    fails(nowhere, ErrorKind::NotFound, "no such stream");
  }
  auto source = open_soon(rig, right);
  REQUIRE(source);
  CHECK(source->format().find("RTSP") != std::string::npos);
  CHECK_FALSE(rig.watch(*source, 15).empty());
  CHECK(in_good_time([&] { return listen(rig, rig.audio, 1.5).share(440, 0.05) > 0.8; }));
}
