// SPDX-License-Identifier: GPL-3.0-or-later
// Hours of three destinations with a reconnect every minute, in short: what an hour's 60 reconnects
// leave behind shows as well when they come every few seconds. KAKEHASHI_OUTPUT_ROUNDS=120 is two
// hours' worth (about 10 minutes).
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <doctest/doctest.h>

#include "programme.h"
#include "tests/support/nginx_rtmp.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::testing;

namespace {

const Canvas kCanvas{320, 180, {30, 1}};

// MB resident.
double resident() {
  std::ifstream in("/proc/self/status");
  for (std::string line; std::getline(in, line);)
    if (line.rfind("VmRSS:", 0) == 0) return std::atof(line.c_str() + 6) / 1024;
  return 0;
}

std::size_t descriptors() {
  return static_cast<std::size_t>(
      std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {}));
}

}  // namespace

TEST_CASE("three destinations that reconnect again and again leave nothing behind") {
  const char* wish = std::getenv("KAKEHASHI_OUTPUT_ROUNDS");
  const int rounds = wish ? std::atoi(wish) : 4, settled = std::max(2, rounds / 10);
  NginxRtmp server;
  REQUIRE(server.running());
  EncodeSettings settings;
  settings.video_kbps = 800;
  Programme programme(kCanvas, settings);
  std::vector<std::unique_ptr<OutputRunner>> runners;
  std::vector<OutputRunner*> outputs;
  for (const char* id : {"a", "b", "c"}) {
    OutputConfig config;
    config.destination.id = id;
    config.destination.kind = "rtmp";
    config.destination.settings["url"] = server.url();
    config.key = Secret(std::string("key-of-") + id);
    config.stream = programme.description();
    config.want_keyframe = [&programme] { programme.want_keyframe = true; };
    runners.push_back(std::make_unique<OutputRunner>(std::move(config)));
    outputs.push_back(runners.back().get());
  }
  Player player(programme, kCanvas.rate, outputs);
  const auto all = [&](OutputState state) {
    return wait_until([&] {
      return std::all_of(outputs.begin(), outputs.end(),
                         [&](const OutputRunner* o) { return o->status({}).state == state; });
    });
  };
  double memory = 0;
  std::size_t open = 0;
  for (int round = 0; round < rounds; ++round) {
    REQUIRE(all(OutputState::Live));
    if (round == settled) {
      memory = resident();
      open = descriptors();
    }
    server.kill();
    REQUIRE(all(OutputState::Reconnecting));
    REQUIRE(server.start());
  }
  REQUIRE(all(OutputState::Live));
  for (const OutputRunner* o : outputs)
    CHECK(o->status({}).reconnects >= static_cast<std::uint64_t>(rounds));
  MESSAGE(memory << " MB after " << settled << " rounds, " << resident() << " MB after " << rounds);
  CHECK(resident() < memory + 3);
  CHECK(descriptors() <= open + 2);
}
