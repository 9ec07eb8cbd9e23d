// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/lag_keeper.h"

#include <doctest/doctest.h>

using namespace kakehashi;

namespace {
constexpr Duration ms(std::int64_t n) { return Duration::milliseconds(n); }
constexpr MediaTime kBegin{1'000'000'000};
}  // namespace

TEST_CASE("one hiccup, however long, and a few in a long time change nothing") {
  LagKeeper keeper;
  for (int block = 0; block < 5; ++block)
    CHECK_FALSE(keeper.came_late(ms(40), kBegin + ms(10 * block)));
  for (int i = 0; i < 20; ++i)
    CHECK_FALSE(keeper.came_late(ms(10), kBegin + Duration::seconds(70 + 40 * i)));
  CHECK(keeper.lag() == LagKeeper::kLeast);
}

TEST_CASE("a device that is late again and again gets what it needs, at once and not more") {
  LagKeeper keeper;
  int blocks = 0;
  while (!keeper.came_late(ms(8), kBegin + ms(10 * blocks))) REQUIRE(++blocks < 50);
  CHECK(blocks <= 20);  // sooner than it would be given room of its own (0.3 s)
  CHECK(keeper.lag() == LagKeeper::kLeast + ms(8) + LagKeeper::kMargin);
}

TEST_CASE("a hiccup among small ones does not count for all of them") {
  LagKeeper keeper;
  keeper.came_late(ms(1), kBegin);
  keeper.came_late(ms(50), kBegin + Duration::seconds(1));
  CHECK(keeper.came_late(ms(2), kBegin + Duration::seconds(2)));
  CHECK(keeper.lag() == LagKeeper::kLeast + ms(1) + LagKeeper::kMargin);
}

TEST_CASE("the lag has an end") {
  LagKeeper keeper;
  for (int i = 0; i < 100; ++i) keeper.came_late(ms(30), kBegin + Duration::seconds(i));
  CHECK(keeper.lag() == LagKeeper::kMost);
}
