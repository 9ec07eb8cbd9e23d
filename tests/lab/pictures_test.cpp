// SPDX-License-Identifier: GPL-3.0-or-later
// The equipment test on cameras that give pictures, but bad ones; and on cameras that are well
// alone and too many together.
#include <doctest/doctest.h>

#include "tests/e2e/equipment.h"
#include "tests/e2e/station.h"
#include "tests/lab/devices.h"
#include "tests/lab/film.h"

using namespace kakehashi;
using namespace kakehashi::testing;

namespace {

std::string event(const std::string& cameras) {
  return filled(R"({"kakehashi_event": 1, "id": "pictures", "title": "pictures",
    "canvas": {"width": 640, "height": 360, "fps": 30},
    "inputs": [@CAMERAS@],
    "scenes": [{"id": "s", "layers": [{"input": "cam_main"}]}]})",
                {{"CAMERAS", cameras}});
}

std::string camera(const std::string& id, const std::string& port, const std::string& more = "") {
  return R"({"id": ")" + id + R"(", "source": {"kind": "camera", "port": ")" + port + "\"" + more +
         "}}";
}

}  // namespace

TEST_CASE("a camera whose picture is bad") {
  const std::string two =
      event(camera("cam_main", kFeeds[0]) + "," + camera("cam_wide", kFeeds[1]));
  struct Row {
    Sight sight;
    Verdict verdict;
    std::string words;
  };
  Film good(kFeeds[1]), bad(kFeeds[0]);
  for (const Row& row :
       {Row{Sight::Black, Verdict::Caution,
            "The picture is black: a lens cap, or no light in the hall."},
        Row{Sight::Frozen, Verdict::Caution,
            "The picture stands still: the camera or its converter has frozen."},
        Row{Sight::Flicker, Verdict::Caution,
            "The light flickers in the picture: the shutter does not suit the lamps."},
        Row{Sight::Comb, Verdict::Caution,
            "What moves shows fine stripes: the picture is interlaced."}}) {
    CAPTURE(row.words);
    bad.show(Sight::Hall);  // what freezes is the hall
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    bad.show(row.sight);
    const Items items = equip_test({.event = two, .only = {"camera"}, .quick = false});
    says(items.at("camera.cam_main"), row.verdict, row.words);
    passes(items.at("camera.cam_wide"));
  }
  bad.show(Sight::Stopped);
  const Items items = equip_test({.event = two, .only = {"camera"}});
  const EquipmentItem& none = items.at("camera.cam_main");
  CAPTURE(none.cause.en);
  CHECK(none.verdict == Verdict::Fail);
  CHECK_FALSE(none.cause.ja.empty());
  CHECK_FALSE(none.action.ja.empty());
  passes(items.at("camera.cam_wide"));
}

// Two cameras of 640x360 YUYV at 30 pictures a second want 111 Mbit/s each.
TEST_CASE("cameras that are well alone but too many for one USB bus") {
  const std::string wish = R"(, "width": 640, "height": 360, "fps": 30)";
  show(kLeft, Shown::Squares);
  show(kRight, Shown::Squares);
  for (const std::string& port : {kLeft, kRight}) set_control(port, "horizontal_movement", 5);
  const std::string two =
      event(camera("cam_main", kLeft, wish) + "," + camera("cam_wide", kRight, wish));
  const auto test = [&](const std::string& mbit) {
    return equip_test(
        {.event = two,
         .only = {"camera", "cameras_together"},
         .environment = {{"LD_PRELOAD", SHORTAGE}, {"KAKEHASHI_LAB_BUS_MBIT", mbit}}});
  };
  const Items enough = test("400"), short_of = test("150");
  for (const auto& [id, item] : enough) passes(item);
  for (const char* alone : {"camera.cam_main", "camera.cam_wide"}) passes(short_of.at(alone));
  // Whichever came later gets nothing.
  const EquipmentItem &one = short_of.at("cameras_together.cam_main"),
                      &other = short_of.at("cameras_together.cam_wide");
  const bool first = one.verdict == Verdict::Pass;
  passes(first ? one : other);
  says(first ? other : one, Verdict::Fail,
       "Good alone, but not while the others are open: the USB bus is crowded.");
}
