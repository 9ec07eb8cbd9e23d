// SPDX-License-Identifier: GPL-3.0-or-later
// Every layout with a 16:9 and a 4:3 slide, with and without the interpreter: a slide has lines, a
// hall has rows of seats, each person another colour, the interpreter both hands up.
#include <doctest/doctest.h>

#include "core/layout_table.h"
#include "mixer/video_mixer.h"
#include "tests/mixer/frames.h"
#include "tests/mixer/golden.h"

namespace kakehashi {
namespace {

using testing::hex;
using testing::make_frame;
using testing::Rgb;
using testing::unlike_golden;

// In fractions of the picture, so that every shape of source shows the same things.
bool in_box(double x, double y, double left, double top, double width, double height) {
  return x >= left && x < left + width && y >= top && y < top + height;
}

Rgb slide_page(double x, double y, double edge) {
  if (x < edge || x > 1 - edge || y < edge * 1.5 || y > 1 - edge * 1.5) return hex(0xFF4B00);
  if (y < 0.2) return hex(0x2A4D6E);
  for (int i = 0; i < 4; ++i)
    if (in_box(x, y, 0.1, 0.3 + 0.15 * i, 0.6 - 0.1 * (i % 2), 0.06)) return hex(0x303030);
  return hex(0xF6F4EE);
}

Rgb person(double x, double y, double shape, std::uint32_t wall, std::uint32_t clothes,
           bool signing) {
  const double dx = (x - 0.5) * shape, dy = y - 0.36;  // a round head in every shape
  if (dx * dx + dy * dy < 0.15 * 0.15) return hex(0xD8A88A);
  if (signing && (in_box(dx, y, -0.30, 0.5, 0.1, 0.14) || in_box(dx, y, 0.20, 0.42, 0.1, 0.14)))
    return hex(0xD8A88A);
  if (std::abs(dx) < 0.2 && y > 0.55) return hex(clothes);
  return hex(wall);
}

Rgb hall(double x, double y) {
  if (in_box(x, y, 0.3, 0.1, 0.4, 0.4)) return hex(0xF0F0E8);
  if (y > 0.6 && static_cast<int>(y * 20) % 2 && static_cast<int>(x * 24) % 2) return hex(0x604030);
  return hex(y > 0.55 ? 0x403028 : 0x605848);
}

struct Event {
  Show show;
  LiveState live;
  std::vector<FramePtr> frames;
  PaintedSet painted;

  explicit Event(bool wide_slide) {
    show.canvas.width = 480;
    show.canvas.height = 270;
    const int w = wide_slide ? 480 : 400, h = wide_slide ? 270 : 300;
    add("slide_pc", w, h, [=](double x, double y) { return slide_page(x, y, 0.02); });
    const auto of_person = [&](const char* id, std::uint32_t wall, std::uint32_t clothes) {
      add(id, 480, 270, [=](double x, double y) {
        return person(x, y, 16.0 / 9, wall, clothes, std::string_view(id) == "sign_cam");
      });
    };
    of_person("cam_main", 0x405870, 0x203040);
    of_person("remote_pc", 0x705840, 0x802020);
    of_person("cam_panel", 0x507050, 0x303030);
    of_person("cam_sub", 0x504070, 0x204080);
    of_person("sign_cam", 0x88A0B0, 0x101010);
    add("cam_wide", 480, 270, hall);
    painted.emergency = testing::plain(480, 270, 0x22384A);
  }

  void add(const char* id, int w, int h, const std::function<Rgb(double, double)>& paint) {
    Input input;
    input.id = id;
    input.source = SourceSpec{"test", {}};
    show.inputs.push_back(input);
    frames.push_back(make_frame({PixelFormat::I420, w, h},
                                [&](int x, int y) { return paint((x + 0.5) / w, (y + 0.5) / h); }));
  }

