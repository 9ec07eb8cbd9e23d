// SPDX-License-Identifier: GPL-3.0-or-later
// 手話あり, bindings and fallbacks: what becomes of a show's scenes.
#include <algorithm>

#include <doctest/doctest.h>

#include "core/layout_table.h"

using namespace kakehashi;

namespace {

struct Event : Show {
  explicit Event(std::vector<std::string> bound,
                 std::vector<std::string> roles = {"cam_main", "cam_wide", "cam_panel", "slide_pc",
                                                   "remote_pc", "sign_cam"}) {
    for (const auto& role : roles) {
      inputs.emplace_back().id = role;
      if (std::find(bound.begin(), bound.end(), role) != bound.end())
        inputs.back().source = SourceSpec{"test", {}};
    }
  }
  Scene& add(const char* word, const char* layout, std::vector<SlotFill> slots) {
    Scene& scene = scenes.emplace_back();
    scene.id = word;
    scene.name = {word, word};
    scene.key = static_cast<int>(scenes.size());
    scene.layout = layout;
    scene.slots = std::move(slots);
    return scene;
  }
};

std::string made_of(const Scene& scene) {
  std::string out = scene.card.empty() ? scene.layout : "card:" + scene.card;
  for (const Layer& layer : scene.layers) out += " " + layer.slot + "=" + layer.input;
  return out;
}

const std::vector<std::string> kAll{"cam_main", "cam_wide",  "cam_panel",
                                    "slide_pc", "remote_pc", "sign_cam"};

}  // namespace

TEST_CASE("slots become layers; what nobody touched stays") {
  Event event(kAll);
  event.add("a", "slide_speaker", {{"speaker", "cam_main"}, {"slide", "slide_pc"}});
  Scene& hand = event.add("b", "", {});
  hand.layers.push_back({.input = "cam_wide", .rect = {1, 2, 3, 4}});
  event.add("c", "", {}).card = "pause";
  const Show out = arranged(event);
  CHECK(made_of(out.scenes[0]) == "slide_speaker slide=slide_pc speaker=cam_main");
  CHECK(out.scenes[0].layers[0].rect == Rect{48, 60, 1344, 756});
  CHECK(out.scenes[0].layers[0].fit == FitMode::Fit);
  CHECK(out.scenes[0].layers[1].fit == FitMode::Fill);
  CHECK(out.scenes[1] == event.scenes[1]);
  CHECK(out.scenes[2] == event.scenes[2]);
}

TEST_CASE("with an interpreter every scene has the interpreter") {
  Event event(kAll);
  event.sign_language = true;
  event.add("full", "full", {{"main", "cam_main"}});
  event.add("slide", "slide_speaker", {{"slide", "slide_pc"}, {"speaker", "cam_main"}});
  event.add("panel", "panel_slide", {{"slide", "slide_pc"}, {"a", "cam_main"}, {"b", "remote_pc"}});
  event.add("two", "two_up", {{"left", "cam_main"}, {"right", "remote_pc"}});
  event.add("four", "panel_4", {{"a", "cam_main"}, {"b", "cam_panel"}, {"c", "remote_pc"}});
  event.add("own", "main_sign", {{"main", "cam_main"}, {"sign", "sign_cam"}});
  event.add("forgotten", "main_sign", {{"main", "cam_wide"}});
  event.add("alone", "full", {{"main", "sign_cam"}});
  event.add("pause", "", {}).card = "pause";
  const Show out = arranged(event);
  const char* const expected[] = {
      "main_sign main=cam_main sign=sign_cam",
      "slide_speaker_sign slide=slide_pc sign=sign_cam speaker=cam_main",
      "slide_speaker_sign slide=slide_pc sign=sign_cam speaker=cam_main",
      "two_up_sign left=cam_main right=remote_pc sign=sign_cam",
      "main_sign main=cam_wide sign=sign_cam",
      "main_sign main=cam_main sign=sign_cam",
      "main_sign main=cam_wide sign=sign_cam",
      "full main=sign_cam",
      "card:pause"};
  for (std::size_t i = 0; i < out.scenes.size(); ++i) {
    CHECK(made_of(out.scenes[i]) == expected[i]);
    CHECK(out.scenes[i].id == event.scenes[i].id);
    CHECK(out.scenes[i].name == event.scenes[i].name);
    CHECK(out.scenes[i].key == event.scenes[i].key);
  }
  CHECK(without_interpreter(out).empty());
  event.sign_language = false;
  CHECK(made_of(arranged(event).scenes[0]) == "full main=cam_main");
}

