// SPDX-License-Identifier: GPL-3.0-or-later
// Records a moving programme into the folder given until it is killed. Prints the file's path, then
// after every picture how many milliseconds have been handed to the recorder.
#include <cstdio>

#include "programme.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::testing;

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const Canvas canvas{320, 180, {30, 1}};
  EncodeSettings settings;
  settings.video_kbps = 800;
  Programme programme(canvas, settings);
  OutputConfig config;
  config.destination.id = "record";
  config.destination.kind = "mkv";
  config.destination.settings["folder"] = std::string(argv[1]);
  config.stream = programme.description();
  OutputRunner runner(std::move(config));
  if (!wait_until([&] { return !runner.location().empty(); })) return 4;
  std::printf("%s\n", runner.location().c_str());
  MonotonicClock clock;
  const MediaTime zero = clock.now();
  for (std::int64_t n = 0;; ++n) {
    clock.sleep_until(zero + canvas.rate.time_of(n));
    for (const auto& packet : programme.next()) runner.push(packet);
    std::printf("%lld\n", static_cast<long long>(canvas.rate.time_of(n).ns / 1'000'000));
    std::fflush(stdout);
  }
}
