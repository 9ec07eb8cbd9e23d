// SPDX-License-Identifier: GPL-3.0-or-later
// What opens in the multiview's room, and the acts inside rows: a hand clicks, the wishes that come
// out are checked.
#include <doctest/doctest.h>

#include <algorithm>

#include "fixture.h"

namespace kakehashi::testing {

TEST_CASE("the other transitions are a press away, with their length") {
  HeldDesk d(lecture());
  REQUIRE(d.click("transition.more"));
  CHECK(d.out.empty());
  REQUIRE(d.click("effect.wipe_left"));
  REQUIRE(d.only<SetTransition>());
  CHECK(d.only<SetTransition>()->kind == TransitionKind::WipeLeft);
  CHECK(d.only<SetTransition>()->seconds == doctest::Approx(0.5));
  d.out.clear();
  REQUIRE(d.click("length.2.0"));
  CHECK(d.only<SetTransition>()->seconds == doctest::Approx(2));
  d.out.clear();
  // The second half of the switch is now the chosen effect.
  d.snapshot.next_kind = TransitionKind::WipeLeft;
  d.step();
  d.snapshot.next_kind = TransitionKind::Cut;
  d.step();
  d.click("transition.mix");
  CHECK(d.only<SetTransition>()->kind == TransitionKind::WipeLeft);
  REQUIRE(d.click("drawer.close"));
  CHECK(d.find("effect.mix") == nullptr);
}

TEST_CASE("the T-bar follows the hand and lets go at the end") {
  HeldDesk d(lecture());
  const Item* bar = d.find("t_bar");
  REQUIRE(bar);
  const Box b = bar->box;
  ImGuiIO& io = ImGui::GetIO();
  io.MousePos = {b.x + b.w * 0.1F, b.middle()};
  d.step();
  d.mouse(true);
  for (float part = 0.1F; part < 1.1F; part += 0.02F) {
    io.MousePos.x = b.x + b.w * part;
    d.step();
  }
  const std::size_t sent = d.out.size();
  REQUIRE(sent >= 3);
  double last = -1;
  for (const Command& c : d.out) {
    REQUIRE(std::holds_alternative<SetTBar>(c));
    CHECK(std::get<SetTBar>(c).position > last);
    last = std::get<SetTBar>(c).position;
  }
  CHECK(last == 1.0);
  io.MousePos.x = b.x + b.w * 0.5F;  // going on without letting go begins no new way
  d.step();
  CHECK(d.out.size() == sent);
  d.mouse(false);
  d.step();
  d.out.clear();
  d.snapshot.transition_progress = 0.4;
  d.step();
  REQUIRE(d.click("turn_back"));
  CHECK(d.only<TurnBack>());
}

TEST_CASE("a clicker and the strip turn pages") {
  HeldDesk d(lecture());
  key_down({Key::PageDown}, 1, false, d.snapshot, d.ui, d.out);
  REQUIRE(d.only<ShowPage>());
  CHECK(d.only<ShowPage>()->input == "slide_pc");
  CHECK(d.only<ShowPage>()->page == 13);
  d.out.clear();
  d.snapshot.inputs[0].page = 24;
  key_down({Key::PageDown}, 1, false, d.snapshot, d.ui, d.out);  // the last one
  CHECK(d.out.empty());
  REQUIRE(d.click("pages.slide_pc"));
  d.step();
  REQUIRE(d.click("page.1"));  // the one before
  CHECK(d.only<ShowPage>()->page == 23);
  d.out.clear();
  d.click("page.first");
  CHECK(d.only<ShowPage>()->page == 1);
}

TEST_CASE("timers and captions have their acts in their rows") {
  HeldDesk d(lecture());
  d.ui.scroll["overlays"] = 200;
  d.step();
  d.step();
  REQUIRE(d.click("timer.timer"));
  REQUIRE(d.only<SetTimer>());
  CHECK(d.only<SetTimer>()->running);
  d.out.clear();
  REQUIRE(d.click("caption.captions"));
  REQUIRE(d.only<ShowCaption>());
  CHECK(d.only<ShowCaption>()->line == 5);
  d.out.clear();
  d.ui.scroll["overlays"] = 60;
  d.step();
  d.click("overlay.title");  // this scene has no place for it
  CHECK(d.out.empty());
}

TEST_CASE("the scene in Preview can take another layout") {
  HeldDesk d(lecture());
  REQUIRE(d.click("layouts.open"));
  d.step();
  d.click("layout.full");  // its own
  CHECK(d.out.empty());
  REQUIRE(d.click("layout.two_up"));
  REQUIRE(d.only<SetLayout>());
  CHECK(d.only<SetLayout>()->scene == "host");
  CHECK(d.only<SetLayout>()->layout == "two_up");
  d.snapshot.preview = "speaker";  // made by hand: nothing to choose
  d.step();
  d.step();
  CHECK(d.find("layout.two_up") == nullptr);
  CHECK(d.find("layouts.open") == nullptr);
}

TEST_CASE("the hall and the web meeting can see something else") {
  HeldDesk d(lecture());
  REQUIRE(d.click("buses.open"));
  d.step();
  REQUIRE(d.click("bus.venue.slide"));
  REQUIRE(d.only<SetBusScene>());
  CHECK(d.only<SetBusScene>()->bus == Bus::Venue);
  CHECK(d.only<SetBusScene>()->scene == "slide");
  d.out.clear();
  d.snapshot.venue_scene = "slide";
  d.step();
  REQUIRE(d.click("bus.venue.follow"));
  CHECK(d.only<SetBusScene>()->scene.empty());
  d.out.clear();
  d.ui.scroll["drawer"] = 900;
  d.step();
  d.step();
  REQUIRE(d.click("genlock.on"));
  CHECK(d.only<SetGenlock>()->on);
}

}  // namespace kakehashi::testing
