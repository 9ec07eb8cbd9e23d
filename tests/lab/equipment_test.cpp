// SPDX-License-Identifier: GPL-3.0-or-later
// The equipment test on good cameras and on each kind of bad one: exactly the right item fails,
// with the right words.
#include <doctest/doctest.h>

#include "tests/e2e/equipment.h"
#include "tests/e2e/station.h"
#include "tests/lab/devices.h"

using namespace kakehashi;
using namespace kakehashi::testing;

namespace {

// Three roles; their scene's canvas is 720 lines.
const char* const kEvent = R"({
  "kakehashi_event": 1, "id": "equipment", "title": "equipment",
  "canvas": {"width": 1280, "height": 720, "fps": 30},
  "inputs": [{"id": "cam_main", "source": {"kind": "camera", "port": "@MAIN@"}},
             {"id": "cam_wide", "source": {"kind": "camera", "port": "platform:vivid-001"}},
             {"id": "slide_pc", "source": {"kind": "camera", "port": "platform:vivid-002"}}],
  "scenes": [{"id": "s", "layers": [{"input": "cam_main"}]}]
})";

// A quick test of the cameras, each alone.
Items test_cameras(const std::string& main = kLeft) {
  const Items items = equip_test({.event = filled(kEvent, {{"MAIN", main}}), .only = {"camera"}});
  for (const char* role : {"camera.cam_main", "camera.cam_wide", "camera.slide_pc"})
    REQUIRE(items.contains(role));
  return items;
}

// Nothing came from it at all; why is the driver's word.
void gives_nothing(const EquipmentItem& item) {
  CAPTURE(item.id);
  CAPTURE(item.cause.en);
  CHECK(item.verdict == Verdict::Fail);
  CHECK_FALSE(item.cause.ja.empty());
  CHECK_FALSE(item.action.ja.empty());
  CHECK(item.cause.en != "The pictures stopped during the test.");
}

}  // namespace

TEST_CASE("good cameras pass") {
  send_hdmi("1280x720p60");
  const Items items = test_cameras();
  for (const auto& [id, item] : items) passes(item);
}

TEST_CASE("a camera that is not there") {
  const Items items = test_cameras("platform:vivid-007");
  says(items.at("camera.cam_main"), Verdict::Fail, "The device of this role is not plugged in.");
  passes(items.at("camera.cam_wide"));
  passes(items.at("camera.slide_pc"));
}

TEST_CASE("a camera that loses a fifth of its pictures") {
  set_control(kLeft, "percentage_of_dropped_buffers", 20);
  const Items items = test_cameras();
  set_control(kLeft, "percentage_of_dropped_buffers", 0);
  says(items.at("camera.cam_main"), Verdict::Fail, "The device loses pictures.");
  passes(items.at("camera.cam_wide"));
  passes(items.at("camera.slide_pc"));
}

TEST_CASE("an HDMI plug without a signal") {
  send_hdmi("");
  const Items items = test_cameras();
  send_hdmi("1280x720p60");
  gives_nothing(items.at("camera.slide_pc"));
  passes(items.at("camera.cam_main"));
  passes(items.at("camera.cam_wide"));
}

TEST_CASE("a camera that cannot stream") {
  set_control(kLeft, "inject_vidioc_streamon_error", 1);
  const Items items = test_cameras();
  gives_nothing(items.at("camera.cam_main"));
  passes(items.at("camera.cam_wide"));
  passes(items.at("camera.slide_pc"));
}
