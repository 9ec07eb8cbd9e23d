// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/relayout.h"

#include <doctest/doctest.h>

using namespace kakehashi;

namespace {

Show lecture() {
  Show show;
  for (const char* id : {"cam_wide", "cam_main", "slide_pc", "remote_pc", "sign_cam"}) {
    Input input;
    input.id = id;
    input.source = SourceSpec{"test", {}};
    show.inputs.push_back(input);
  }
  Input mic;
  mic.id = "mic";
  mic.video = false;
  show.inputs.push_back(mic);
  Scene talk;
  talk.id = "talk";
  talk.layout = "slide_speaker";
  talk.slots = {{"slide", "slide_pc"}, {"speaker", "cam_main"}};
  Scene by_hand;
  by_hand.id = "by_hand";
  by_hand.layers.resize(1);
  by_hand.layers[0].input = "cam_main";
  Scene card;
  card.id = "pause";
  card.card = "pause";
  show.scenes = {talk, by_hand, card};
  return arranged(show);
}

std::string in_slot(const Show& show, const char* scene, const std::string& slot) {
  for (const SlotFill& fill : find_by_id(show.scenes, scene)->slots)
    if (fill.slot == slot) return fill.input;
  return "";
}

}  // namespace

TEST_CASE("inputs find their places in another layout") {
  const Show show = lecture();
  auto two = with_layout(show, "talk", "panel_slide");
  REQUIRE(two.ok());
  CHECK(in_slot(*two, "talk", "slide") == "slide_pc");
  CHECK(in_slot(*two, "talk", "a") == "cam_main");
  CHECK(in_slot(*two, "talk", "b") == "remote_pc");
  CHECK(find_by_id(two->scenes, "talk")->layers.size() == 3);

  auto sign = with_layout(show, "talk", "slide_speaker_sign");
  REQUIRE(sign.ok());
  CHECK(in_slot(*sign, "talk", "sign") == "sign_cam");
  CHECK(in_slot(*sign, "talk", "speaker") == "cam_main");

  // A full picture shows what led the scene; and the way back brings the speaker again.
  auto full = with_layout(show, "talk", "full");
  REQUIRE(full.ok());
  CHECK(in_slot(*full, "talk", "main") == "slide_pc");
  auto back = with_layout(*full, "talk", "slide_speaker");
  REQUIRE(back.ok());
  CHECK(find_by_id(back->scenes, "talk")->layers == find_by_id(show.scenes, "talk")->layers);
}

TEST_CASE("nobody stands twice, microphones and the interpreter never stand in for a picture") {
  for (const LayoutRow& row : layouts()) {
    const Show show = lecture();
    const auto slots = slots_for(show, show.scenes[0], row);
    for (std::size_t i = 0; i < slots.size(); ++i) {
      CHECK(slots[i].input != "mic");
      CHECK((slots[i].input == "sign_cam") == (slots[i].slot == "sign"));
      for (std::size_t k = i + 1; k < slots.size(); ++k) CHECK(slots[i].input != slots[k].input);
    }
  }
}

TEST_CASE("what cannot have a layout says so") {
  const Show show = lecture();
  CHECK(with_layout(show, "nobody", "full").error().kind == ErrorKind::NotFound);
  CHECK(with_layout(show, "talk", "round").error().kind == ErrorKind::NotFound);
  CHECK(with_layout(show, "talk", "card").error().kind == ErrorKind::NotFound);
  CHECK(with_layout(show, "talk", "card_qr").error().kind == ErrorKind::NotFound);
  CHECK(with_layout(show, "by_hand", "full").error().kind == ErrorKind::FixInput);
  CHECK(with_layout(show, "pause", "full").error().kind == ErrorKind::FixInput);
}
