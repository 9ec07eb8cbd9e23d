// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/capture/application_rig.h"

using namespace kakehashi;
using namespace kakehashi::testing;

TEST_CASE("one application out of several is heard on PulseAudio") {
  auto pulse = Pulse::start();
  REQUIRE(pulse);
  pulse->use_here();
  check_one_application_is_heard(pulse->environment());
}

TEST_CASE("without a sound server the application's role says so, and finds it when it comes") {
  SourceRig rig;
  setenv("PULSE_SERVER", "unix:/nowhere/native", 1);
  const auto refused = rig.open("application", {{"device", std::string("Meeting")}});
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().words.ja.find("→") != std::string::npos);
  const auto unnamed = rig.open("application", {});
  REQUIRE_FALSE(unnamed.ok());
  CHECK(unnamed.error().kind == ErrorKind::FixInput);

  auto pulse = Pulse::start();
  REQUIRE(pulse);
  pulse->use_here();
  auto source = rig.open("application", {{"device", std::string("Meeting")}});
  REQUIRE(source.ok());
  // It plays nothing yet: silence flows.
  REQUIRE(wait_until([&] { return rig.audio.status(rig.clock.now()).flowing; }));
  pulse.reset();
  CHECK(wait_until([&] { return !(*source)->poll().ok(); }));
}
