// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/time.h"

#include <doctest/doctest.h>

#include <initializer_list>

using namespace kakehashi;

TEST_CASE("a rate of 30000/1001 does not drift over a day") {
  constexpr Rate rate{30000, 1001};
  constexpr std::int64_t n = 30000LL * 86'400 / 1001;  // pictures of a day
  const double exact = static_cast<double>(n) * 1001.0 / 30000.0;
  CHECK(rate.time_of(n).to_seconds() == doctest::Approx(exact).epsilon(1e-12));
  CHECK(rate.time_of(30000) == Duration::seconds(1001));
}

TEST_CASE("index_at is the inverse of time_of for every rate a programme may have") {
  for (const Rate rate :
       {Rate{30, 1}, Rate{60, 1}, Rate{30000, 1001}, Rate{60000, 1001}, Rate{25, 1}, Rate{50, 1}})
    for (std::int64_t n = -5; n < 5000; ++n) {
      REQUIRE(rate.index_at(rate.time_of(n)) == n);
      REQUIRE(rate.index_at(rate.time_of(n + 1) - Duration{1}) == n);
    }
}

TEST_CASE("equal rates compare equal whatever their fraction") {
  CHECK(Rate{60, 2} == Rate{30, 1});
  CHECK_FALSE(Rate{30000, 1001} == Rate{30, 1});
}

TEST_CASE("sound positions of whole blocks are exact") {
  for (std::int64_t block = 0; block < 100'000; block += 7) {
    const std::int64_t position = block * kBlockSamples;
    REQUIRE(time_of_sample(position) == Duration::milliseconds(block * 10));
    REQUIRE(sample_at(time_of_sample(position)) == position);
  }
}
