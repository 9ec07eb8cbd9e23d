// SPDX-License-Identifier: GPL-3.0-or-later
// TLS: only whom this machine or the input's own certificate vouches for.
#include <fstream>

#include "capture/network_address.h"
#include "tests/capture/network_rig.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;

namespace {

// A certificate as cameras make them for themselves: it names no address of this network.
void make_certificate(const TempDir& dir, const std::string& name, const std::string& subject,
                      const std::vector<std::string>& more) {
  std::vector<std::string> command{"openssl",  "req",
                                   "-x509",    "-newkey",
                                   "rsa:2048", "-nodes",
                                   "-days",    "2",
                                   "-subj",    subject,
                                   "-keyout",  dir / (name + ".key"),
                                   "-out",     dir / (name + ".pem")};
  command.insert(command.end(), more.begin(), more.end());
  REQUIRE(run(command) == 0);
  std::ofstream(dir / (name + ".both")) << std::ifstream(dir / (name + ".pem")).rdbuf()
                                        << std::ifstream(dir / (name + ".key")).rdbuf();
}

struct SecureRig : SourceRig {
  TempDir dir;
  SecureRig() {
    oldest = Duration::seconds(3);
    context.media_folder = dir.path();
    make_certificate(dir, "camera", "/CN=Camera 00:11:22",
                     {"-addext", "basicConstraints=CA:FALSE"});
    make_certificate(dir, "other", "/CN=Somebody else", {});
    make_certificate(dir, "here", "/CN=127.0.0.1", {"-addext", "subjectAltName=IP:127.0.0.1"});
    std::ofstream(dir / "page.pem") << "<html>";
  }
  void refused(const Settings& settings, const std::string& words) {
    auto opened = open("network", settings);
    CAPTURE(std::get<std::string>(settings.at("uri")));
    REQUIRE_FALSE(opened.ok());
    CAPTURE(opened.error().message);
    CHECK(opened.error().kind == ErrorKind::FixSetup);
    CHECK(opened.error().words.en.find(words) != std::string::npos);
  }
};

bool answers(const std::string& port) {
  return reach(*parse_network_address("http://127.0.0.1:" + port), Duration::seconds(1)).ok();
}

}  // namespace

TEST_CASE("rtsps: a camera's own certificate is refused until it is named") {
  SecureRig rig;
  const std::string port = std::to_string(free_port());
  auto camera =
      Process::start({RTSP_CAMERA, "--port", port, "--fps", "10", "--tls", rig.dir / "camera.both"},
                     {}, "/dev/null");
  REQUIRE(camera);
  REQUIRE(camera->wait_for("ready"));
  const std::string uri = "rtsps://127.0.0.1:" + port + "/cam";
  rig.refused({{"uri", uri}}, "TLS");
  rig.refused({{"uri", uri}, {"certificate", "other.pem"}}, "TLS");
  rig.refused({{"uri", uri}, {"certificate", "missing.pem"}}, "missing.pem");
  rig.refused({{"uri", uri}, {"certificate", "page.pem"}}, "page.pem");
  auto source = open_soon(rig, {{"uri", uri}, {"certificate", "camera.pem"}});
  REQUIRE(source);
  CHECK(rig.watch(*source, 5).size() == 5);
}

TEST_CASE("https: the same, and the certificate must be this address's") {
  SecureRig rig;
  make_film(20, {"-f", "mpegts", rig.dir / "film.ts"});
  const auto serve = [&](const std::string& certificate, const std::string& port) {
    auto server = Process::start(
        {"sh", "-c",
         "cd " + rig.dir.path() +
             " && exec openssl s_server -quiet -WWW "
             "-accept 127.0.0.1:" +
             port + " -cert " + certificate + ".pem -key " + certificate + ".key </dev/null"},
        {}, "/dev/null");
    REQUIRE(server);
    return server;
  };
  const std::string port = std::to_string(free_port()), strange = std::to_string(free_port());
  auto server = serve("here", port), wrong = serve("camera", strange);
  const std::string uri = "https://127.0.0.1:" + port + "/film.ts";
  REQUIRE(wait_until([&] { return answers(port) && answers(strange); }));
  rig.refused({{"uri", uri}}, "TLS");
  rig.refused({{"uri", "https://127.0.0.1:" + strange + "/film.ts"}, {"certificate", "camera.pem"}},
              "TLS");
  auto source = open_soon(rig, {{"uri", uri}, {"certificate", "here.pem"}});
  REQUIRE(source);
  CHECK(rig.watch(*source, 5).size() == 5);
}

TEST_CASE("rtmps: an unknown authority is refused") {
  SecureRig rig;
  const std::string port = std::to_string(free_port());
  auto server = Process::start({"openssl", "s_server", "-quiet", "-accept", "127.0.0.1:" + port,
                                "-cert", rig.dir / "here.pem", "-key", rig.dir / "here.key"},
                               {}, "/dev/null");
  REQUIRE(server);
  REQUIRE(wait_until([&] { return answers(port); }));
  rig.refused({{"uri", "rtmps://127.0.0.1:" + port + "/live/x"}}, "TLS");
}
