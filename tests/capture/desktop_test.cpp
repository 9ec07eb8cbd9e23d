// SPDX-License-Identifier: GPL-3.0-or-later
// PipeWire cameras and the Wayland desktop's screen, with a real PipeWire.
#include "tests/capture/desktop.h"
#include "tests/capture/application_rig.h"

using namespace kakehashi;
using namespace kakehashi::testing;

TEST_CASE("a PipeWire camera comes by its name, and its leaving is told") {
  Desktop desktop;
  desktop.plug_camera();
  SourceRig rig;
  std::unique_ptr<Source> source;
  REQUIRE(wait_until([&] {  // the session manager may still be starting
    auto opened = rig.open("pipewire", {{"node", "test-camera"}});
    if (opened.ok()) source = std::move(opened).value();
    return source != nullptr;
  }));
  const auto seen = rig.watch(*source, 20);
  REQUIRE(seen.size() == 20);
  CHECK(seen[0].width == 320);
  CHECK(source->format().find("320x240 30/1") != std::string::npos);
  desktop.unplug_camera();
  CHECK(wait_until([&] {
    (void)rig.video.at(rig.clock.now());
    return !source->poll().ok() || !rig.video.newest(rig.clock.now());
  }));
}

TEST_CASE("one application out of several is heard on PipeWire") {
  Desktop desktop;
  desktop.start_sound();
  check_one_application_is_heard();
}

TEST_CASE("the desktop's screen is shown once its user allowed it, and never without") {
  Desktop desktop;
  desktop.plug_camera();  // stands for the screen: a node of PipeWire
  Portal portal(desktop.socket());
  portal.node = desktop.camera_node();
  SourceRig rig;
  SUBCASE("allowed") {
    auto source = rig.open("portal", {});
    REQUIRE(source.ok());
    const auto seen = rig.watch(**source, 10);
    REQUIRE(seen.size() == 10);
    CHECK(portal.asked == 1);
  }
  SUBCASE("refused") {
    portal.answer = 1;
    auto source = rig.open("portal", {});
    REQUIRE(source.ok());
    CHECK(wait_until([&] { return !(*source)->poll().ok(); }));
    CHECK((*source)->poll().error().kind == ErrorKind::FixInput);
    CHECK((*source)->poll().error().message.find("refused") != std::string::npos);
    CHECK(rig.video.captured() == 0);
  }
  SUBCASE("no answer yet: closing does not wait for one") {
    portal.silent = true;
    auto source = rig.open("portal", {});
    REQUIRE(source.ok());
    CHECK(wait_until([&] { return portal.asked == 1; }));
    CHECK((*source)->poll().ok());
    CHECK((*source)->may_rest());
  }
}

TEST_CASE("a desktop without a portal says what is missing") {
  Desktop desktop;
  SourceRig rig;
  auto source = rig.open("portal", {});
  REQUIRE(source.ok());
  CHECK(wait_until([&] { return !(*source)->poll().ok(); }));
  CHECK((*source)->poll().error().kind == ErrorKind::FixSetup);
  CHECK((*source)->poll().error().message.find("xdg-desktop-portal") != std::string::npos);
}
