// SPDX-License-Identifier: GPL-3.0-or-later
// Panels without a window: a hand clicks, the wishes that come out are checked.
#include <doctest/doctest.h>

#include <algorithm>

#include "fixture.h"
#include "fixture_outputs.h"
#include "gui/output_lines.h"

namespace kakehashi::testing {

TEST_CASE("drawing alone wishes nothing") {
  for (const Snapshot& s : {lecture(), lecture_standby(), lecture_under_card(),
                            lecture_in_practice(), lecture_without_camera(), Snapshot{}}) {
    HeldDesk d(s);
    for (int i = 0; i < 5; ++i) d.step();
    CHECK(d.out.empty());
  }
}

TEST_CASE("a click on a scene chooses it, a click on take takes") {
  HeldDesk d(lecture());
  REQUIRE(d.click("scene.speaker"));
  REQUIRE(d.only<SelectPreview>());
  CHECK(d.only<SelectPreview>()->scene == "speaker");
  d.out.clear();
  REQUIRE(d.click("take"));
  CHECK(d.only<Take>());
  d.out.clear();
  d.click("take");  // within half a second
  CHECK(d.out.empty());
  REQUIRE(d.click("scene.card_break"));
  CHECK(d.only<SelectPreview>());
}

TEST_CASE("a press that leaves the button before release does nothing") {
  HeldDesk d(lecture());
  d.point_at("take");
  d.step();
  d.mouse(true);
  d.step();
  d.point_at("scene.wide");
  d.step();
  d.mouse(false);
  d.step();
  CHECK(d.out.empty());
}

TEST_CASE("cut and mix") {
  HeldDesk d(lecture());
  d.click("transition.cut");  // already chosen
  CHECK(d.out.empty());
  d.click("transition.mix");
  REQUIRE(d.only<SetTransition>());
  CHECK(d.only<SetTransition>()->kind == TransitionKind::Mix);
}

TEST_CASE("overlay and mute name the wanted state") {
  HeldDesk d(lecture());
  d.click("overlay.name_host");  // is out
  REQUIRE(d.only<SetOverlay>());
  CHECK_FALSE(d.only<SetOverlay>()->on);
  d.out.clear();
  d.click("mute.mic_floor");  // is muted
  REQUIRE(d.only<SetMute>());
  CHECK(d.only<SetMute>()->strip == "mic_floor");
  CHECK_FALSE(d.only<SetMute>()->muted);
}

TEST_CASE("a fader follows the hand and ends where it is left") {
  HeldDesk d(lecture());
  const Item* fader = d.find("fader.mic_pa");
  REQUIRE(fader);
  const Box b = fader->box;
  ImGuiIO& io = ImGui::GetIO();
  io.MousePos = {b.x + b.w * 0.8F, b.middle()};
  d.step();
  d.mouse(true);
  d.step();
  for (float part = 0.8F; part > 0.2F; part -= 0.02F) {
    io.MousePos.x = b.x + b.w * part;
    d.step();
  }
  d.mouse(false);
  d.step();
  REQUIRE(d.out.size() >= 3);
  double last = 99;
  for (const Command& c : d.out) {
    REQUIRE(std::holds_alternative<SetGain>(c));
    CHECK(std::get<SetGain>(c).strip == "mic_pa");
    CHECK(std::get<SetGain>(c).gain.value <= last);
    last = std::get<SetGain>(c).gain.value;
  }
  CHECK(last == doctest::Approx(-30).epsilon(0.15));
  CHECK(d.out.size() < 40);
}

TEST_CASE("going live and stopping need two seconds") {
  {
    HeldDesk d(lecture_standby());
    d.hold("go_live", 1.8);
    CHECK(d.out.empty());
    d.hold("go_live", 2.3);
    CHECK(d.only<GoLive>());
  }
  HeldDesk live(lecture());
  live.click("stop_live");
  CHECK(live.out.empty());
  live.hold("stop_live", 5);  // acts once, however long
  CHECK(live.only<StopLive>());
  live.out.clear();
  live.hold("stop_record", 2.3);
  CHECK(live.only<StopRecord>());
}

TEST_CASE("a hold that began on go live never runs on into stop") {
  HeldDesk d(lecture_standby());
  d.point_at("go_live");
  d.step();
  d.mouse(true);
  for (int i = 0; i < 50; ++i) d.step(0.05);
  REQUIRE(d.only<GoLive>());
  d.snapshot = lecture();  // now the same place says stop
  for (int i = 0; i < 80; ++i) d.step(0.05);
  CHECK(d.out.size() == 1);
  d.mouse(false);
  d.step();
  CHECK(d.out.size() == 1);
}

TEST_CASE("a destination is switched by a hold, and never the last one on air") {
  HeldDesk d(lecture_to_many());
  REQUIRE(d.find("output.room"));
  d.hold("output.room", 1.7);
  CHECK(d.out.empty());
  d.hold("output.room", 2.3);
  REQUIRE(d.only<SetDestination>());
  CHECK(std::get<SetDestination>(d.out.front()).destination == "room");
  CHECK_FALSE(std::get<SetDestination>(d.out.front()).on);

  HeldDesk single(lecture());
  REQUIRE(single.find("output.main"));
  CHECK_FALSE(single.find("output.main")->enabled);
  HeldDesk before(lecture_standby());
  CHECK(before.find("output.main")->enabled);

  // A virtual camera is no stream: it goes on and off by itself, and is no reason to go live.
  Snapshot meeting = lecture_standby();
  meeting.outputs = {lecture_to_many().outputs[3]};
  meeting.outputs[0].enabled = true;
  HeldDesk camera(meeting);
  CHECK(camera.find("output.meeting")->enabled);
  CHECK_FALSE(camera.find("go_live")->enabled);
}

TEST_CASE("a destination says in words how its line is, whom it reaches, or what to do") {
  const Snapshot s = lecture_to_many();
  CHECK(output_below(s.outputs[0], Language::Japanese) == "限定公開 / 回線：ぎりぎり 6.2 Mb/s");
  CHECK(output_below(s.outputs[1], Language::Japanese) ==
        "LANケーブルまたはWi-Fiを確認してください。");
  CHECK(output_below(s.outputs[2], Language::Japanese) == "庁内のみ / 回線：余裕あり 6.2 Mb/s");
  CHECK(output_below(s.outputs[3], Language::Japanese) == "庁内のみ");
  CHECK(lamp_of(s.outputs[1]).alarm);
  CHECK_FALSE(lamp_of(s.outputs[3]).alarm);
}

TEST_CASE(
    "below the destinations: single recordings, the encoder's reason, the practice received") {
  Snapshot s = lecture_to_many();
  auto rows = more_rows(s, Language::Japanese);
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].name == "個別録画 手話カメラ");  // the trouble comes first
  CHECK(rows[0].lamp.alarm);
  CHECK(rows[0].below == "個別録画を減らしてください。");
  CHECK(rows[1].name == "個別録画 2本");
  CHECK(rows[1].below == "4.0 GB / メインカメラ、引きカメラ");
  CHECK(rows[2].whole == s.encodes[0].why.ja);
  CHECK_FALSE(rows[2].lamp.alarm);
  s.encodes[0].half_rate = true;
  CHECK(more_rows(s, Language::English)[2].lamp.alarm);

  s = lecture_in_practice();
  rows = more_rows(s, Language::Japanese);
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].below == "映像も音も届いています（420ミリ秒後）。 音は12ms遅れ");
  CHECK_FALSE(rows[0].lamp.alarm);
  s.messages.push_back({"loop_back.freeze", Severity::Fault, {}, {}});
  CHECK(more_rows(s, Language::Japanese)[0].lamp.alarm);
  s.practice = false;  // what was received then says nothing of today's viewers
  CHECK(more_rows(s, Language::Japanese).empty());
}

