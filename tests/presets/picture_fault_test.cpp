// SPDX-License-Identifier: GPL-3.0-or-later
// Mistakes in layouts, looks, overlays, cards and buses, each named by its place.
#include <doctest/doctest.h>

#include "tests/presets/faults.h"

using namespace kakehashi;
using namespace kakehashi::testing;

namespace {

std::string with_layer(const std::string& more) {
  return with_scene(R"({"id": "t", "layers": [{"input": "cam", )" + more + "}]}");
}
std::string with_overlay(const std::string& overlay) {
  return event_with(R"("overlays": [{"id": "o", )" + overlay + "}]");
}
std::string with_card(const std::string& more) {
  return event_with(R"("cards": [{"id": "c", "title": "t", )" + more + "}]");
}
std::string with_scenes(const std::string& scenes, const std::string& more = "") {
  return event_with(more, R"([{"id": "cam"}, {"id": "mic", "video": false, "audio": true}])",
                    "[" + scenes + "]");
}

}  // namespace

TEST_CASE("layouts and their slots") {
  expect_fault(with_scene(R"({"id": "t", "layout": "full", "slots": {"main": "cam"},
                              "layers": [{"input": "cam"}]})"),
               "scenes[1]", "a layout and layers");
  expect_fault(with_scene(R"({"id": "t", "layout": "fulll", "slots": {"main": "cam", "x": 5}})"),
               "scenes[1].layout", "no layout is called \"fulll\" (layouts: full, slide_speaker");
  expect_fault(with_scene(R"({"id": "t", "layout": "card_qr", "slots": {"qr": "cam"}})"),
               "scenes[1].layout", "no layout is called \"card_qr\"");
  expect_fault(with_scene(R"({"id": "t", "layout": "full", "slots": {"mian": "cam"}})"),
               "scenes[1].slots.mian", "has no such slot (slots: main)");
  expect_fault(
      with_scene(R"({"id": "t", "layout": "two_up", "slots": {"left": "cam", "right": "cam-3"}})"),
      "scenes[1].slots.right", "no input is called \"cam-3\" (inputs: cam, mic)");
  expect_fault(with_scene(R"({"id": "t", "layout": "full", "slots": {"main": "mic"}})"),
               "scenes[1].slots.main", "has no picture");
  expect_fault(with_scene(R"({"id": "t", "layout": "full", "slots": ["cam"]})"), "scenes[1].slots",
               "must be an object");
}

TEST_CASE("a layout without pictures, slots without a layout, an empty slot") {
  for (const char* scene :
       {R"({"id": "t", "layout": "full"})", R"({"id": "t", "layout": "full", "slots": {}})",
        R"({"id": "t", "layout": "full", "slots": {"main": ""}})"})
    expect_fault(with_scene(scene), "scenes[1].slots", "which input stands in which slot");
  expect_fault(with_scene(R"({"id": "t", "layers": [{"input": "cam"}], "slots": {"main": "cam"}})"),
               "scenes[1].layout", "slots need a layout");
  const auto half =
      parse(with_scene(R"({"id": "t", "layout": "two_up", "slots": {"left": "cam"}})"));
  CHECK(half.ok());
  REQUIRE(half.notices.size() == 1);
  CHECK(half.notices[0].message == "nothing stands in the slot \"right\"");
}

