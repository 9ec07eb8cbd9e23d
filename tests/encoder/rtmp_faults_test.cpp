// SPDX-License-Identifier: GPL-3.0-or-later
// Servers that hang, refuse or are not who they say they are: real ones, nginx with its RTMP module
// and openssl's TLS server.
#include <chrono>
#include <filesystem>
#include <thread>

#include <doctest/doctest.h>

#include "rtmp_programme.h"
#include "tests/support/nginx_rtmp.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

namespace {

std::string all_words(const OutputStatus& s) { return s.reason.ja + s.reason.en + s.id; }

}  // namespace

TEST_CASE("a server that stops reading costs old video only, and cannot hold a stop up") {
  NginxRtmp nginx;
  REQUIRE(nginx.running());
  MonotonicClock clock;
  Programme programme(kCanvas, small_settings());
  OutputConfig config = config_for(programme, nginx.url() + "/hall", clock);
  config.key = Secret();  // this server wants none
  OutputRunner runner(std::move(config));
  REQUIRE(wait_until([&] { return runner.status(clock.now()).state == OutputState::Live; }));
  nginx.pause();
  REQUIRE(wait_until([&] {  // faster than real time, until the kernel's buffers are full
    for (const auto& packet : programme.next()) runner.push(packet);
    return runner.status(clock.now()).dropped > 100;
  }));
  CHECK(runner.status(clock.now()).queue_ms <= 6000);
  const auto begin = SteadyClock::now();
  runner.stop();
  CHECK(SteadyClock::now() - begin < 1000ms);
  CHECK(runner.status(clock.now()).state == OutputState::Standby);
  REQUIRE(nginx.recordings().size() == 1);
  CHECK(std::filesystem::path(nginx.recordings()[0]).filename().string().starts_with("hall-"));
}

TEST_CASE("a refused key is told as such, tried again slowly, and shown nowhere") {
  NginxRtmp nginx;
  REQUIRE(nginx.running());
  MonotonicClock clock;
  Programme programme(kCanvas, small_settings());
  OutputRunner runner(config_for(programme, nginx.url("closed"), clock));
  const Player player(programme, kCanvas.rate, {&runner});
  REQUIRE(wait_until([&] {
    return runner.status(clock.now()).state == OutputState::Reconnecting &&
           !runner.status(clock.now()).reason.ja.empty();
  }));
  const OutputStatus s = runner.status(clock.now());
  CHECK(s.reason.ja.find("ストリームキー") != std::string::npos);
  CHECK(all_words(s).find(kKey) == std::string::npos);
}

TEST_CASE("a certificate that nobody vouches for is not accepted") {
  TempDir folder;
  const std::string key = folder.path() + "/key.pem", certificate = folder.path() + "/cert.pem";
  int status = -1;
  const char* make =
      "exec openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext "
      "subjectAltName=DNS:localhost -keyout \"$0\" -out \"$1\" 2>/dev/null";
  output_of({"sh", "-c", make, key, certificate}, &status);
  REQUIRE(status == 0);
  const int port = free_port();
  std::thread server([&] {
    // Ends by itself after three connections at the latest.
    output_of({"timeout", "30", "openssl", "s_server", "-quiet", "-naccept", "3", "-accept",
               "127.0.0.1:" + std::to_string(port), "-key", key, "-cert", certificate});
  });
  MonotonicClock clock;
  Programme programme(kCanvas, small_settings());
  const std::string url = "rtmps://localhost:" + std::to_string(port) + "/live";
  const auto reason_with = [&](const std::string& ca_file) {
    OutputConfig config = config_for(programme, url, clock);
    if (!ca_file.empty()) config.destination.settings["ca_file"] = ca_file;
    OutputRunner runner(std::move(config));
    // Until openssl listens, the port is closed.
    wait_until([&] {
      const Text r = runner.status(clock.now()).reason;
      return !r.en.empty() && r.en.find("not ready") == std::string::npos;
    });
    return runner.status(clock.now()).reason;
  };
  CHECK(reason_with("").en.find("could not prove who it is") != std::string::npos);
  // The same server is believed when its certificate is on the list: then it is the stream that
  // fails, since openssl speaks no RTMP.
  const Text believed = reason_with(certificate);
  CHECK_FALSE(believed.en.empty());
  CHECK(believed.en.find("could not prove who it is") == std::string::npos);
  server.join();
}