TEST_CASE("five strips stand whole in the large window") {
  HeldDesk d(lecture());
  for (const StripStatus& s : d.snapshot.strips) {
    REQUIRE(d.find("mute." + s.id));
    CHECK(d.find("mute." + s.id)->box.bottom() <= d.layout.audio.bottom());
  }
}

TEST_CASE("recording starts with a press") {
  HeldDesk d(lecture_standby());
  d.click("start_record");
  CHECK(d.only<StartRecord>());
}

TEST_CASE("without a destination going live is disabled") {
  Snapshot s = lecture_standby();
  s.outputs.clear();
  HeldDesk d(s);
  REQUIRE(d.find("go_live"));
  CHECK_FALSE(d.find("go_live")->enabled);
  d.hold("go_live", 3);
  CHECK(d.out.empty());
}

TEST_CASE("the emergency button acts on the press itself") {
  HeldDesk d(lecture());
  d.point_at("emergency");
  d.step();
  d.mouse(true);
  d.step();
  CHECK(d.only<EmergencyOn>());
  for (int i = 0; i < 100; ++i) d.step();
  d.mouse(false);
  d.step();
  CHECK(d.out.size() == 1);
}

TEST_CASE("under the card: choose microphones, confirm, hold, wait") {
  HeldDesk d(lecture_under_card());
  CHECK_FALSE(d.find("take")->enabled);
  CHECK_FALSE(d.find("return.hold")->enabled);
  REQUIRE(d.click("return.mic.mic_host"));   // was to open
  REQUIRE(d.click("return.mic.mic_floor"));  // was to stay closed
  REQUIRE(d.click("return.confirm"));
  CHECK(d.find("return.hold")->enabled);
  d.hold("return.hold", 2.3);
  CHECK(d.out.empty());
  for (int i = 0; i < 100; ++i) d.step();
  REQUIRE(d.only<EmergencyOff>());
  CHECK(d.only<EmergencyOff>()->open ==
        std::vector<std::string>{"mic_pa", "mic_speaker", "mic_floor"});
}

TEST_CASE("a changed choice has to be confirmed again") {
  HeldDesk d(lecture_under_card());
  d.click("return.confirm");
  REQUIRE(d.ui.rescue.confirmed);
  d.click("return.mic.mic_pa");
  CHECK_FALSE(d.ui.rescue.confirmed);
}

