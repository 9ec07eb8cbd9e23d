// SPDX-License-Identifier: GPL-3.0-or-later
// Two hours in no time: the looks are given, not waited for.
#include "station/equip/burn_in.h"

#include <doctest/doctest.h>

using namespace kakehashi;

namespace {

Input input(const char* id) {
  Input i;
  i.id = id;
  i.name = {id, id};
  return i;
}

struct Hours {
  BurnIn burn_in{{input("cam"), input("mic")}};
  InputStatus cam, mic;
  MachineLook machine{55, 100e9, 0.2};
  int seconds = 0;
  Hours() {
    cam.signal = mic.signal = SignalState::Live;
    cam.fps = 30;
  }
  void run(int minutes) {
    for (int i = 0; i < minutes * 6; ++i, seconds += 10) {
      burn_in.look(MediaTime{seconds * 1'000'000'000LL}, {cam, mic}, machine);
      cam.captured += 300;
      mic.captured += 1000;
    }
  }
  EquipmentItem item(const std::string& id) const {
    const auto all = burn_in.items(true);
    const auto* found = find_by_id(all, id);
    REQUIRE(found);
    return *found;
  }
};

}  // namespace

TEST_CASE("two quiet hours pass") {
  Hours h;
  h.run(120);
  CHECK(h.burn_in.minutes() == doctest::Approx(119.8).epsilon(0.01));
  for (const auto& item : h.burn_in.items(true)) {
    CAPTURE(item.id);
    CHECK(item.verdict == Verdict::Pass);
  }
}

TEST_CASE("what happened before the first look is no finding") {
  Hours h;
  h.cam.restarts = 3;
  h.cam.lost = 50;
  h.run(30);
  CHECK(h.item("burn_in.cam").verdict == Verdict::Pass);
}

TEST_CASE("one reconnection in two hours fails that input and no other") {
  Hours h;
  h.run(100);
  h.cam.restarts = 1;
  h.run(20);
  CHECK(h.item("burn_in.cam").verdict == Verdict::Fail);
  CHECK(h.item("burn_in.cam").cause.ja.find("1回") != std::string::npos);
  CHECK(h.item("burn_in.mic").verdict == Verdict::Pass);
}

TEST_CASE("heat, a shrinking disk and an odd clock are told with their worst value") {
  Hours h;
  h.run(10);
  h.machine.degrees = 97;
  h.mic.drift_ppm = -350;
  h.run(1);
  h.machine.degrees = 50;
  h.mic.drift_ppm = -5;
  h.machine.disk_bytes = 40e9;  // 60 GB in about an hour
  h.run(50);
  const auto pc = h.item("burn_in");
  CHECK(pc.verdict == Verdict::Fail);
  CHECK(pc.cause.ja.find("97") != std::string::npos);
  CHECK(h.item("burn_in.mic").verdict == Verdict::Caution);
  CHECK(h.item("burn_in.cam").verdict == Verdict::Pass);
}

TEST_CASE("a burn-in that was stopped says so and keeps what it saw") {
  Hours h;
  h.run(5);
  const auto all = h.burn_in.items(false);
  REQUIRE(all.size() == 3);
  CHECK(all[2].verdict == Verdict::Caution);
  CHECK(all[0].verdict == Verdict::Pass);
}
