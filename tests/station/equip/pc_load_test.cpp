// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/pc_load.h"

#include <doctest/doctest.h>

using namespace kakehashi;

TEST_CASE("the kernel's files are read, anything else is nothing") {
  const auto t = parse_cpu_times("cpu  100 10 40 800 50 0 0 5 7 8\ncpu0 1 2 3 4\n");
  REQUIRE(t);
  CHECK(t->all == 1005);
  CHECK(t->used == 155);
  CHECK_FALSE(parse_cpu_times(""));
  CHECK_FALSE(parse_cpu_times("intr 5"));
  CHECK_FALSE(parse_cpu_times("cpu 1 2 3"));
  const auto p = parse_pressure(
      "some avg10=1.53 avg60=0.9 avg300=0.2 total=123456789\nfull avg10=0.00 total=4\n");
  REQUIRE(p);
  CHECK(*p == 123456789);
  CHECK_FALSE(parse_pressure(""));
  CHECK_FALSE(parse_pressure("some avg10=1"));
  CHECK_FALSE(parse_pressure("full avg10=0.00 total=4"));
}

TEST_CASE("a PC is too busy when it wakes us late, lets others wait, or never rests") {
  const double period = 1000 / 30.0;
  PcLoad load;
  CHECK_FALSE(too_busy(load, period));
  load.late_ms = 5;
  load.latest_ms = 40;
  load.waiting = 0.2;
  load.busy = 1;  // all of it is ours, and nobody waits
  CHECK_FALSE(too_busy(load, period));
  SUBCASE("often a little late") { load.late_ms = 20; }
  SUBCASE("once for longer than a driver can hold pictures") { load.latest_ms = 120; }
  SUBCASE("others wait half of the time") { load.waiting = 0.6; }
  SUBCASE("a kernel that tells no pressure") { load.waiting = -1; }
  CHECK(too_busy(load, period));
}

TEST_CASE("wakings are counted: one in a hundred may be late") {
  PcLoadWatch watch(MediaTime{0});
  for (int i = 0; i < 1000; ++i) watch.woke(Duration::milliseconds(i % 250 == 0 ? 60 : 1));
  PcLoad load = watch.tell(MediaTime{} + Duration::seconds(1));
  CHECK(load.latest_ms == 60);
  CHECK(load.late_ms <= 2);
  for (int i = 0; i < 30; ++i) watch.woke(Duration::milliseconds(70));
  load = watch.tell(MediaTime{} + Duration::seconds(1));
  CHECK(load.late_ms >= 60);
  CHECK(load.busy >= 0);
  CHECK(load.busy <= 1);
}
