// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/keys.h"

#include <doctest/doctest.h>

#include "fixture.h"

namespace kakehashi::testing {
namespace {

struct Hand {
  Snapshot s = lecture();
  UiState ui;
  Commands out;
  double now = 50;
  Hand() {
    ui.link = Link::Connected;
    follow(s, ui, now);
  }
  void down(Key k, int digit = 0, bool text = false) {
    key_down({k, digit}, now, text, s, ui, out);
  }
  void up(Key k) { key_up({k, 0}, ui); }
  void wait(double seconds) {
    for (const double end = now + seconds; now < end; now += 0.02) keys_tick(now, s, ui, out);
  }
  void cover() {
    s.emergency = true;
    follow(s, ui, now);
  }
};

}  // namespace

TEST_CASE("a number chooses the scene that has it, card or not") {
  Hand h;
  h.down(Key::Digit, 5);
  REQUIRE(h.out.size() == 1);
  CHECK(std::get<SelectPreview>(h.out[0]).scene == "slide");
  h.down(Key::Digit, 9);
  CHECK(std::get<SelectPreview>(h.out[1]).scene == "card_break");
  h.s.scenes[4].key = 0;
  h.down(Key::Digit, 5);
  CHECK(h.out.size() == 2);  // nobody has 5 now
}

TEST_CASE("Space takes once; a second one within half a second is a slip") {
  Hand h;
  h.down(Key::Space);
  h.now += 0.3;
  h.down(Key::Space);
  CHECK(h.out.size() == 1);
  CHECK(std::holds_alternative<Take>(h.out[0]));
  h.now += 0.25;
  h.down(Key::Space);
  CHECK(h.out.size() == 2);
}

TEST_CASE("T takes the name that is out off, else brings the first name") {
  Hand h;
  h.down(Key::T);  // the host's is out
  CHECK_FALSE(std::get<SetOverlay>(h.out.at(0)).on);
  CHECK(std::get<SetOverlay>(h.out.at(0)).overlay == "name_host");
  h.s.overlays[1].on = false;
  h.down(Key::T);
  CHECK(std::get<SetOverlay>(h.out.at(1)).on);
  CHECK(std::get<SetOverlay>(h.out.at(1)).overlay == "name_speaker");
  h.s.overlays[0].fits = false;  // no place in this scene
  h.down(Key::T);
  CHECK(h.out.size() == 2);
  h.s.overlays.erase(h.s.overlays.begin(), h.s.overlays.begin() + 2);  // no names: the first one
  h.s.overlays[0].fits = true;
  h.down(Key::T);
  CHECK(std::get<SetOverlay>(h.out.at(2)).overlay == "title");
}

TEST_CASE("M, H, R and J mark the recording; H ends an open off-record span; nothing without one") {
  Hand h;
  for (const Key k : {Key::M, Key::H, Key::R, Key::J}) h.down(k);
  REQUIRE(h.out.size() == 4);
  const MarkerKind kinds[] = {MarkerKind::Chapter, MarkerKind::OffRecord, MarkerKind::Retraction,
                              MarkerKind::Incident};
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(std::get<Mark>(h.out[i]).kind == kinds[i]);
    CHECK(std::get<Mark>(h.out[i]).on);
  }
  h.s.record.off_record = true;
  h.down(Key::H);
  CHECK_FALSE(std::get<Mark>(h.out.at(4)).on);
  h.s.record.recording = false;
  h.down(Key::M);
  CHECK(h.out.size() == 5);
}

TEST_CASE("while somebody types only Esc speaks") {
  Hand h;
  for (const Key k : {Key::Space, Key::T, Key::M, Key::H, Key::Enter, Key::Tab}) h.down(k, 0, true);
  h.down(Key::Digit, 3, true);
  CHECK(h.out.empty());
  h.down(Key::Escape, 0, true);
  CHECK(std::holds_alternative<EmergencyOn>(h.out.at(0)));
}

