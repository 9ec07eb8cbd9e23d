// SPDX-License-Identifier: GPL-3.0-or-later
// What mix.audio does for the ears allocates nothing; what their own thread does is its own affair.
#include <doctest/doctest.h>

#include <cstdlib>

#include "station/ears_desk.h"
#include "tests/station/hand_feed.h"
#include "tests/support/wait.h"

namespace {
thread_local bool counting = false;
thread_local long allocations = 0;
}  // namespace

extern "C" {
void* __libc_malloc(std::size_t);  // NOLINT(bugprone-reserved-identifier): glibc's real one
void* malloc(std::size_t n) {
  if (counting) ++allocations;
  return __libc_malloc(n);
}
}

using namespace kakehashi;

TEST_CASE("handing blocks to the ears allocates nothing, full or not") {
  const MediaTime epoch{1'000'000'000};
  testing::HandEvent event{epoch};
  Published<Moment> road;
  event.publish(road, initial_state(event.show));
  const auto moment = road.load();
  AudioMixer mixer(*moment->stage->show);
  std::vector<AudioBlock> inputs(1), buses(mixer.bus_list().size());
  EarsDesk desk(road, epoch, true);
  const MixedBlock block{*moment, mixer, inputs, mixer.bus_list(), buses};
  REQUIRE(testing::wait_until([&] {
    desk.hear(block);
    return desk.heard() > 0;
  }));
  counting = true;
  for (int i = 0; i < 1000; ++i) desk.hear(block);
  counting = false;
  CHECK(allocations == 0);
  counting = true;
  int* volatile proof = new int(1);  // volatile: or the compiler leaves the pair out
  counting = false;
  delete proof;
  CHECK(allocations == 1);  // the counter counts
}