TEST_CASE("a panel without a wide camera shows its first person beside the interpreter") {
  Event event({"cam_panel", "sign_cam"});
  event.sign_language = true;
  event.add("four", "panel_4", {{"a", "cam_panel"}, {"b", "cam_main"}});
  CHECK(made_of(arranged(event).scenes[0]) == "main_sign main=cam_panel sign=sign_cam");
}

TEST_CASE("an interpreter whose camera is missing is missed in the picture") {
  Event event({"cam_main", "cam_wide"});
  event.sign_language = true;
  event.add("s", "full", {{"main", "cam_main"}}).fallback = "cam_wide";
  const Show out = arranged(event);
  CHECK(made_of(out.scenes[0]) == "main_sign main=cam_main sign=sign_cam");
}

TEST_CASE("scenes of hand-made layers are told, not changed") {
  Event event(kAll);
  event.sign_language = true;
  event.add("bare", "", {}).layers.push_back({.input = "cam_main", .rect = {0, 0, 1920, 1080}});
  event.add("with", "", {}).layers.push_back({.input = "sign_cam", .rect = {0, 0, 600, 600}});
  event.add("full", "full", {{"main", "cam_main"}});
  CHECK(without_interpreter(event) == std::vector<std::string>{"bare"});
  CHECK(arranged(event).scenes[0] == event.scenes[0]);
  event.sign_language = false;
  CHECK(without_interpreter(event).empty());
}

TEST_CASE("a scene whose role is not bound is another one, along the chain") {
  Event event({"cam_main", "slide_pc"});
  Scene& a = event.add("a", "two_up", {{"left", "cam_main"}, {"right", "remote_pc"}});
  a.when = "remote_pc";
  a.otherwise = "b";
  Scene& b = event.add("b", "full", {{"main", "cam_wide"}});
  b.when = "cam_wide";
  b.otherwise = "c";
  event.add("c", "slide_speaker", {{"slide", "slide_pc"}, {"speaker", "cam_main"}}).aux = "d";
  Scene& d = event.add("d", "full", {{"main", "remote_pc"}});
  d.when = "remote_pc";
  d.otherwise = "pause";
  event.add("pause", "", {}).card = "pause";
  Scene& e = event.add("e", "full", {{"main", "remote_pc"}});
  e.when = "remote_pc";  // and nothing to show instead
  const Show out = arranged(event);
  for (const int i : {0, 1, 2})
    CHECK(made_of(out.scenes[static_cast<std::size_t>(i)]) ==
          "slide_speaker slide=slide_pc speaker=cam_main");
  CHECK(out.scenes[0].id == "a");
  CHECK(out.scenes[0].key == 1);
  CHECK(out.scenes[0].aux == "d");
  CHECK(out.scenes[3].card == "pause");
  CHECK(out.scenes[3].layers.empty());
  CHECK(made_of(out.scenes[5]) == "full main=remote_pc");
}

TEST_CASE("scenes that wait for each other show themselves") {
  Event event({});
  for (const auto& [id, next] : {std::pair{"a", "b"}, {"b", "a"}, {"c", "c"}, {"d", "a"}}) {
    Scene& scene = event.add(id, "full", {{"main", "cam_main"}});
    scene.slots[0].input = std::string("in_") + id;
    scene.when = "remote_pc";
    scene.otherwise = next;
  }
  const Show out = arranged(event);
  for (const Scene& scene : out.scenes) CHECK(made_of(scene) == "full main=in_" + scene.id);
}

