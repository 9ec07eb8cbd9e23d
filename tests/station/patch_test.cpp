// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/patch.h"

#include <doctest/doctest.h>

using namespace kakehashi;

namespace {

Show two_inputs() {
  Show show;
  show.id = "a";
  show.inputs.resize(2);
  show.inputs[0].id = "cam_main";
  show.inputs[0].source = SourceSpec{"test", {}};
  show.inputs[1].id = "slide_pc";
  show.inputs[1].source = SourceSpec{"image", {{"path", std::string("a.png")}}};
  return show;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("opening an event is a patch from nothing") {
  const Patch p = patch(Show{}, two_inputs());
  CHECK(p.open == Ids{"cam_main", "slide_pc"});
  CHECK(p.close.empty());
  CHECK(p.repaint);
}

TEST_CASE("the same show needs nothing") { CHECK(patch(two_inputs(), two_inputs()).empty()); }

TEST_CASE("another device for a role closes and opens that input only") {
  Show after = two_inputs();
  after.inputs[1].source->settings["path"] = std::string("b.png");
  const Patch p = patch(two_inputs(), after);
  CHECK(p.open == Ids{"slide_pc"});
  CHECK(p.close == Ids{"slide_pc"});
  CHECK(p.keep == Ids{"cam_main"});
  CHECK_FALSE(p.repaint);
  CHECK_FALSE(p.reencode);
}

TEST_CASE("a removed input is closed, the others keep running") {
  Show after = two_inputs();
  after.inputs.pop_back();
  const Patch p = patch(two_inputs(), after);
  CHECK(p.close == Ids{"slide_pc"});
  CHECK(p.keep == Ids{"cam_main"});
  CHECK(p.repaint);  // its stand-in is no longer wanted
}

TEST_CASE("a new name repaints but reopens nothing") {
  Show after = two_inputs();
  after.inputs[0].name.ja = "演台カメラ";
  const Patch p = patch(two_inputs(), after);
  CHECK(p.open.empty());
  CHECK(p.repaint);
}

TEST_CASE("another rate means another encode and reopens what is paced to it") {
  Show after = two_inputs();
  after.canvas.rate = {60, 1};
  const Patch p = patch(two_inputs(), after);
  CHECK(p.reencode);
  CHECK(p.open == Ids{"cam_main", "slide_pc"});
  CHECK(p.keep.empty());
}

TEST_CASE("scenes and takes change nothing that runs") {
  Show after = two_inputs();
  after.scenes.push_back({"s1", {"会場", ""}, 1, {}, ""});
  after.script.push_back({Duration::seconds(1), "s1", TransitionKind::Cut, "", true});
  CHECK(patch(two_inputs(), after).empty());
}

TEST_CASE("another layout paints the letters at their new places; other slots need nothing") {
  Show before = two_inputs(), after = two_inputs();
  for (Show* show : {&before, &after}) {
    show->scenes.resize(1);
    show->overlays.resize(1);
    show->scenes[0].layout = "full";
    show->scenes[0].slots = {{"main", "cam_main"}};
  }
  after.scenes[0].slots[0].input = "slide_pc";
  CHECK(patch(before, after).empty());
  after.scenes[0].layout = "main_sign";
  CHECK(patch(before, after).repaint);
}
