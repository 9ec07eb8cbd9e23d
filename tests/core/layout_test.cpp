// SPDX-License-Identifier: GPL-3.0-or-later
// Geometry that holds for every layout, every shape of slide and every kind of overlay.
#include <cmath>

#include <doctest/doctest.h>

#include "core/layout_table.h"
#include "core/overlay_kind.h"

using namespace kakehashi;

namespace {

constexpr double kAspects[] = {4.0 / 3,  16.0 / 9, 16.0 / 10, 1.0,           9.0 / 16,
                               21.0 / 9, 1.414,    0.707,     1366.0 / 768.0};

bool overlap(const Rect& a, const Rect& b) {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}
bool inside(const Rect& inner, const Rect& outer) {
  return inner.x >= outer.x && inner.y >= outer.y && inner.x + inner.w <= outer.x + outer.w &&
         inner.y + inner.h <= outer.y + outer.h;
}
constexpr Rect kActionSafe{24, 13, 1872, 1053};  // 97.5 %
constexpr Rect kTitleSafe{96, 54, 1728, 972};    // 90 %
constexpr Rect kCanvas{0, 0, 1920, 1080};

// A scene in this layout with one input per slot, arranged.
Scene scene_in(const LayoutRow& layout, const Canvas& canvas = {}) {
  Show show;
  show.canvas = canvas;
  Scene scene;
  scene.id = "s";
  scene.layout = layout.id;
  for (const auto& box : layout.slots) {
    show.inputs.emplace_back().id = "in_" + box.name;
    show.inputs.back().source = SourceSpec{"test", {}};
    scene.slots.push_back({box.name, "in_" + box.name});
  }
  show.scenes.push_back(scene);
  return arranged(show).scenes[0];
}

std::string words(const Rect& r) {
  return std::to_string(r.x) + "," + std::to_string(r.y) + " " + std::to_string(r.w) + "x" +
         std::to_string(r.h);
}

}  // namespace

TEST_CASE("slots never overlap and stay in the action-safe area, whatever shape the slide has") {
  for (const auto& layout : layouts()) {
    const Scene scene = scene_in(layout);
    CHECK(scene.layers.size() == layout.slots.size());
    for (const double aspect : kAspects) {
      std::vector<Rect> rects;
      for (const Layer& layer : scene.layers) {
        const Rect r = slot_rect(scene, layer, aspect);
        INFO(layout.id << "." << layer.slot << " at " << aspect << ": " << words(r));
        CHECK(r.w >= 2);
        CHECK(r.h >= 2);
        CHECK(inside(r, kActionSafe) == (r != kCanvas));
        for (const Rect& other : rects) CHECK_FALSE(overlap(r, other));
        rects.push_back(r);
        // Words beside the pictures stay beside them.
        for (const auto& box : layout.text)
          if (layout.id != "full") CHECK_FALSE(overlap(r, box.rect));
      }
    }
  }
}

TEST_CASE("letters stay in the title-safe area and never on the interpreter") {
  for (const auto& layout : layouts()) {
    const Scene scene = scene_in(layout);
    const NamedBox* caption = find_box(layout.text, "caption");
    for (const auto* boxes : {&layout.text, &layout.overlays})
      for (const auto& box : *boxes) {
        INFO(layout.id << "." << box.name);
        CHECK(inside(box.rect, kTitleSafe));
        for (const Layer& layer : scene.layers)
          if (layer.slot == "sign")
            for (const double aspect : kAspects)
              CHECK_FALSE(overlap(box.rect, slot_rect(scene, layer, aspect)));
        if (caption && &box != caption) CHECK_FALSE(overlap(box.rect, caption->rect));
      }
  }
}

TEST_CASE("the interpreter has a sixth of the picture, upright, and does not move") {
  int places = 0;
  for (const auto& layout : layouts()) {
    const Scene scene = scene_in(layout);
    for (const Layer& layer : scene.layers) {
      if (layer.slot != "sign") continue;
      ++places;
      INFO(layout.id);
      CHECK(layer.rect.w * layer.rect.h >= kLeastSignArea);
      CHECK(layer.rect.w < layer.rect.h);
      CHECK(layer.fit == FitMode::Fill);
      for (const double aspect : kAspects) CHECK(slot_rect(scene, layer, aspect) == layer.rect);
    }
  }
  CHECK(places == 3);
  for (const char* id : {"full", "slide_speaker", "panel_slide", "two_up", "panel_4"}) {
    const LayoutRow* to = find_layout(find_layout(id)->with_sign);
    REQUIRE(to != nullptr);
    CHECK(find_box(to->slots, "sign") != nullptr);
  }
}

