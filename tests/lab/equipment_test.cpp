// SPDX-License-Identifier: GPL-3.0-or-later
// The equipment test on good cameras and on each kind of bad one: exactly the right item fails,
// with the right words.
#include <doctest/doctest.h>

#include <map>

#include "station/equip/result_file.h"
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

using Items = std::map<std::string, EquipmentItem>;

// The items of a quick test of the cameras, each alone. `failed`: what its exit code must say.
Items test_cameras(bool failed, const std::string& main = kLeft) {
  const TempDir folder;
  write_text(folder / "event.json", filled(kEvent, {{"MAIN", main}}));
  std::string out;
  const int code =
      run({station_program(), "--lang", "en", "equip-test", "--event", folder / "event.json",
           "--json", folder / "result.json", "--quick", "--only", "camera"},
          &out, {{"XDG_DATA_HOME", folder / "data"}});
  INFO(out);
  CHECK(code == (failed ? 1 : 0));
  const EquipmentReading read = parse_result(read_text(folder / "result.json"));
  CHECK(read.faults.empty());
  Items items;
  for (const auto& item : read.result.items) items[item.id] = item;
  for (const char* role : {"camera.cam_main", "camera.cam_wide", "camera.slide_pc"})
    REQUIRE_MESSAGE(items.contains(role), out);
  return items;
}

void passes(const EquipmentItem& item) {
  CAPTURE(item.id);
  CAPTURE(item.cause.en);
  CHECK(item.verdict == Verdict::Pass);
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

void says(const EquipmentItem& item, Verdict verdict, const std::string& cause) {
  CAPTURE(item.id);
  CAPTURE(item.found.en);
  CHECK(item.verdict == verdict);
  CHECK(item.cause.en == cause);
  CHECK_FALSE(item.cause.ja.empty());
  CHECK_FALSE(item.action.ja.empty());
  CHECK_FALSE(item.action.en.empty());
}

}  // namespace

TEST_CASE("good cameras pass") {
  send_hdmi("1280x720p60");
  const Items items = test_cameras(false);
  for (const auto& [id, item] : items) passes(item);
}

TEST_CASE("a camera that is not there") {
  const Items items = test_cameras(true, "platform:vivid-007");
  says(items.at("camera.cam_main"), Verdict::Fail, "The device of this role is not plugged in.");
  passes(items.at("camera.cam_wide"));
  passes(items.at("camera.slide_pc"));
}

TEST_CASE("a camera that loses a fifth of its pictures") {
  set_control(kLeft, "percentage_of_dropped_buffers", 20);
  const Items items = test_cameras(true);
  set_control(kLeft, "percentage_of_dropped_buffers", 0);
  says(items.at("camera.cam_main"), Verdict::Fail, "The device loses pictures.");
  passes(items.at("camera.cam_wide"));
  passes(items.at("camera.slide_pc"));
}

TEST_CASE("an HDMI plug without a signal") {
  send_hdmi("");
  const Items items = test_cameras(true);
  send_hdmi("1280x720p60");
  gives_nothing(items.at("camera.slide_pc"));
  passes(items.at("camera.cam_main"));
  passes(items.at("camera.cam_wide"));
}

TEST_CASE("a camera that cannot stream") {
  set_control(kLeft, "inject_vidioc_streamon_error", 1);
  const Items items = test_cameras(true);
  gives_nothing(items.at("camera.cam_main"));
  passes(items.at("camera.cam_wide"));
  passes(items.at("camera.slide_pc"));
}
