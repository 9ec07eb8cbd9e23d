// SPDX-License-Identifier: GPL-3.0-or-later
// What the tick adds around the mixer, following a camera or not, allocates nothing.
#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>

#include "station/genlock.h"
#include "tests/station/hand_feed.h"

namespace {
std::atomic<bool> counting{false};
std::atomic<long> allocations{0};
}  // namespace

extern "C" {
void* __libc_malloc(std::size_t);  // NOLINT(bugprone-reserved-identifier): glibc's real one
void* malloc(std::size_t n) {
  if (counting) ++allocations;
  return __libc_malloc(n);
}
}

using namespace kakehashi;
using kakehashi::testing::HandEvent;

TEST_CASE("reading cameras by phase and following one allocates nothing") {
  const MediaTime epoch{1'000'000'000};
  HandEvent event{epoch};
  for (int i = 0; i < 2; ++i) event.feeds[static_cast<std::size_t>(i)]->video().follow_pace(true);
  auto stage = std::make_shared<Stage>(*event.stage());
  stage->grid = std::make_shared<TickGrid>(epoch, Rate{30, 1});
  Moment moment{stage, initial_state(event.show)};
  TickClock ticks(epoch, {30, 1}, epoch);
  Genlock genlock;
  std::vector<FramePtr> frames;
  frames.reserve(8);
  MediaTime next = epoch + Duration::milliseconds(11);
  for (int n = 0; n < 900; ++n) {
    while (next <= ticks.time()) {
      event.show_pictures(next);
      next = next + Duration::nanoseconds(33'340'000);
    }
    moment.live.genlock = n > 100 && n < 600;  // free, following, on the way back
    counting = true;
    frames.clear();
    for (const auto& feed : moment.stage->feeds)
      frames.push_back(feed->video().at(ticks.time()).frame);
    genlock.advance(ticks, moment, frames);
    counting = false;
    if (n == 500) CHECK(genlock.status(moment).locked);
  }
  CHECK(allocations == 0);
  counting = true;
  int* volatile proof = new int(1);  // volatile: or the compiler leaves the pair out
  counting = false;
  delete proof;
  CHECK(allocations == 1);  // the counter counts
}
