// SPDX-License-Identifier: GPL-3.0-or-later
// SRT against ffmpeg on the other side: what arrives, encrypted or not, who may call whom, what is
// said when it does not work.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <sstream>

#include <doctest/doctest.h>

#include "core/log.h"
#include "programme.h"
#include "tests/support/process.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::testing;

namespace {

const Canvas kCanvas{320, 180, {30, 1}};
constexpr const char* kPassphrase = "canary-passphrase-81c3";

EncodeSettings small_settings() {
  EncodeSettings s;
  s.video_kbps = 800;
  return s;
}

int free_udp_port() {
  const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_in a{};
  a.sin_family = AF_INET;
  a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof a;
  REQUIRE(::bind(fd, reinterpret_cast<sockaddr*>(&a), size) == 0);
  REQUIRE(::getsockname(fd, reinterpret_cast<sockaddr*>(&a), &size) == 0);
  ::close(fd);
  return ntohs(a.sin_port);
}

OutputConfig config_for(const Programme& programme, int port, bool listener, bool secret) {
  OutputConfig config;
  config.destination.id = "hall_b";
  config.destination.kind = "srt";
  config.destination.settings["url"] =
      std::string(listener ? "srt://:" : "srt://127.0.0.1:") + std::to_string(port);
  if (listener) config.destination.settings["mode"] = std::string("listener");
  if (secret) config.key = Secret(kPassphrase);
  config.stream = programme.description();
  return config;
}

// Receives `seconds` of the stream into `file`.
std::unique_ptr<Process> receiver(int port, bool listens, bool secret, const std::string& file,
                                  const std::string& seconds = "3") {
  std::string url = "srt://127.0.0.1:" + std::to_string(port) +
                    (listens ? "?mode=listener" : "?mode=caller&connect_timeout=20000");
  if (secret) url += std::string("&passphrase=") + kPassphrase;
  return Process::start({"ffmpeg", "-v", "error", "-nostdin", "-y", "-analyzeduration", "500000",
                         "-i", url, "-map", "0", "-c", "copy", "-t", seconds, file});
}

std::string streams_of(const std::string& file) {
  std::string out;
  run({"ffprobe", "-v", "error", "-count_frames", "-show_entries",
       "stream=codec_name,width,sample_rate,nb_read_frames", "-of", "csv=p=0", file},
      &out);
  return out;
}

}  // namespace

TEST_CASE("as caller, encrypted: a receiver decodes picture and sound from the first keyframe") {
  TempDir folder;
  Programme programme(kCanvas, small_settings());
  const int port = free_udp_port();
  auto ffmpeg = receiver(port, true, true, folder / "got.ts");
  OutputRunner runner(config_for(programme, port, false, true));
  Player player(programme, kCanvas.rate, {&runner});
  REQUIRE(wait_until([&] { return runner.status({}).state == OutputState::Live; }));
  CHECK(ffmpeg->wait() == 0);
  const std::string streams = streams_of(folder / "got.ts");
  CHECK(streams.find("h264,320") != std::string::npos);
  CHECK(streams.find("aac,48000") != std::string::npos);
  std::string errors;
  run({"sh", "-c", "ffmpeg -v error -i " + (folder / "got.ts") + " -f null - 2>&1"}, &errors);
  CHECK(errors == "");
}

TEST_CASE("a receiver that goes away is called again") {
  TempDir folder;
  Programme programme(kCanvas, small_settings());
  const int port = free_udp_port();
  auto first = receiver(port, true, false, folder / "a.ts", "1");
  OutputRunner runner(config_for(programme, port, false, false));
  Player player(programme, kCanvas.rate, {&runner});
  CHECK(first->wait() == 0);
  REQUIRE(wait_until([&] { return runner.status({}).state == OutputState::Reconnecting; }));
  CHECK(!runner.status({}).reason.ja.empty());
  auto second = receiver(port, true, false, folder / "b.ts", "1");
  CHECK(second->wait() == 0);
  CHECK(runner.status({}).reconnects >= 1);
}