  const Scene& scene(const char* layout, std::vector<SlotFill> slots, bool sign) {
    show.scenes.assign(1, {});
    show.scenes[0].id = "s";
    show.scenes[0].layout = layout;
    show.scenes[0].slots = std::move(slots);
    show.sign_language = sign;
    show = arranged(show);
    return show.scenes[0];
  }

  FramePtr picture(VideoMixer& mixer, const Scene& s) {
    return mixer.scene({show, live, frames, painted, MediaTime{}}, s);
  }
};

struct Case {
  const char* layout;
  std::vector<SlotFill> slots;
};
const std::vector<Case> kCases{
    {"full", {{"main", "slide_pc"}}},
    {"slide_speaker", {{"slide", "slide_pc"}, {"speaker", "cam_main"}}},
    {"two_up", {{"left", "cam_main"}, {"right", "remote_pc"}}},
    {"panel_slide", {{"slide", "slide_pc"}, {"a", "cam_main"}, {"b", "remote_pc"}}},
    {"panel_4", {{"a", "cam_main"}, {"b", "remote_pc"}, {"c", "cam_panel"}, {"d", "cam_sub"}}},
};

}  // namespace

TEST_CASE("golden: every layout, with and without the interpreter, with both shapes of slides") {
  for (const bool wide : {true, false}) {
    Event event(wide);
    VideoMixer mixer(event.show.canvas, 4);
    for (const Case& c : kCases)
      for (const bool sign : {false, true}) {
        const bool slide = c.slots[0].input == "slide_pc";
        if (!wide && !slide) continue;  // the same picture again
        std::string name = std::string("layout-") + c.layout + (sign ? "-sign" : "");
        if (!wide) name += "-4x3";
        const Scene& scene = event.scene(c.layout, c.slots, sign);
        CHECK(unlike_golden(*event.picture(mixer, scene), name) == "");
      }
  }
}

TEST_CASE("golden: an upright page and a wide one beside the speaker") {
  for (const auto& [w, h, name] : {std::tuple{212, 300, "layout-slide_speaker-upright"},
                                   {630, 270, "layout-slide_speaker-21x9"}}) {
    Event event(true);
    event.frames[0] = make_frame({PixelFormat::I420, w, h}, [w = w, h = h](int x, int y) {
      return slide_page((x + 0.5) / w, (y + 0.5) / h, 0.02);
    });
    VideoMixer mixer(event.show.canvas, 4);
    const Scene& scene = event.scene("slide_speaker", kCases[1].slots, false);
    CHECK(unlike_golden(*event.picture(mixer, scene), name) == "");
  }
}

TEST_CASE("what pictures leave free is dark grey, between slots and beside a 4:3 slide") {
  Event event(false);
  VideoMixer mixer(event.show.canvas, 4);
  const auto grey_at = [&](const FramePtr& f, int x, int y) {
    const auto grey = testing::codes(hex(kBarColour), ColorMatrix::Bt709, ColorRange::Limited);
    return std::abs(testing::sample(*f, 0, x, y) - grey[0]) <= 1;
  };
  FramePtr f = event.picture(mixer, event.scene("full", {{"main", "slide_pc"}}, false));
  CHECK(grey_at(f, 10, 135));
  CHECK(grey_at(f, 470, 135));
  f = event.picture(mixer, event.scene("slide_speaker", kCases[1].slots, false));
  CHECK(grey_at(f, 5, 5));
  CHECK(grey_at(f, 266, 100));  // between slide and speaker
  f = event.picture(mixer, event.scene("full", {{"main", "slide_pc"}}, true));
  CHECK(grey_at(f, 16, 100));
  CHECK(grey_at(f, 338, 100));
  // Layers laid out by hand have black bars, as they always had.
  Scene hand;
  hand.layers = {{.input = "slide_pc", .rect = {0, 0, 480, 270}}};
  f = event.picture(mixer, hand);
  CHECK(testing::sample(*f, 0, 10, 135) == 16);
}

}  // namespace kakehashi
