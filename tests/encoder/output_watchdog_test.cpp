// SPDX-License-Identifier: GPL-3.0-or-later
// Attempts that hang, peers that are dead, and what others notice of it: nothing.
#include <thread>

#include <doctest/doctest.h>

#include "puppet_output.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

TEST_CASE("an attempt that hangs for good is left behind and another one made") {
  for (const bool opening : {true, false}) {
    CAPTURE(opening);
    Puppet puppet;
    const OutputKind row = puppet.row(true);
    {
      OutputConfig config = config_for(row);
      config.open_limit = config.call_limit = 200ms;
      OutputRunner runner(std::move(config));
      if (opening) {
        REQUIRE(wait_until([&] { return state_of(runner) == OutputState::Live; }));
        puppet.hangs_opening = puppet.broken = true;
        runner.push(packet(0, true));
      } else {
        REQUIRE(wait_until([&] { return state_of(runner) == OutputState::Live; }));
        puppet.deaf = true;
        runner.push(packet(0, true));
      }
      const int tried = puppet.tried;
      // Told once, then tried again beside what hangs; the operator reads why.
      CHECK(wait_until([&] { return puppet.tried > tried + (opening ? 1 : 0); }));
      if (opening) CHECK_FALSE(status_of(runner).reason.ja.empty());
      puppet.hangs_opening = puppet.broken = puppet.deaf = false;
      REQUIRE(wait_until([&] { return state_of(runner) == OutputState::Live; }));
      // What comes back late touches nothing: one output is open, and it gets the packets.
      CHECK(wait_until([&] { return puppet.alive == 1; }));
      const int before = puppet.written;
      for (int i = 0; i < 10; ++i) runner.push(packet(1000 + i * 33, i == 0));
      CHECK(wait_until([&] { return puppet.written == before + 10; }));
      CHECK(status_of(runner).video_packets >= 10);
    }
    CHECK(puppet.alive == 0);
  }
}

TEST_CASE("no more than three are left behind, and a stop still returns at once") {
  Puppet puppet;
  puppet.hangs_opening = true;
  const OutputKind row = puppet.row(true);
  OutputConfig config = config_for(row);
  config.open_limit = config.call_limit = 20ms;
  auto runner = std::make_unique<OutputRunner>(std::move(config));
  REQUIRE(wait_until([&] { return puppet.tried == 3; }));
  const auto begin = SteadyClock::now();
  runner.reset();
  CHECK(seconds_since(begin) < 1.2);
  CHECK(puppet.tried <= 4);
  puppet.hangs_opening = false;
  CHECK(wait_until([&] { return puppet.opened == puppet.tried && puppet.alive == 0; }));
}

TEST_CASE("a peer that confirms nothing is known to be dead, by default within 8 s") {
  CHECK(OutputConfig{}.deaf_limit + 500ms <= 8s);
  Puppet puppet;
  const OutputKind row = puppet.row(true);
  OutputConfig config = config_for(row);
  config.deaf_limit = 400ms;
  OutputRunner runner(std::move(config));
  REQUIRE(wait_until([&] { return state_of(runner) == OutputState::Live; }));
  puppet.unconfirmed = true;
  const auto begin = SteadyClock::now();
  // What is given to the kernel grows with every packet, what is confirmed does not.
  int n = 0;
  while (state_of(runner) == OutputState::Live && seconds_since(begin) < 20) {
    runner.push(packet(n * 33, n % 60 == 0));
    ++n;
    std::this_thread::sleep_for(20ms);
  }
  CHECK(state_of(runner) == OutputState::Reconnecting);
  CHECK(status_of(runner).reason.ja.find("回線が詰まって") != std::string::npos);
}

TEST_CASE("a wedged one costs the others nothing") {
  Puppet well, wedged;
  wedged.deaf = true;
  const OutputKind well_row = well.row(true), wedged_row = wedged.row(true);
  std::atomic<int> asked{0};
  OutputConfig config = config_for(wedged_row);
  config.want_keyframe = [&] { ++asked; };
  OutputRunner other(std::move(config));
  OutputRunner runner(config_for(well_row));
  REQUIRE(wait_until([&] {
    return state_of(runner) == OutputState::Live && state_of(other) == OutputState::Live;
  }));
  auto longest = SteadyClock::duration::zero();
  for (int i = 0; i < 600; ++i) {
    const auto begin = SteadyClock::now();
    const PacketPtr p = packet(i * 33, i % 60 == 0);
    other.push(p);
    runner.push(p);
    longest = std::max(longest, SteadyClock::now() - begin);
    REQUIRE(wait_until([&] { return well.written == i + 1; }));
  }
  CHECK(status_of(runner).dropped == 0);
  CHECK(status_of(other).dropped > 400);
  CHECK(asked == 1);       // at its start; a line that does not move asks for no IDR
  CHECK(longest < 500ms);  // a push never waits; only the machine may be busy
  wedged.deaf = false;
}

TEST_CASE("the rate control sees the connection, its figures and what waits") {
  Puppet puppet;
  puppet.unconfirmed = true;
  const OutputKind row = puppet.row(true);
  OutputRunner runner(config_for(row));
  MonotonicClock clock;
  REQUIRE(wait_until([&] { return state_of(runner) == OutputState::Live; }));
  CHECK(runner.line(clock.now()).connection == 1);
  runner.push(packet(0, true));
  REQUIRE(wait_until([&] { return runner.line(clock.now()).wire.unacked == 1000; }));
  CHECK(status_of(runner).rtt_ms == 1);
  puppet.stuck = true;
  for (int i = 1; i < 6; ++i) runner.push(packet(i * 33));
  CHECK(wait_until([&] { return runner.line(clock.now()).queued == 4000; }));
  puppet.broken = true;
  puppet.stuck = false;
  CHECK(wait_until([&] { return runner.line(clock.now()).connection == 0; }));
  puppet.broken = false;
  REQUIRE(wait_until([&] { return state_of(runner) == OutputState::Live; }));
  CHECK(runner.line(clock.now()).connection == 2);
  CHECK(runner.line(clock.now()).wire.at.ns == 0);  // the old socket's figures are gone
}
