// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/loss_count.h"

#include <doctest/doctest.h>

using namespace kakehashi;

namespace {

constexpr Duration kPeriod = Duration::milliseconds(33);

Duration ms(double v) { return Duration::from_seconds(v / 1000); }

// A steady camera: pictures [from, to) each fetched after `age`.
void steady(LossCount& c, std::uint64_t from, std::uint64_t to, double age) {
  for (std::uint64_t n = from; n < to; ++n) c.picture(n, ms(age), kPeriod);
}

}  // namespace

TEST_CASE("a gap between fresh pictures is the device's") {
  LossCount c;
  steady(c, 0, 100, 5);
  steady(c, 101, 150, 6);
  CHECK(c.lost() == 1);
  CHECK(c.fetched_late() == 0);
}

TEST_CASE("a gap behind pictures that waited is this computer's") {
  LossCount c;
  steady(c, 0, 100, 5);
  // Held up for 250 ms: four buffers were full, three pictures found none.
  for (int i = 0; i < 4; ++i)
    c.picture(static_cast<std::uint64_t>(100 + i), ms(250 - 33 * i), kPeriod);
  steady(c, 107, 150, 5);
  CHECK(c.lost() == 3);
  CHECK(c.fetched_late() == 3);
  // Long after it the device loses one by itself.
  steady(c, 151, 160, 5);
  CHECK(c.lost() == 4);
  CHECK(c.fetched_late() == 3);
}

TEST_CASE("a computer that is too slow all the time loses them by itself") {
  LossCount c;
  steady(c, 0, 6, 5);
  for (std::uint64_t n = 6; n < 60; n += 2) c.picture(n, ms(120), kPeriod);
  CHECK(c.lost() > 20);
  CHECK(c.fetched_late() >= c.lost() - 1);
}

TEST_CASE(
    "a camera whose pictures are always late by their own way is not blamed on this computer") {
  LossCount c;
  steady(c, 0, 50, 90);
  steady(c, 55, 80, 90);
  CHECK(c.lost() == 5);
  CHECK(c.fetched_late() == 0);
}

TEST_CASE("a picture that came at once does not make waiting ones of the others") {
  LossCount c;
  c.picture(0, ms(1), kPeriod);
  steady(c, 1, 50, 35);
  steady(c, 52, 80, 35);
  CHECK(c.lost() == 2);
  CHECK(c.fetched_late() == 0);
}

TEST_CASE("starting, counting anew and an unknown period lose nothing or blame nobody") {
  LossCount c;
  c.picture(3, ms(5), kPeriod);
  c.picture(7, ms(5), kPeriod);
  steady(c, 8, 20, 5);
  steady(c, 0, 20, 5);
  CHECK(c.lost() == 0);
  LossCount unknown;
  for (std::uint64_t n = 0; n < 20; n += 2) unknown.picture(n, ms(n == 10 ? 300 : 5), {});
  CHECK(unknown.lost() > 0);
  CHECK(unknown.fetched_late() == 0);
}
