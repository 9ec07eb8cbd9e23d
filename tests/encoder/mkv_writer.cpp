// SPDX-License-Identifier: GPL-3.0-or-later
// Records a moving programme into the folder given, as "mkv" or "fmp4", until it is killed. Prints
// the file's path, then after every picture how many milliseconds have been handed to the recorder.
// Two seconds are encoded once and go round, so that many of these run at a time.
#include <cstdio>
#include <string>

#include "programme.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::testing;

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const Canvas canvas{320, 180, {30, 1}};
  constexpr std::int64_t kRound = 60;  // pictures: one keyframe
  EncodeSettings settings;
  settings.video_kbps = 800;
  Programme programme(canvas, settings);
  std::vector<std::vector<PacketPtr>> round;
  for (std::int64_t n = 0; n < kRound; ++n) round.push_back(programme.next());
  OutputConfig config;
  config.destination.id = "record";
  config.destination.kind = argv[2];
  config.destination.settings["folder"] = std::string(argv[1]);
  config.stream = programme.description();
  OutputRunner runner(std::move(config));
  if (!wait_until([&] { return !runner.location().empty(); })) return 4;
  std::printf("%s\n", runner.location().c_str());
  MonotonicClock clock;
  const MediaTime zero = clock.now();
  for (std::int64_t n = 0;; ++n) {
    clock.sleep_until(zero + canvas.rate.time_of(n));
    for (const auto& packet : round[static_cast<std::size_t>(n % kRound)]) {
      auto later = std::make_shared<EncodedPacket>(*packet);
      later->pts = packet->pts + canvas.rate.time_of(n - n % kRound);
      runner.push(std::move(later));
    }
    std::printf("%lld\n", static_cast<long long>(canvas.rate.time_of(n).ns / 1'000'000));
    std::fflush(stdout);
  }
}