TEST_CASE("focus by Tab and arrows, Enter acts") {
  HeldDesk d(lecture());
  d.press(Key::Tab);
  const std::string first = d.ui.focus;
  CHECK_FALSE(first.empty());
  d.press(Key::Tab);
  CHECK(d.ui.focus != first);
  d.press(Key::BackTab);
  CHECK(d.ui.focus == first);
  // Everything that can be touched can be reached.
  std::vector<std::string> seen;
  const auto all =
      std::count_if(d.items.begin(), d.items.end(), [](const Item& i) { return i.focusable; });
  for (long i = 0; i < all; ++i) {
    seen.push_back(d.ui.focus);
    d.press(Key::Tab);
  }
  CHECK(d.ui.focus == first);
  for (const char* id :
       {"take", "scene.wide", "mute.mic_pa", "fader.mic_pa", "stop_live", "emergency"})
    CHECK(std::find(seen.begin(), seen.end(), id) != seen.end());

  d.ui.focus = "scene.wide";
  d.press(Key::Right);
  CHECK(d.ui.focus == "scene.host");
  d.press(Key::Enter);
  CHECK(d.only<SelectPreview>());
  d.out.clear();
  d.ui.focus = "fader.mic_pa";
  d.press(Key::Left);
  REQUIRE(d.only<SetGain>());
  CHECK(d.only<SetGain>()->gain.value == -1);
  CHECK(d.ui.focus == "fader.mic_pa");
}

TEST_CASE("Enter held on a stop works like the pointer") {
  HeldDesk d(lecture());
  d.ui.focus = "stop_live";
  d.step();
  key_down({Key::Enter, 0}, d.now, false, d.snapshot, d.ui, d.out);
  for (int i = 0; i < 45; ++i) d.step(0.05);
  CHECK(d.only<StopLive>());
  key_up({Key::Enter, 0}, d.ui);
  d.step();
  CHECK(d.out.size() == 1);
}

TEST_CASE("the close question covers the desk and stops nothing") {
  HeldDesk d(lecture());
  d.ui.dialog = Dialog::Close;
  d.step();
  CHECK_FALSE(d.find("take"));
  REQUIRE(d.click("close.no"));
  CHECK(d.ui.dialog == Dialog::None);
  CHECK_FALSE(d.ui.leave);
  d.ui.dialog = Dialog::Close;
  d.step();
  d.click("close.yes");
  CHECK(d.ui.leave);
  CHECK(d.out.empty());
}

TEST_CASE("without a station nothing can be pressed") {
  HeldDesk d(lecture());
  d.ui.link = Link::Lost;
  d.step();
  for (const Item& i : d.items) CHECK_FALSE(i.focusable);
}

TEST_CASE("compact mode reaches everything through tabs") {
  HeldDesk d(lecture(), 1366, 768);
  CHECK(d.find("mute.mic_pa"));
  CHECK_FALSE(d.find("overlay.name_host"));
  d.click("tab.overlays");
  d.step();
  CHECK(d.find("overlay.name_host"));
  CHECK(d.find("stop_live"));  // never behind a tab
  d.click("tab.multiview");
  d.step();
  CHECK(d.find("input.cam_main"));
  d.click("tab.outputs");
  d.step();
  CHECK(d.find("screen.close"));
  CHECK(d.out.empty());
}

TEST_CASE("more scenes than a row holds are on the next page") {
  Snapshot s = lecture();
  for (int i = 0; i < 6; ++i)
    s.scenes.push_back(scene(("more" + std::to_string(i)).c_str(), name("追加", "More"), 0, {}));
  HeldDesk d(s);
  CHECK_FALSE(d.find("scene.more5"));
  d.click("scenes.more");
  d.step();
  CHECK(d.find("scene.more5"));
}

TEST_CASE("strips that do not fit scroll, and hidden ones cannot be touched") {
  Snapshot s = lecture();
  for (int i = 0; i < 12; ++i)
    s.strips.push_back(
        strip(("extra" + std::to_string(i)).c_str(), name("追加マイク", "Extra mic"), true, -20));
  HeldDesk d(s);
  CHECK_FALSE(d.find("mute.extra11"));
  ImGui::GetIO().MousePos = {d.layout.audio.x + 40, d.layout.audio.middle()};
  for (int i = 0; i < 30; ++i) {
    ImGui::GetIO().MouseWheel = -1;
    d.step();
  }
  d.step();
  CHECK(d.find("mute.extra11"));
  CHECK_FALSE(d.find("mute.mic_pa"));
}

TEST_CASE("tally follows inputs through scenes") {
  const Snapshot s = lecture();
  CHECK(tally_of_input(s, "slide_pc").program);
  CHECK_FALSE(tally_of_input(s, "slide_pc").preview);
  CHECK(tally_of_input(s, "cam_main").program);
  CHECK(tally_of_input(s, "cam_main").preview);
  CHECK_FALSE(tally_of_input(s, "cam_wide").program);
  CHECK_FALSE(tally_of_input(lecture_under_card(), "slide_pc").program);
}

}  // namespace kakehashi::testing