TEST_CASE("Esc covers at once; nothing else happens while it is held on") {
  Hand h;
  h.down(Key::Escape);
  REQUIRE(h.out.size() == 1);
  CHECK(std::holds_alternative<EmergencyOn>(h.out[0]));
  h.cover();
  h.wait(6);  // the same finger, still down
  CHECK(h.out.size() == 1);
}

TEST_CASE("the way back: check, hold two seconds, count three") {
  Hand h;
  h.cover();
  CHECK(h.ui.rescue.open == std::vector<std::string>{"mic_pa", "mic_host", "mic_speaker"});
  h.down(Key::Escape);  // before step 1 a hold does nothing
  h.wait(6);
  h.up(Key::Escape);
  CHECK(h.out.empty());

  h.down(Key::Enter);
  CHECK(h.ui.rescue.confirmed);
  h.down(Key::Escape);
  h.wait(1.9);
  h.up(Key::Escape);  // too early
  h.wait(6);
  CHECK(h.out.empty());

  h.down(Key::Escape);
  h.wait(2.1);
  h.up(Key::Escape);
  CHECK(h.out.empty());  // counting
  h.wait(3.1);
  REQUIRE(h.out.size() == 1);
  CHECK(std::get<EmergencyOff>(h.out[0]).open ==
        std::vector<std::string>{"mic_pa", "mic_host", "mic_speaker"});
  h.wait(10);
  CHECK(h.out.size() == 1);  // sent once
}

TEST_CASE("Esc during the countdown stays under the card") {
  Hand h;
  h.cover();
  h.down(Key::Enter);
  h.down(Key::Escape);
  h.wait(2.5);
  h.up(Key::Escape);
  REQUIRE(h.ui.rescue.counting_since >= 0);
  h.down(Key::Escape);
  h.wait(10);
  CHECK(h.out.empty());
  CHECK(h.ui.rescue.counting_since < 0);
}

TEST_CASE("Esc just after the return covers again") {
  Hand h;
  h.cover();
  h.down(Key::Enter);
  h.down(Key::Escape);
  h.wait(2.1);
  h.up(Key::Escape);
  h.wait(3.1);
  REQUIRE(h.out.size() == 1);
  h.down(Key::Escape);  // the snapshot still says emergency
  REQUIRE(h.out.size() == 2);
  CHECK(std::holds_alternative<EmergencyOn>(h.out[1]));
}

TEST_CASE("under the card take and overlays rest, numbers still choose") {
  Hand h;
  h.cover();
  h.down(Key::Space);
  h.down(Key::T);
  CHECK(h.out.empty());
  h.down(Key::Digit, 1);
  CHECK(std::holds_alternative<SelectPreview>(h.out.at(0)));
}

TEST_CASE("the card's end forgets the way back") {
  Hand h;
  h.cover();
  h.down(Key::Enter);
  h.s.emergency = false;
  follow(h.s, h.ui, h.now);
  h.cover();
  CHECK_FALSE(h.ui.rescue.confirmed);
}

TEST_CASE("no key does anything without a station, and a dialog leaves only Esc") {
  Hand h;
  h.ui.dialog = Dialog::Close;
  h.down(Key::Space);
  h.down(Key::Digit, 2);
  h.down(Key::T);
  CHECK(h.out.empty());
  h.down(Key::Escape);
  CHECK(h.out.size() == 1);
  CHECK(h.ui.dialog == Dialog::None);
  h.ui.link = Link::Lost;
  h.down(Key::Escape);
  h.down(Key::Space);
  CHECK(h.out.size() == 1);
}

TEST_CASE("no key stops a broadcast") {
  Hand h;
  for (int k = 0; k <= static_cast<int>(Key::Down); ++k) {
    h.down(static_cast<Key>(k), 1);
    h.wait(3);
  }
  for (const Command& c : h.out) {
    CHECK_FALSE(std::holds_alternative<StopLive>(c));
    CHECK_FALSE(std::holds_alternative<StopRecord>(c));
    CHECK_FALSE(std::holds_alternative<Quit>(c));
  }
}

}  // namespace kakehashi::testing
