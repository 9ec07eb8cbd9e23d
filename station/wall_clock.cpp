// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/wall_clock.h"

#include <ctime>

namespace kakehashi {
namespace {

std::int64_t since_1970() {
  timespec t{};
  clock_gettime(CLOCK_REALTIME, &t);
  return static_cast<std::int64_t>(t.tv_sec) * 1'000'000'000 + t.tv_nsec;
}

}  // namespace

WallTime MachineWallClock::read() const {
  // Interrupted between the two clocks, the thread would read them apart: once more, then.
  std::int64_t before = since_1970();
  MediaTime session = clock_.now();
  std::int64_t after = since_1970();
  for (int i = 0; i < 5 && (after < before || after - before > 200'000); ++i) {
    before = since_1970();
    session = clock_.now();
    after = since_1970();
  }
  const std::time_t seconds = before / 1'000'000'000;
  std::tm local{};
  localtime_r(&seconds, &local);
  return {before + (after - before) / 2 +
          static_cast<std::int64_t>(local.tm_gmtoff) * 1'000'000'000 - session.ns};
}

}  // namespace kakehashi