TEST_CASE("as listener: waits for whoever calls, and two receivers get the same") {
  TempDir folder;
  Programme programme(kCanvas, small_settings());
  const int port = free_udp_port();
  OutputRunner runner(config_for(programme, port, true, false));
  Player player(programme, kCanvas.rate, {&runner});
  CHECK(runner.status({}).state == OutputState::Connecting);
  auto a = receiver(port, false, false, folder / "a.ts", "5");
  REQUIRE(wait_until([&] { return runner.status({}).state == OutputState::Live; }));
  auto b = receiver(port, false, false, folder / "b.ts", "2");
  CHECK(a->wait() == 0);
  CHECK(b->wait() == 0);
  for (const char* name : {"a.ts", "b.ts"})
    CHECK(streams_of(folder / name).find("h264,320") != std::string::npos);
}

TEST_CASE("a wrong passphrase is said, and never printed") {
  TempDir folder;
  Programme programme(kCanvas, small_settings());
  const int port = free_udp_port();
  auto ffmpeg =
      Process::start({"ffmpeg", "-v", "quiet", "-nostdin", "-y", "-analyzeduration", "500000", "-i",
                      "srt://127.0.0.1:" + std::to_string(port) +
                          "?mode=listener&passphrase=another-one-altogether",
                      "-c", "copy", folder / "none.ts"});
  OutputRunner runner(config_for(programme, port, false, true));
  // Nobody may be there yet at the first attempt.
  REQUIRE(
      wait_until([&] { return runner.status({}).reason.ja.find("合言葉") != std::string::npos; }));
  const OutputStatus status = runner.status({});
  CHECK(status.state == OutputState::Reconnecting);
  CHECK(status.reason.en.find(kPassphrase) == std::string::npos);
}

TEST_CASE("what can never work is said at once") {
  Programme programme(kCanvas, small_settings());
  for (const char* url : {"srt://host", "srt://:0", "http://a:1", "srt://h:99999",
                          "srt://h:1?passphrase=abc", "srt://:9000"}) {
    CAPTURE(url);
    auto config = config_for(programme, 1, false, false);
    config.destination.settings["url"] = std::string(url);
    OutputRunner runner(std::move(config));
    CHECK(wait_until([&] { return runner.status({}).state == OutputState::Failed; }));
  }
}

TEST_CASE("stopping returns at once, while connecting, waiting and live") {
  Programme programme(kCanvas, small_settings());
  for (const bool listener : {false, true}) {
    CAPTURE(listener);
    OutputRunner runner(config_for(programme, free_udp_port(), listener, false));
    const auto begin = std::chrono::steady_clock::now();
    runner.stop();
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(1));
    CHECK(runner.status({}).state == OutputState::Standby);
  }
}

TEST_CASE("the line's figures come from the connection itself") {
  TempDir folder;
  Programme programme(kCanvas, small_settings());
  const int port = free_udp_port();
  auto ffmpeg = receiver(port, true, false, folder / "got.ts", "20");
  const OutputKind* row = find_output_kind("srt");
  REQUIRE(row);
  const OutputConfig config = config_for(programme, port, false, false);
  const std::atomic<bool> stop{false};
  WireMeter wire;
  Result<std::unique_ptr<Output>> output = Error{};
  REQUIRE(wait_until([&] {
    output = row->open({"x", config.destination.settings, config.key, config.stream, stop, &wire});
    return bool(output);
  }));
  std::uint64_t given = 0;
  REQUIRE(wait_until([&] {
    for (const auto& packet : programme.next()) {
      REQUIRE((*output)->write(*packet));
      given += packet->data.size();
    }
    const WireFigures f = wire.load();
    return f.at.ns != 0 && f.handed > 100'000 && f.rtt_ms > 0;
  }));
  CHECK(wire.load().handed <= (*output)->bytes());
  CHECK((*output)->bytes() > given);  // what the transport stream adds
  ffmpeg->signal(SIGKILL);
  // Silent from here on: known within the 8 s that every kind has.
  const auto begin = std::chrono::steady_clock::now();
  CHECK(wait_until([&] { return !(*output)->idle(); }));
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(8));
}
