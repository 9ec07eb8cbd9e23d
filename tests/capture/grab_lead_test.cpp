// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/grab_lead.h"

#include <doctest/doctest.h>

#include <random>

using namespace kakehashi;

namespace {

struct Settled {
  double lead_ms, missed;
};

// An hour at 30 pictures a second of grabs that take 1.2 ms and a little, and now and then long.
Settled after_an_hour(double usual_ms, double slow_ms, double slow_share) {
  std::mt19937 dice(7);
  std::normal_distribution<double> spread(usual_ms, 0.15);
  std::uniform_real_distribution<double> share(0, 1);
  GrabLead lead(Duration::milliseconds(4), Rate{30, 1}.period());
  int missed = 0, counted = 0;
  double sum = 0;
  for (int n = 0; n < 108'000; ++n) {
    const double ms = share(dice) < slow_share ? slow_ms : spread(dice);
    const auto taken = Duration::from_seconds(ms / 1000);
    if (n > 9'000) {  // settled
      ++counted;
      missed += taken > lead.now();
      sum += lead.now().to_milliseconds();
    }
    lead.learn(taken);
  }
  return {sum / counted, static_cast<double>(missed) / counted};
}

}  // namespace

TEST_CASE("a calm screen is grabbed hardly earlier than its grab takes") {
  const Settled s = after_an_hour(1.2, 1.2, 0);
  CHECK(s.lead_ms < 2.9);
  CHECK(s.lead_ms > 1.7);
  CHECK(s.missed < 0.002);
}

TEST_CASE("rare long grabs move it little, frequent ones are allowed for") {
  const Settled rare = after_an_hour(1.2, 12, 0.001);
  CHECK(rare.lead_ms < 3.5);
  CHECK(rare.missed < 0.003);
  const Settled frequent = after_an_hour(1.2, 9, 0.05);
  CHECK(frequent.missed < 0.006);
  CHECK(frequent.lead_ms > 9);
}

TEST_CASE("it stays within its bounds whatever comes") {
  GrabLead at_60(Duration::milliseconds(4), Rate{60, 1}.period());
  for (int n = 0; n < 1000; ++n) at_60.learn(Duration::seconds(1));
  CHECK(at_60.now() == Duration::milliseconds(14));
  GrabLead lead(Duration::milliseconds(4), Rate{30, 1}.period());
  for (int n = 0; n < 1000; ++n) lead.learn(Duration::seconds(1));
  CHECK(lead.now().to_milliseconds() == doctest::Approx(25).epsilon(0.001));
  for (int n = 0; n < 100'000; ++n) lead.learn(Duration{});
  CHECK(lead.now() == Duration::microseconds(1500));
}