TEST_CASE("a slide takes its own shape, and what stands beside it the room that is left") {
  for (const char* id : {"slide_speaker", "slide_speaker_sign", "panel_slide"}) {
    const Scene scene = scene_in(*find_layout(id));
    const auto of = [&](std::string_view slot, double aspect) {
      for (const Layer& layer : scene.layers)
        if (layer.slot == slot) return slot_rect(scene, layer, aspect);
      return Rect{};
    };
    const Rect own = of("slide", 16.0 / 9);
    for (const double aspect : kAspects) {
      INFO(id << " " << aspect);
      const Rect r = of("slide", aspect);
      CHECK(inside(r, own) == (r.x + r.w <= own.x + own.w));
      CHECK(static_cast<double>(r.w) / r.h == doctest::Approx(aspect).epsilon(0.01));
      CHECK((r.w == own.w || r.h == own.h));  // as large as its place allows
      CHECK(std::abs((r.y - own.y) * 2 - (own.h - r.h)) <= 2);
      for (const char* slot : {"speaker", "a", "b"}) {
        const Rect base = of(slot, 0), now = of(slot, aspect);
        if (base.w == 0) continue;
        CHECK(now.w >= base.w);
        CHECK(now.x + now.w == base.x + base.w);
        CHECK(now.w <= now.h * 16 / 9 + 2);
        CHECK(now.x >= r.x + r.w + 20);
      }
    }
    // The same for every slide of the usual shape, and when nothing is known.
    for (const double aspect : {16.0 / 9, 1366.0 / 768, 0.0, -1.0, 1e9, std::nan("")})
      for (const Layer& layer : scene.layers) CHECK(slot_rect(scene, layer, aspect) == layer.rect);
  }
  const Scene scene = scene_in(*find_layout("slide_speaker"));
  CHECK(slot_rect(scene, scene.layers[0], 4.0 / 3) == Rect{48, 60, 1008, 756});
  CHECK(slot_rect(scene, scene.layers[1], 4.0 / 3) == Rect{1080, 60, 792, 608});
  const Scene beside_sign = scene_in(*find_layout("slide_speaker_sign"));
  CHECK(slot_rect(beside_sign, beside_sign.layers[0], 4.0 / 3) == Rect{204, 48, 936, 702});
}

TEST_CASE(
    "every kind of overlay has a place that covers neither interpreter nor captions, or none") {
  for (const auto& layout : layouts()) {
    const Scene scene = scene_in(layout);
    const NamedBox* sign = find_box(layout.slots, "sign");
    const NamedBox* band = find_box(layout.text, "caption");
    for (const auto& kind : overlay_kinds()) {
      std::vector<Rect> wishes{{}};  // its own rect: none, then all over the picture
      for (int y = 0; y < 1080; y += 180)
        for (int x = 0; x < 1920; x += 240) wishes.push_back({x, y, 400, 120});
      for (const Rect& wish : wishes)
        for (const char* side : {"", "left", "right"}) {
          Overlay overlay;
          overlay.kind = kind.description.name;
          overlay.rect = wish;
          if (*side) overlay.settings["side"] = std::string(side);
          const auto place = overlay_place(overlay, scene, {});
          if (!place) continue;
          INFO(layout.id << " " << overlay.kind << " " << words(*place));
          CHECK((*place == wish || inside(*place, kTitleSafe)));
          if (sign) CHECK_FALSE(overlap(*place, sign->rect));
          if (band && kind.box != "caption") CHECK_FALSE(overlap(*place, band->rect));
        }
    }
  }
}

TEST_CASE("a name for one of two needs to know whose it is") {
  Overlay overlay;
  for (const char* id : {"two_up", "two_up_sign"}) {
    const LayoutRow& layout = *find_layout(id);
    const Scene scene = scene_in(layout);
    overlay.settings.clear();
    CHECK_FALSE(overlay_place(overlay, scene, {}));
    overlay.settings["side"] = std::string("right");
    CHECK(overlay_place(overlay, scene, {}) == find_box(layout.overlays, "name_right")->rect);
  }
  // Wherever there are two to name, the title stands on the one that is meant.
  const Scene panel = scene_in(*find_layout("panel_slide"));
  for (const double aspect : kAspects)
    for (const auto& [side, slot] : {std::pair{"left", "a"}, {"right", "b"}}) {
      overlay.settings["side"] = std::string(side);
      for (const Layer& layer : panel.layers)
        CHECK(inside(*overlay_place(overlay, panel, {}), slot_rect(panel, layer, aspect)) ==
              (layer.slot == slot));
    }
  CHECK(overlay_place(overlay, scene_in(*find_layout("full")), {}) == Rect{96, 684, 1200, 144});
}

TEST_CASE("an overlay's own place is kept while it covers nobody") {
  Overlay overlay;
  overlay.rect = {100, 100, 600, 100};
  for (const auto& layout : layouts())
    if (!layout.slots.empty() && layout.id != "card_qr")
      CHECK(overlay_place(overlay, scene_in(layout), {}) == overlay.rect);
  CHECK(overlay_place(overlay, Scene{}, {}) == overlay.rect);
  overlay.rect = {1300, 100, 600, 100};  // on the interpreter
  CHECK(overlay_place(overlay, scene_in(*find_layout("main_sign")), {}) == Rect{96, 660, 820, 117});
}

TEST_CASE("another canvas has the same picture") {
  Canvas small;
  small.width = 1280;
  small.height = 720;
  const Scene scene = scene_in(*find_layout("slide_speaker"), small);
  CHECK(scene.layers[0].rect == Rect{32, 40, 896, 504});
  for (const Layer& layer : scene.layers) {
    const Rect r = slot_rect(scene, layer, 4.0 / 3);
    CHECK(r == (layer.slot == "slide" ? Rect{32, 40, 672, 504} : Rect{720, 40, 528, 405}));
  }
  Overlay overlay;
  CHECK(overlay_place(overlay, scene, small) == Rect{944, 456, 272, 88});
}