TEST_CASE("when, else, fallback, aux") {
  const std::string base = R"({"id": "a", "layout": "full", "slots": {"main": "cam"}, )";
  const auto with = [&](const std::string& more) { return with_scenes(base + more + "}"); };
  expect_fault(with(R"("fallback": "x")"), "scenes[0].fallback", "no input");
  expect_fault(with(R"("fallback": "mic")"), "scenes[0].fallback", "has no picture");
  expect_fault(with(R"("when": "cam")"), "scenes[0].else", "belong together");
  expect_fault(with(R"("else": "a")"), "scenes[0].when", "belong together");
  expect_fault(with(R"("when": "cam", "else": "x")"), "scenes[0].else", "no scene is called");
  expect_fault(with(R"("when": "cam", "else": "a")"), "scenes[0].else", "leads back");
  expect_fault(with(R"("aux": "x")"), "scenes[0].aux", "no scene is called");
  expect_fault(with_scene(R"({"id": "t", "layers": [{"input": "cam"}], "fallback": "cam"})"),
               "scenes[1].fallback", "needs a layout");
  const auto circle =
      parse(with_scenes(base + R"("when": "cam", "else": "b"},)" +
                        R"({"id": "b", "layout": "full", "slots": {"main": "cam"},)" +
                        R"("when": "cam", "else": "a"})"));
  CHECK(circle.faults.size() == 2);
  // A chain that ends is none, also one that leads into a circle told elsewhere.
  CHECK(parse(with_scenes(base + R"("when": "cam", "else": "b"},)" +
                          R"({"id": "b", "layers": [{"input": "cam"}]})"))
            .ok());
}

TEST_CASE("an event with sign language needs its camera, and tells scenes it cannot change") {
  expect_fault(event_with(R"("sign_language": true)"), "sign_language",
               "an input called \"sign_cam\"");
  expect_fault(event_with(R"("sign_language": true)",
                          R"([{"id": "cam"}, {"id": "sign_cam", "video": false, "audio": true}])"),
               "sign_language", "with a picture");
  const auto told =
      parse(event_with(R"("sign_language": true)", R"([{"id": "cam"}, {"id": "sign_cam"}])"));
  CHECK(told.ok());
  REQUIRE(told.notices.size() == 1);
  CHECK(told.notices[0].path == "scenes[0]");
  CHECK(parse(event_with(R"("sign_language": true)", R"([{"id": "cam"}, {"id": "sign_cam"}])",
                         R"([{"id": "s", "layout": "full", "slots": {"main": "cam"}}])"))
            .notices.empty());
  const auto covered =
      parse(event_with(R"("overlays": [{"id": "o", "name": "n", "rect": [1200, 700, 600, 100]}])",
                       R"([{"id": "cam"}, {"id": "sign_cam"}])",
                       R"([{"id": "s", "layers": [{"input": "cam"},
                     {"input": "sign_cam", "rect": [1368, 48, 504, 690]}]}])"));
  CHECK(covered.ok());
  REQUIRE(covered.notices.size() == 1);
  CHECK(covered.notices[0].path == "overlays[0]");
}

TEST_CASE("looks") {
  const std::string layer = "scenes[1].layers[0].";
  expect_fault(with_layer(R"("turn": 90)"), layer + "turn", "upright, right, half, left");
  expect_fault(with_layer(R"("flip_horizontal": 1)"), layer + "flip_horizontal", "true or false");
  expect_fault(with_layer(R"("correction": {"gamma": 0})"), layer + "correction.gamma",
               "0.1 to 10");
  expect_fault(with_layer(R"("chroma_key": {"colour": "green"})"), layer + "chroma_key.colour",
               "#22384A");
  expect_fault(with_layer(R"("chroma_key": {"similarity": 2})"), layer + "chroma_key.similarity",
               "0 to 1");
  expect_fault(with_layer(R"("masks": [{"cover": "blur"}])"), layer + "masks[0].rect",
               "is missing");
  expect_fault(with_layer(R"("masks": [{"rect": [1, 0, 1, 1]}])"), layer + "masks[0].rect",
               "hides nothing");
  expect_fault(with_layer(R"("masks": [{"rect": [0, 0, 100, 100]}])"), layer + "masks[0].rect",
               "fractions");
  expect_fault(with_layer(R"("masks": [{"rect": [0, 0, 1, 1], "shape": "star"}])"),
               layer + "masks[0].shape", "rectangle, ellipse");
  expect_fault(with_layer(R"("corner_radius": -1)"), layer + "corner_radius", "0 to 2048");
  expect_fault(with_layer(R"("border": {"width": 1000})"), layer + "border.width", "0 to 512");
  expect_fault(with_layer(R"("shadow": {"opacity": 2})"), layer + "shadow.opacity", "0 to 1");
  expect_fault(with_input(R"("masks": {})"), "inputs[1].masks", "must be a list");
}

