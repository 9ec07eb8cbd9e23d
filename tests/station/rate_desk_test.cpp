// SPDX-License-Identifier: GPL-3.0-or-later
// Which line leads an encode, what the encode is told, and what the operator reads.
#include "station/rate_desk.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "tests/support/manual_clock.h"
#include "tests/support/wait.h"

using namespace kakehashi;

namespace {

constexpr RateLimits kMain{4000, 1000, 160}, kLight{1500, 600, 160};

// Lines in numbers: each takes up to `kbps` of what its encode makes, the rest waits.
struct Wire {
  std::string id, encode;
  bool leads = false, spare = false;
  double kbps = 10'000;
  std::uint64_t connection = 1, dropped = 0;
  double made = 0, taken = 0;
};

struct Hand {
  std::vector<Wire> wires;
  std::map<std::string, RateDecision> told;
  testing::ManualClock clock;
  RateDesk desk{clock, [this] { return lines(); }};

  std::vector<RateLine> lines() {
    std::vector<RateLine> out;
    for (Wire& w : wires)
      out.push_back({w.id, w.encode, w.leads, w.spare, w.encode == "light" ? kLight : kMain,
                     [&w](MediaTime now) {
                       LineSample s{now, w.connection, {}, 0, w.dropped};
                       s.wire = {now,
                                 static_cast<std::uint64_t>(w.made),
                                 static_cast<std::uint64_t>(w.made - w.taken),
                                 0,
                                 0,
                                 5,
                                 5};
                       return s;
                     },
                     [this, e = w.encode](const RateDecision& d) { told[e] = d; }});
    return out;
  }
  void run(double seconds) {
    for (int i = 0; i < static_cast<int>(seconds * 10); ++i) {
      clock.advance(LineWatch::kEvery);
      for (Wire& w : wires) {
        const int kbps = told.contains(w.encode) ? told[w.encode].video_kbps : 4000;
        w.made += (kbps + 160) * 12.5;
        w.taken = std::min(w.made, w.taken + w.kbps * 12.5);
      }
      desk.step(clock.now());
    }
  }
  Wire& wire(const std::string& id) {
    return *std::find_if(wires.begin(), wires.end(), [&](const Wire& w) { return w.id == id; });
  }
  OutputStatus status(const std::string& id) {
    Snapshot s;
    s.outputs.resize(1);
    s.outputs[0].id = id;
    s.outputs[0].state = OutputState::Live;
    desk.report(s);
    return s.outputs[0];
  }
};

}  // namespace

TEST_CASE("the marked line leads its encode; the words say what is done") {
  Hand hand;
  hand.wires = {{"public", ""}, {"hall", "", true}, {"light", "light"}};
  hand.run(3);
  CHECK(hand.status("hall").lead);
  CHECK_FALSE(hand.status("public").lead);
  CHECK(hand.status("light").lead);
  CHECK(hand.status("hall").line == LineWord::Ample);
  CHECK(hand.status("hall").reason == Text{});
  CHECK(hand.status("hall").delivered_kbps == doctest::Approx(4160).epsilon(0.02));
  CHECK(hand.told[""] == RateDecision{4000, false});

  hand.wire("hall").kbps = 2000;
  hand.run(3);
  CHECK(hand.told[""].video_kbps < 2200);  // where it feels for more, one step above the line
  CHECK(hand.told["light"] == RateDecision{1500, false});
  CHECK(hand.status("hall").line == LineWord::Tight);
  CHECK(hand.status("hall").reason.ja.find("画質を下げて") != std::string::npos);
  CHECK(hand.status("public").line == LineWord::Ample);

  Snapshot s;
  s.encodes.resize(1);
  s.encodes[0].id = "main";
  s.encodes[0].target_kbps = 4000;
  hand.desk.report(s);
  CHECK(s.encodes[0].target_kbps == hand.told[""].video_kbps);

  hand.wire("hall").kbps = 10'000;
  hand.run(8);
  CHECK(hand.told[""].video_kbps == 4000);
  CHECK(hand.status("hall").line == LineWord::Ample);
}

TEST_CASE("a line that does not lead lowers nobody's bitrate") {
  Hand hand;
  hand.wires = {{"public", ""}, {"second", ""}};
  hand.run(3);
  hand.wire("second").kbps = 1000;
  hand.run(2);
  CHECK(hand.told[""] == RateDecision{4000, false});
  CHECK(hand.status("second").line == LineWord::Tight);
  CHECK(hand.status("second").reason.ja.find("遅れています") != std::string::npos);
  hand.wire("second").dropped = 60;
  hand.run(1);
  CHECK(hand.status("second").line == LineWord::Short);
  CHECK(hand.status("second").reason.ja.find("間引いて") != std::string::npos);
  CHECK(hand.status("public").line == LineWord::Ample);
}

TEST_CASE(
    "while the leading line is away another one leads, spare ones last; then it leads again") {
  Hand hand;
  hand.wires = {{"spare", "", false, true}, {"public", ""}, {"hall", "", true}};
  hand.run(3);
  hand.wire("hall").connection = 0;
  hand.run(1);
  CHECK(hand.status("public").lead);
  CHECK(hand.status("hall").line == LineWord::None);
  hand.wire("public").connection = 0;
  hand.run(1);
  CHECK(hand.status("spare").lead);
  hand.wire("spare").kbps = 2000;
  hand.run(2);
  CHECK(hand.told[""].video_kbps < 2000);
  hand.wire("hall").connection = 2;
  hand.run(1.5);
  CHECK(hand.status("hall").lead);
  hand.run(8);
  CHECK(hand.told[""].video_kbps == 4000);
}

TEST_CASE("nobody connected changes nothing; off air the encode gets all its bits back") {
  Hand hand;
  hand.wires = {{"public", ""}};
  hand.run(3);
  hand.wire("public").kbps = 1500;
  hand.run(3);
  const RateDecision held = hand.told[""];
  CHECK(held.video_kbps < 1500);
  hand.wire("public").connection = 0;
  hand.run(5);
  CHECK(hand.told[""].video_kbps <= 1500);  // the line that comes back is likely the same
  hand.wires.clear();
  hand.run(0.2);
  CHECK(hand.told[""] == RateDecision{4000, false});
  hand.told.clear();
  hand.run(1);
  CHECK(hand.told.empty());
}

TEST_CASE("below the floor the operator reads that pictures are left out") {
  Hand hand;
  hand.wires = {{"public", ""}};
  hand.run(3);
  hand.wire("public").kbps = 700;
  hand.run(10);
  CHECK(hand.told[""].half_rate);
  CHECK(hand.status("public").line == LineWord::Short);
}

TEST_CASE("its thread looks by itself and ends at once") {
  std::atomic<int> looks{0};
  MonotonicClock clock;
  RateDesk desk(clock, [&] {
    ++looks;
    return std::vector<RateLine>{};
  });
  desk.start();
  CHECK(testing::wait_until([&] { return looks >= 3; }));
}
