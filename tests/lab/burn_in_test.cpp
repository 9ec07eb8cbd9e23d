// SPDX-License-Identifier: GPL-3.0-or-later
// 連続運転: half an hour of everything open together, as a technician does it the day before.
#include <doctest/doctest.h>

#include <cmath>

#include "tests/e2e/equipment.h"
#include "tests/e2e/station.h"
#include "tests/lab/devices.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::testing;

namespace {

const char* const kEvent = R"({
  "kakehashi_event": 1, "id": "burn_in", "title": "burn_in",
  "canvas": {"width": 640, "height": 360, "fps": 30},
  "inputs": [
    {"id": "cam_main", "source": {"kind": "camera", "port": "platform:vivid-000"}},
    {"id": "cam_wide", "source": {"kind": "camera", "port": "platform:vivid-001"}},
    {"id": "mic_mc", "video": false, "audio": true,
     "source": {"kind": "microphone", "device": "hw:0,1", "buffer_ms": 10}}],
  "scenes": [{"id": "s", "layers": [{"input": "cam_main"}]}]
})";

Items burn_in() {
  return equip_test({.event = kEvent, .only = {"burn_in"}, .burn_in_minutes = kMinBurnIn});
}

}  // namespace

TEST_CASE("half an hour of everything together") {
  shift_rate(0, 80);
  const auto player = play(0, 400);
  const Items items = burn_in();
  for (const char* role : {"cam_main", "cam_wide", "mic_mc"}) {
    const EquipmentItem& item = items.at(std::string("burn_in.") + role);
    MESSAGE(item.id << ": " << item.found.ja << " drift " << figure(item, "drift_ppm") << " ppm");
    passes(item);
    CHECK(figure(item, "restarts") == 0);
    CHECK(figure(item, "lost_device") == 0);
    CHECK(figure(item, "dark_looks") == 0);
  }
  for (const char* role : {"cam_main", "cam_wide"})
    CHECK(figure(items.at(std::string("burn_in.") + role), "least_fps") > 29.9);
  CHECK(std::abs(figure(items.at("burn_in.mic_mc"), "drift_ppm") - 80) < 40);
  const EquipmentItem& pc = items.at("burn_in");
  MESSAGE(pc.found.ja << " / " << pc.cause.ja);
  CHECK(figure(pc, "minutes") > kMinBurnIn - 0.2);
  // No sensor here: nothing is said about the temperature. Time stands still while anything
  // computes, so how busy the PC is means nothing.
  CHECK(pc.found.en.find(" C") == std::string::npos);
  CHECK(std::abs(figure(pc, "disk_used_mb")) < 50);
}

TEST_CASE("a camera that goes away for a moment in the burn-in is told") {
  const auto player = play(0, 400);
  auto hand = Process::start(
      {"sh", "-c", "sleep 40; exec v4l2-ctl -d " + node_at(kRight) + " --set-ctrl disconnect=1"});
  REQUIRE(hand);
  const Items items = burn_in();
  passes(items.at("burn_in.cam_main"));
  passes(items.at("burn_in.mic_mc"));
  const EquipmentItem& broke = items.at("burn_in.cam_wide");
  says(broke, Verdict::Fail, "The connection broke 1 times.");
}