TEST_CASE("overlays come from their table") {
  expect_fault(with_overlay(R"("kind": "lower_third", "name": "n")"), "overlays[0].kind",
               "no kind is called \"lower_third\" (kinds: name_title, name_row");
  expect_fault(with_overlay(R"("kind": "name_title")"), "overlays[0].name", "is missing");
  expect_fault(with_overlay(R"("kind": "name_row", "people": [{"name": "a"}])"),
               "overlays[0].people", "names 2 to 4 people, not 1");
  expect_fault(with_overlay(R"("kind": "name_row")"), "overlays[0].people", "not 0");
  expect_fault(with_overlay(R"("kind": "name_row", "people": [{"name": "a"}, {"kana": "b"}])"),
               "overlays[0].people[1].name", "is missing");
  expect_fault(with_overlay(R"("kind": "name_title", "name": "n", "side": "middle")"),
               "overlays[0].side", "left, right");
  expect_fault(with_overlay(R"("kind": "notice")"), "overlays[0].text", "is missing");
  expect_fault(with_overlay(R"("kind": "qr", "url": "https://user:pw@example.lg.jp/")"),
               "overlays[0].url", "password");
  expect_fault(with_overlay(R"("kind": "caption", "size": 20)"), "overlays[0].size", "60 to 120");
  expect_fault(with_overlay(R"("name": "n", "hold_s": -1)"), "overlays[0].hold_s", "0 to 86400");
  for (const char* time : {"14:60", "24:00", "9:00", "2026-02-30T10:00", "14:00:00", "昼"})
    expect_fault(with_overlay(R"("kind": "countdown", "to": ")" + std::string(time) + "\""),
                 "overlays[0].to", "must be a time like \"14:00\"");
  expect_fault(with_overlay(R"("kind": "countdown")"), "overlays[0].to", "or \"minutes\"");
  expect_fault(with_overlay(R"("kind": "countdown", "to": "14:00", "minutes": 5)"),
               "overlays[0].to", "or \"minutes\"");
}

TEST_CASE("cards, colours and buses") {
  expect_fault(with_card(R"("kind": "lunch")"), "cards[0].kind",
               "other, opening, soon, break, trouble, ending");
  expect_fault(with_card(R"("url": "https://user:pw@example.lg.jp/")"), "cards[0].url", "password");
  expect_fault(with_card(R"("qr": true)"), "cards[0].qr", "needs the url");
  for (const char* time : {"14", "2026-11-31T10:00", "2026-11-22 14:00", "25:00", "1４:00"})
    expect_fault(with_card(R"("countdown_to": ")" + std::string(time) + "\""),
                 "cards[0].countdown_to", "2026-11-22T14:00");
  CHECK(parse(with_card(R"("countdown_to": "2028-02-29T23:59")")).ok());
  expect_fault(event_with(R"("dip_colour": "#12345")"), "dip_colour", "#22384A");
  expect_fault(event_with(R"("venue_bus": {"scene": "x"})"), "venue_bus.scene",
               "no scene is called \"x\" (scenes: s)");
  expect_fault(event_with(R"("aux_bus": {"scene": "x"})"), "aux_bus.scene", "no scene");
  expect_fault(event_with(R"("genlock": "yes")"), "genlock", "true or false");
  expect_fault(event_with(R"("record": {"clean": 1})"), "record.clean", "true or false");
  expect_fault(event_with(R"("script": [{"at_s": 1, "scene": "s", "transition": "spin"}])"),
               "script[0].transition", "wipe_left");
}