TEST_CASE("a slot whose input is not bound shows the fallback, once") {
  const auto with = [](std::vector<std::string> bound, const char* layout,
                       std::vector<SlotFill> slots, const char* fallback) {
    Event event(std::move(bound));
    event.add("s", layout, std::move(slots)).fallback = fallback;
    return made_of(arranged(event).scenes[0]);
  };
  CHECK(with({"cam_main"}, "full", {{"main", "cam_wide"}}, "cam_main") == "full main=cam_main");
  CHECK(with({"cam_wide"}, "full", {{"main", "cam_wide"}}, "cam_main") == "full main=cam_wide");
  CHECK(with({}, "full", {{"main", "cam_wide"}}, "cam_main") == "full main=cam_wide");
  // No camera at a training: the slide alone, not twice.
  CHECK(with({"slide_pc"}, "slide_speaker", {{"slide", "slide_pc"}, {"speaker", "cam_main"}},
             "slide_pc") == "full main=slide_pc");
  CHECK(with({"slide_pc", "sign_cam"}, "slide_speaker_sign",
             {{"slide", "slide_pc"}, {"speaker", "cam_main"}, {"sign", "sign_cam"}},
             "slide_pc") == "main_sign main=slide_pc sign=sign_cam");
  CHECK(with({"slide_pc", "cam_wide"}, "panel_slide",
             {{"slide", "slide_pc"}, {"a", "cam_main"}, {"b", "remote_pc"}},
             "cam_wide") == "panel_slide slide=slide_pc a=cam_wide");
}

TEST_CASE("arranging twice changes nothing more, whatever the show") {
  std::uint32_t state = 1;
  const auto pick = [&](std::size_t n) {
    return static_cast<std::size_t>((state = state * 1664525u + 1013904223u) >> 8) % n;
  };
  for (int round = 0; round < 3000; ++round) {
    std::vector<std::string> bound;
    for (const auto& id : kAll)
      if (pick(2)) bound.push_back(id);
    Event event(bound);
    event.sign_language = pick(2) == 1;
    for (int i = 0; i < 5; ++i) {
      const LayoutRow& layout = layouts()[pick(layouts().size())];
      std::vector<SlotFill> slots;
      for (const auto& box : layout.slots)
        if (pick(4)) slots.push_back({box.name, kAll[pick(kAll.size())]});
      const std::string id(1, static_cast<char>('a' + i));
      Scene& scene = event.add(id.c_str(), layout.id.c_str(), std::move(slots));
      if (pick(2)) scene.fallback = kAll[pick(kAll.size())];
      if (pick(2)) scene.when = kAll[pick(kAll.size())];
      if (pick(2)) scene.otherwise = std::string(1, static_cast<char>('a' + pick(6)));
      if (pick(8) == 0) scene.card = "pause";
    }
    const Show once = arranged(event);
    const Show twice = arranged(once);
    for (std::size_t i = 0; i < once.scenes.size(); ++i) {
      INFO(made_of(once.scenes[i]) << " then " << made_of(twice.scenes[i]));
      REQUIRE(twice.scenes[i] == once.scenes[i]);
    }
    for (std::size_t i = 0; i < once.scenes.size(); ++i) {
      const Scene& scene = once.scenes[i];
      REQUIRE(scene.id == event.scenes[i].id);
      const bool pictures = scene.card.empty() && !scene.layers.empty();
      if (!event.sign_language || !pictures || scene.layout == "card_qr") continue;
      REQUIRE(std::any_of(scene.layers.begin(), scene.layers.end(),
                          [](const Layer& layer) { return layer.input == "sign_cam"; }));
    }
  }
}
