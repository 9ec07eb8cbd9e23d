// SPDX-License-Identifier: GPL-3.0-or-later
// Which camera plays which role: by where it is plugged in, whatever the order of the nodes.
#include <doctest/doctest.h>

#include "tests/lab/devices.h"
#include "tests/lab/programme.h"

using namespace kakehashi;
using namespace kakehashi::testing;

namespace {

void paint() {
  show(kLeft, Shown::Red);
  show(kRight, Shown::Green);
  show(kHdmi, Shown::Blue);
}

std::vector<std::string> roles() {
  return {camera_input("cam_main", kLeft), camera_input("cam_wide", kRight),
          camera_input("slide_pc", kHdmi)};
}

}  // namespace

TEST_CASE("identical cameras keep their roles when their nodes change places") {
  for (const std::vector<int>& nodes : {std::vector{0, 1, 2}, {1, 2, 0}, {7, 3, 5}}) {
    CAPTURE(nodes[0]);
    plug_cameras_as(nodes);
    REQUIRE(node_at(kLeft) == "/dev/video" + std::to_string(nodes[0]));
    paint();
    const TempDir folder;
    Programme p(folder, roles());
    for (const char* role : {"cam_main", "cam_wide", "slide_pc"}) p.until_live(role, 10);
    p.record();
    p.run_for(2);
    const std::string recording = p.end();
    check_uninterrupted(recording);
    CHECK(columns(recording) == std::vector<std::string>{"r", "g", "b", "#"});
  }
}

TEST_CASE("cameras that come back in another order while on air find their roles") {
  plug_cameras_as({0, 1, 2});
  paint();
  const TempDir folder;
  Programme p(folder, roles());
  for (const char* role : {"cam_main", "cam_wide", "slide_pc"}) p.until_live(role, 10);
  unplug_cameras();
  for (const char* role : {"cam_main", "cam_wide", "slide_pc"}) p.until_lost(role, 5);
  plug_cameras_as({2, 0, 1});
  paint();
  for (const char* role : {"cam_main", "cam_wide", "slide_pc"}) CHECK(p.until_live(role, 5) <= 5);
  p.record();
  p.run_for(2);
  CHECK(columns(p.end()) == std::vector<std::string>{"r", "g", "b", "#"});
}

TEST_CASE("a role whose camera is missing takes no other one") {
  plug_cameras_as({0, 1, 2});
  paint();
  const TempDir folder;
  Programme p(folder,
              {camera_input("cam_main", kLeft), camera_input("cam_wide", "platform:vivid-007")});
  p.until_live("cam_main", 10);
  p.until_lost("cam_wide", 10);
  p.run_for(4);  // it goes on looking
  const InputStatus missing = p.input("cam_wide");
  CHECK(missing.signal == SignalState::Lost);
  CHECK(missing.captured == 0);
  CHECK_FALSE(missing.reason.ja.empty());
  CHECK(p.input("cam_main").signal == SignalState::Live);
  p.station().end();
}
