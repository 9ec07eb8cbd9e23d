// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clock.h"

#include <cerrno>
#include <ctime>

namespace kakehashi {

MediaTime MonotonicClock::now() const {
  timespec t{};
  clock_gettime(CLOCK_MONOTONIC, &t);
  return {static_cast<std::int64_t>(t.tv_sec) * 1'000'000'000 + t.tv_nsec};
}

void MonotonicClock::sleep_until(MediaTime deadline) {
  const timespec t{deadline.ns / 1'000'000'000, deadline.ns % 1'000'000'000};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, nullptr) == EINTR) {
  }
}

}  // namespace kakehashi
