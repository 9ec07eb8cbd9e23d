// SPDX-License-Identifier: GPL-3.0-or-later
// Prepare and Check: which device plays which role, and the equipment test.
#include <doctest/doctest.h>

#include <algorithm>

#include "fixture.h"
#include "fixture_tested.h"

namespace kakehashi::testing {

TEST_CASE("a role, then its device: one wish") {
  HeldDesk d(lecture_being_prepared());
  REQUIRE(d.click("stage.prepare"));
  CHECK(d.ui.page == Page::Prepare);
  CHECK(d.find("take") == nullptr);
  d.click("device.usb-4");  // whose device?
  CHECK(d.out.empty());
  REQUIRE(d.click("role.cam_sign"));
  REQUIRE(d.click("device.usb-4"));
  REQUIRE(d.only<BindRole>());
  CHECK(d.only<BindRole>()->input == "cam_sign");
  CHECK(d.only<BindRole>()->device == "usb-4");
  d.out.clear();
  CHECK(d.find("device.snd-1") == nullptr);  // a camera's role is not offered a microphone
  REQUIRE(d.click("role.cam_main"));
  REQUIRE(d.click("role.remove"));
  CHECK(d.only<BindRole>()->device.empty());
}

TEST_CASE("a wrong device is taken back with one press") {
  HeldDesk d(lecture_being_prepared());
  REQUIRE(d.click("stage.prepare"));
  d.out.clear();
  REQUIRE(d.find("role.back"));
  CHECK_FALSE(d.find("role.back")->enabled);
  d.snapshot.undo_role = "cam_main";
  d.snapshot.undo_device = {"HD Pro Webcam C920", "HD Pro Webcam C920"};
  d.step();
  REQUIRE(d.click("role.back"));
  CHECK(d.only<UndoBinding>());
  d.out.clear();
  d.snapshot.live = true;
  d.step();
  d.click("role.back");
  CHECK(d.out.empty());
}

TEST_CASE("a role whose device was unplugged can be taken off it, one without cannot") {
  Snapshot s = lecture_being_prepared();
  s.devices.erase(s.devices.begin());
  s.inputs[1].signal = SignalState::Lost;
  s.inputs[1].device = "HD Pro Webcam C920（USB 1）";
  HeldDesk d(s);
  d.click("stage.prepare");
  d.click("role." + s.inputs[1].id);
  CHECK(d.find("role.remove")->enabled);
  d.click("role.cam_sign");
  CHECK_FALSE(d.find("role.remove")->enabled);
}

TEST_CASE("the list of devices changes under the hand: twenty of them, then the pressed one goes") {
  Snapshot s = lecture_being_prepared();
  for (int i = 7; i < 27; ++i)
    s.devices.push_back(device(("usb-" + std::to_string(i)).c_str(),
                               ("A capture device with a name that nobody can read to its end, "
                                "number " +
                                std::to_string(i) + " (USB " + std::to_string(i) + ")")
                                   .c_str(),
                               "camera"));
  HeldDesk d(s, 1366, 768);
  d.click("stage.prepare");
  d.click("role.cam_sign");
  d.out.clear();
  REQUIRE(d.find("device.usb-4"));
  REQUIRE(d.find("device.usb-26") == nullptr);  // below the edge
  d.point_at("device.usb-4");
  for (int i = 0; i < 80; ++i) {
    ImGui::GetIO().MouseWheel = -1;
    d.step();
  }
  ImGui::GetIO().MouseWheel = 0;
  d.step();
  REQUIRE(d.find("device.usb-26"));
  CHECK(d.find("device.usb-4") == nullptr);
  d.point_at("device.usb-26");
  d.step();
  d.mouse(true);
  d.step();
  d.snapshot.devices.resize(6);  // gone while it is being pressed; the list is short again
  d.step();
  d.mouse(false);
  d.step();
  d.step();
  CHECK(d.out.empty());
  REQUIRE(d.click("device.usb-4"));
  CHECK(d.only<BindRole>()->device == "usb-4");
}

TEST_CASE("devices without a role are open only while this desk is at Prepare") {
  Snapshot s = lecture_being_prepared();
  s.watching_devices = false;
  HeldDesk d(s);
  d.step();
  CHECK(d.out.empty());
  d.click("stage.prepare");
  d.step();
  REQUIRE(d.only<WatchDevices>());
  CHECK(d.only<WatchDevices>()->on);
  d.out.clear();
  d.step();
  CHECK(d.out.empty());  // the wish is under way
  d.snapshot.watching_devices = true;
  d.click("stage.show");
  d.step();
  REQUIRE(d.only<WatchDevices>());
  CHECK_FALSE(d.only<WatchDevices>()->on);
  d.out.clear();
  d.step();
  CHECK(d.out.empty());  // another desk's watch is not ours to end
}

TEST_CASE("nothing is bound and no test begins while on air") {
  Snapshot s = lecture_being_prepared();
  s.live = true;
  HeldDesk d(s);
  d.click("stage.prepare");
  d.click("role.cam_sign");
  d.click("device.usb-4");
  d.click("stage.check");
  d.click("test.start");
  CHECK(d.out.empty());
}

TEST_CASE("what happens on air brings the show back into sight") {
  HeldDesk d(lecture_being_prepared());
  d.click("stage.check");
  d.out.clear();
  key_down({Key::Escape}, d.now, false, d.snapshot, d.ui, d.out);
  CHECK(d.only<EmergencyOn>());  // works everywhere
  d.snapshot.emergency = true;
  follow(d.snapshot, d.ui, d.now);
  CHECK(d.ui.page == Page::Show);
  d.snapshot.emergency = false;
  follow(d.snapshot, d.ui, d.now);
  d.click("stage.check");
  d.snapshot.live = true;
  follow(d.snapshot, d.ui, d.now);
  CHECK(d.ui.page == Page::Show);
}

TEST_CASE("keys act only on what is in sight") {
  HeldDesk d(lecture_being_prepared());
  d.click("stage.check");
  d.out.clear();
  for (const KeyPress press :
       {KeyPress{Key::Space}, KeyPress{Key::Digit, 3}, KeyPress{Key::T}, KeyPress{Key::PageDown}})
    key_down(press, d.now, false, d.snapshot, d.ui, d.out);
  CHECK(d.out.empty());
}

TEST_CASE("a test is begun, quick or long, and ended") {
  HeldDesk d(lecture_tested());
  d.click("stage.check");
  d.out.clear();
  REQUIRE(d.click("test.start"));
  REQUIRE(d.only<TestEquipment>());
  CHECK_FALSE(d.only<TestEquipment>()->quick);
  d.out.clear();
  d.click("test.length.1");
  d.click("test.start");
  CHECK(d.only<TestEquipment>()->quick);
  d.out.clear();
  d.click("test.length.2");
  d.click("test.start");
  CHECK(d.only<TestEquipment>()->burn_in_minutes == 60);
  d.out.clear();
  d.snapshot = lecture_under_test();
  d.step();
  CHECK(d.find("test.start") == nullptr);
  REQUIRE(d.click("test.cancel"));
  CHECK_FALSE(d.only<TestEquipment>()->on);
  REQUIRE(d.click("next.practice"));
  CHECK(d.ui.page == Page::Show);
}

TEST_CASE("one item is tested again, or all that need it; its details open and close") {
  HeldDesk d(lecture_tested());
  d.snapshot.equipment.result.quick = true;
  d.click("stage.check");
  d.out.clear();
  REQUIRE(d.click("check.again.camera.slide_pc"));
  REQUIRE(d.only<TestEquipment>());
  CHECK(d.only<TestEquipment>()->on);
  CHECK(d.only<TestEquipment>()->quick);  // as the rest of the result
  CHECK(d.only<TestEquipment>()->only == std::vector<std::string>{"camera.slide_pc"});
  d.out.clear();
  REQUIRE(d.click("test.part"));
  CHECK(d.only<TestEquipment>()->only ==
        std::vector<std::string>{"camera.slide_pc", "camera.cam_wide"});
  d.out.clear();
  CHECK_FALSE(d.find("detail.back"));
  REQUIRE(d.click("check.item.machine.clock"));
  REQUIRE(d.find("detail.back"));
  REQUIRE(d.click("detail.again"));
  CHECK(d.only<TestEquipment>()->only == std::vector<std::string>{"machine"});  // its part
  REQUIRE(d.click("detail.back"));
  d.step();
  CHECK_FALSE(d.find("detail.back"));

  d.out.clear();
  REQUIRE(d.click("test.clap"));
  CHECK(d.only<TestEquipment>()->clap);
  CHECK(d.only<TestEquipment>()->only == std::vector<std::string>{"offset"});

  d.out.clear();
  d.snapshot = lecture_test_stopped();
  d.step();
  REQUIRE(d.click("test.part"));
  CHECK(d.only<TestEquipment>()->only == std::vector<std::string>{"network.main", "machine"});
  d.out.clear();
  d.snapshot = lecture_under_test();
  d.step();
  CHECK_FALSE(d.find("test.part"));
  CHECK_FALSE(d.find("check.again.camera.slide_pc"));
  d.click("test.clap");  // not while a test runs
  CHECK(d.out.empty());
}

TEST_CASE("the stages fit every window: nothing overlaps, nothing leaves it") {
  for (const auto& [w, h, scale] :
       {std::tuple{1366.F, 768.F, 1.F}, std::tuple{1920.F, 1080.F, 1.F},
        std::tuple{2560.F, 1440.F, 1.33F}, std::tuple{1366.F, 768.F, 1.5F}})
    for (const Page page : {Page::Prepare, Page::Check}) {
      HeldDesk d(lecture_tested(), w, h, fitting_scale(scale, w, h));
      d.ui.page = page;
      d.step();
      REQUIRE(d.items.size() > 6);
      for (std::size_t i = 0; i < d.items.size(); ++i) {
        const Box& a = d.items[i].box;
        CHECK_MESSAGE((a.x >= 0 && a.right() <= w && a.y >= 0 && a.bottom() <= h), d.items[i].id);
        for (std::size_t j = 0; j < i; ++j)  // scrolled rows go on under what is below them
          if (!d.items[i].id.starts_with("role.") || !d.items[j].id.starts_with("device."))
            CHECK_MESSAGE(!a.overlaps(d.items[j].box), d.items[i].id << " / " << d.items[j].id);
      }
    }
}

}  // namespace kakehashi::testing
