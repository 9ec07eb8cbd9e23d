// SPDX-License-Identifier: GPL-3.0-or-later
// The desk drawn for real (OpenGL under Xvfb), saved as PNG for people to look at, and checked
// where a machine can: colours of tally, no blank regions.
#include <doctest/doctest.h>
#include <stb/stb_image_write.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "display.h"
#include "fixture.h"
#include "fixture_outputs.h"
#include "fixture_tested.h"
#include "gui/canvas_window.h"

namespace kakehashi::testing {
namespace {

// A test picture: a gradient with a block whose colour tells the boards apart.
std::vector<std::uint8_t> painted(int w, int h, int which) {
  std::vector<std::uint8_t> p(static_cast<std::size_t>(w) * h * 3 / 2);
  std::uint8_t* y = p.data();
  std::uint8_t* u = y + w * h;
  std::uint8_t* v = u + w / 2 * (h / 2);
  for (int r = 0; r < h; ++r)
    for (int c = 0; c < w; ++c)
      y[r * w + c] = static_cast<std::uint8_t>(
          60 + 60 * c / w + (r > h / 3 && r < h * 2 / 3 && c > w / 3 && c < w * 2 / 3 ? 60 : 0));
  for (int i = 0; i < w / 2 * (h / 2); ++i) {
    u[i] = static_cast<std::uint8_t>(110 + 23 * (which % 4));
    v[i] = static_cast<std::uint8_t>(150 - 19 * (which % 5));
  }
  return p;
}

struct Rgb {
  int r, g, b;
};
Rgb pixel(const CanvasWindow::Shot& s, float x, float y) {
  const auto at = (static_cast<std::size_t>(y) * static_cast<std::size_t>(s.width) +
                   static_cast<std::size_t>(x)) *
                  3;
  return {s.rgb[at], s.rgb[at + 1], s.rgb[at + 2]};
}
bool near(Rgb p, std::uint32_t wanted) {
  const auto close = [](int a, std::uint32_t b) {
    return std::abs(a - static_cast<int>(b & 0xFF)) <= 8;
  };
  return close(p.r, wanted >> 16) && close(p.g, wanted >> 8) && close(p.b, wanted);
}
// How many different colours a region has: a drawn panel has many, a forgotten one has one.
std::size_t colours(const CanvasWindow::Shot& s, const Box& b) {
  std::vector<std::uint32_t> seen;
  for (float y = b.y; y < b.bottom(); y += 3)
    for (float x = b.x; x < b.right(); x += 3) {
      const Rgb p = pixel(s, x, y);
      seen.push_back(static_cast<std::uint32_t>(p.r << 16 | p.g << 8 | p.b));
    }
  std::sort(seen.begin(), seen.end());
  return static_cast<std::size_t>(std::unique(seen.begin(), seen.end()) - seen.begin());
}

struct Drawn {
  CanvasWindow::Shot shot;
  DeskLayout layout;
};

Drawn draw(const std::string& file, const Snapshot& snapshot, int w, int h, Language language,
           double scale = 1, const std::function<void(UiState&, double)>& touch = {}) {
  static OwnDisplay display;
  auto window = CanvasWindow::open({"screens", w, h, true, scale});
  REQUIRE_MESSAGE(window.ok(), (window.ok() ? "" : window.error().message));
  CanvasWindow& c = **window;
  int which = 0;
  for (const char* board : {"program", "preview"})
    c.pictures().update(board, painted(640, 360, which++).data(), 640, 360, 640);
  for (const InputStatus& i : snapshot.inputs)
    if (i.video)
      c.pictures().update("input." + i.id, painted(320, 180, which++).data(), 320, 180, 320);
  for (const DeviceStatus& one : snapshot.devices)
    if (one.kind == "camera")
      c.pictures().update("device." + one.id, painted(320, 180, which++).data(), 320, 180, 320);
  for (const EquipmentItem& item : snapshot.equipment.result.items)
    if (!item.picture.empty())
      c.pictures().update("check." + item.id, painted(640, 360, which++).data(), 640, 360, 640);
  for (const InputStatus& i : snapshot.inputs)
    if (i.pages > 0)
      c.pictures().update("pages." + i.id, painted(1280, 144, which++).data(), 1280, 144, 1280);
  UiState ui;
  ui.language = language;
  ui.link = Link::Connected;
  double now = 100;
  for (int i = 0; i < 30; ++i) follow(snapshot, ui, now += 0.1);
  if (touch) touch(ui, now);
  Drawn d;
  Commands out;
  // The first frame meets the names, the second has them in its atlas.
  for (int i = 0; i < 3; ++i) {
    (void)c.wait(0);
    if (i == 2) c.capture_next(&d.shot);
    c.frame(ui, now, "14:48:20", [&](Frame& f) {
      const ImVec2 size = ImGui::GetIO().DisplaySize;
      d.layout = desk_layout(size.x, size.y, f.scale);
      draw_desk(f, d.layout, snapshot, out);
    });
  }
  CHECK(out.empty());
  std::filesystem::create_directories(KAKEHASHI_SCREENS);
  const std::string path = std::string(KAKEHASHI_SCREENS) + "/" + file + ".png";
  CHECK(stbi_write_png(path.c_str(), d.shot.width, d.shot.height, 3, d.shot.rgb.data(),
                       d.shot.width * 3));
  return d;
}

void check_frames(const Drawn& d) {
  const Box& p = d.layout.program;
  CHECK(near(pixel(d.shot, p.x + p.w / 2, p.y + 2), 0xFF4B00));
  CHECK(near(pixel(d.shot, p.x + 2, p.middle()), 0xFF4B00));
  const Box& n = d.layout.preview;
  CHECK(near(pixel(d.shot, n.x + 2, n.y + 2), 0x03AF7A));
  // Dashed: along the edge both green and ground.
  int green = 0, ground = 0;
  for (float x = n.x; x < n.right(); ++x) {
    green += near(pixel(d.shot, x, n.y + 2), 0x03AF7A);
    ground += near(pixel(d.shot, x, n.y + 2), 0x111111);
  }
  CHECK(green > static_cast<int>(n.w / 3));
  CHECK(ground > static_cast<int>(n.w / 5));
}

}  // namespace

TEST_CASE("on air, in both languages") {
  for (const Language l : {Language::Japanese, Language::English}) {
    const Drawn d =
        draw(l == Language::Japanese ? "on-air-ja" : "on-air-en", lecture(), 1920, 1080, l);
    check_frames(d);
    CHECK(near(pixel(d.shot, d.layout.live.x + 12, d.layout.live.y + 12), 0xFF4B00));
    CHECK(near(pixel(d.shot, d.layout.record.x + 12, d.layout.record.y + 12), 0x4DC4FF));
    CHECK(near(pixel(d.shot, d.layout.take.x + 6, d.layout.take.middle()), 0x03AF7A));
    for (const Box& b : {d.layout.audio, d.layout.multiview, d.layout.overlays, d.layout.outputs,
                         d.layout.scenes, d.layout.health, d.layout.stage})
      CHECK(colours(d.shot, b) > 8);
  }
}

TEST_CASE("prepare and check, in both languages and in a small window") {
  const auto at = [](Page page, const char* role) {
    return [page, role](UiState& ui, double) {
      ui.page = page;
      ui.role = role;
      ui.watching = page == Page::Prepare;
      if (page == Page::Check) ui.check_item = role;
    };
  };
  const struct {
    const char* file;
    Snapshot snapshot;
    Page page;
    const char* role = "";
  } all[] = {{"prepare", lecture_being_prepared(), Page::Prepare, "cam_sign"},
             {"prepare-sound", lecture_being_prepared(), Page::Prepare, "mic_host"},
             {"prepare-channels", lecture_being_prepared(), Page::Prepare, "mic_speaker"},
             {"prepare-outlet", lecture_being_prepared(), Page::Prepare, "outlet:return.zoom"},
             {"check", lecture_tested(), Page::Check},
             {"check-running", lecture_under_test(), Page::Check},
             {"check-stopped", lecture_test_stopped(), Page::Check},
             {"check-detail", lecture_tested(), Page::Check, "camera.cam_wide"}};
  for (const auto& one : all) {
    const std::string file = one.file;
    const Drawn d =
        draw(file + "-ja", one.snapshot, 1920, 1080, Language::Japanese, 1, at(one.page, one.role));
    const Box room{12, d.layout.stage.bottom(), 1896, d.layout.health.y - d.layout.stage.bottom()};
    CHECK(colours(d.shot, room) > 40);
    draw(file + "-en", one.snapshot, 1920, 1080, Language::English, 1, at(one.page, one.role));
    draw(file + "-1366-ja", one.snapshot, 1366, 768, Language::Japanese, 1, at(one.page, one.role));
    draw(file + "-1366-en", one.snapshot, 1366, 768, Language::English, 1, at(one.page, one.role));
    if (one.page == Page::Check)
      for (const double scale : {1.5, 2.0})
        draw(file + (scale == 2 ? "-200-ja" : "-150-ja"), one.snapshot,
             static_cast<int>(1366 * scale), static_cast<int>(768 * scale), Language::Japanese,
             scale, at(one.page, one.role));
  }
}

TEST_CASE("four destinations, single recordings, the practice received") {
  const auto tab = [](UiState& ui, double) { ui.tab = Tab::Outputs; };
  const auto below = [](UiState& ui, double) {
    ui.tab = Tab::Outputs;
    ui.scroll["outputs"] = 1000;
  };
  for (const Language l : {Language::Japanese, Language::English}) {
    const std::string end = l == Language::Japanese ? "-ja" : "-en";
    const Drawn d = draw("outputs-many" + end, lecture_to_many(), 1920, 1080, l);
    CHECK(colours(d.shot, d.layout.outputs) > 8);
    draw("outputs-below" + end, lecture_to_many(), 1920, 1080, l, 1, below);
    draw("outputs-many-1366" + end, lecture_to_many(), 1366, 768, l, 1, tab);
    draw("outputs-below-1366" + end, lecture_to_many(), 1366, 768, l, 1, below);
    draw("outputs-practice-1366" + end, lecture_in_practice(), 1366, 768, l, 1, below);
  }
}

TEST_CASE("practice is hatched and never says on air") {
  const Drawn d = draw("practice-ja", lecture_in_practice(), 1920, 1080, Language::Japanese);
  int vermilion = 0;
  for (float x = d.layout.live.x; x < d.layout.live.right(); ++x)
    vermilion += near(pixel(d.shot, x, d.layout.live.middle()), 0xFF4B00);
  CHECK(vermilion == 0);
  draw("practice-en", lecture_in_practice(), 1920, 1080, Language::English);
}

TEST_CASE("under the emergency card") {
  const Drawn d = draw("card-ja", lecture_under_card(), 1920, 1080, Language::Japanese);
  CHECK(near(pixel(d.shot, d.layout.message.x + 12, d.layout.message.y + 12), 0xFFFFFF));
  CHECK(near(pixel(d.shot, d.layout.rescue.x + 1, d.layout.rescue.middle()), 0xC9ACE6));
  draw("card-en", lecture_under_card(), 1920, 1080, Language::English, 1,
       [](UiState& ui, double now) {
         ui.rescue.confirmed = true;
         ui.rescue.held_since = now - 1.2;
       });
}

TEST_CASE("a camera is missing") {
  const Drawn d = draw("no-signal-ja", lecture_without_camera(), 1920, 1080, Language::Japanese);
  CHECK(near(pixel(d.shot, d.layout.message.x + 12, d.layout.message.y + 12), 0xFFF100));
  draw("no-signal-en", lecture_without_camera(), 1920, 1080, Language::English);
}

TEST_CASE("what opens in the multiview's room") {
  const auto with = [](Drawer drawer) {
    return [drawer](UiState& ui, double) { ui.drawer = drawer; };
  };
  for (const Language l : {Language::Japanese, Language::English}) {
    const std::string end = l == Language::Japanese ? "-ja" : "-en";
    draw("transitions" + end, lecture(), 1920, 1080, l, 1, with(Drawer::Transitions));
    draw("pages" + end, lecture(), 1920, 1080, l, 1, with(Drawer::Pages));
    draw("buses" + end, lecture(), 1920, 1080, l, 1, with(Drawer::Buses));
    draw("layouts" + end, lecture(), 1920, 1080, l, 1, with(Drawer::Layouts));
    draw("figures" + end, lecture(), 1920, 1080, l, 1,
         [](UiState& ui, double) { ui.figures = true; });
    draw("pages-1366" + end, lecture(), 1366, 768, l, 1, with(Drawer::Pages));
    draw("overlays-1366" + end, lecture(), 1366, 768, l, 1,
         [](UiState& ui, double) { ui.tab = Tab::Overlays; });
  }
}

TEST_CASE("small, large and enlarged windows") {
  check_frames(draw("on-air-1366-ja", lecture_without_camera(), 1366, 768, Language::Japanese));
  check_frames(draw("on-air-1366-en", lecture(), 1366, 768, Language::English));
  draw("card-1366-ja", lecture_under_card(), 1366, 768, Language::Japanese);
  draw("card-1366-en", lecture_under_card(), 1366, 768, Language::English);
  draw("multiview-1366-ja", lecture_without_camera(), 1366, 768, Language::Japanese, 1,
       [](UiState& ui, double) { ui.tab = Tab::Multiview; });
  draw("outputs-1366-en", lecture(), 1366, 768, Language::English, 1,
       [](UiState& ui, double) { ui.tab = Tab::Outputs; });
  check_frames(draw("on-air-2560-ja", lecture(), 2560, 1440, Language::Japanese));
  check_frames(draw("on-air-150-ja", lecture(), 1920, 1080, Language::Japanese, 1.5));
}

TEST_CASE("sound: a break with an open microphone, one strip, the outputs") {
  const auto strip = [](const char* id, bool figures) {
    return [id, figures](UiState& ui, double) {
      ui.strip = id;
      ui.figures = figures;
    };
  };
  const auto places = [](UiState& ui, double) { ui.sound_places = true; };
  for (const Language l : {Language::Japanese, Language::English}) {
    const std::string end = l == Language::Japanese ? "-ja" : "-en";
    const Drawn d = draw("sound-break" + end, lecture_at_break(), 1920, 1080, l);
    CHECK(near(pixel(d.shot, d.layout.message.x + 12, d.layout.message.y + 12), 0xFFF100));
    draw("sound-break-1366" + end, lecture_at_break(), 1366, 768, l);
    draw("sound-strip" + end, lecture(), 1920, 1080, l, 1, strip("mic_host", false));
    draw("sound-strip-1366" + end, lecture_at_break(), 1366, 768, l, 1, strip("mic_floor", true));
    draw("sound-places" + end, lecture(), 1920, 1080, l, 1, places);
    draw("sound-places-1366" + end, lecture(), 1366, 768, l, 1, places);
  }
  draw("sound-break-2560-ja", lecture_at_break(), 2560, 1440, Language::Japanese);
}

TEST_CASE("standby, not connected, closing") {
  draw("standby-ja", lecture_standby(), 1920, 1080, Language::Japanese);
  draw("standby-en", lecture_standby(), 1920, 1080, Language::English);
  draw("lost-ja", lecture(), 1920, 1080, Language::Japanese, 1, [](UiState& ui, double now) {
    ui.link = Link::Lost;
    ui.link_since = now - 12;
  });
  draw("closing-ja", lecture(), 1920, 1080, Language::Japanese, 1,
       [](UiState& ui, double) { ui.dialog = Dialog::Close; });
  draw("closing-en", lecture(), 1920, 1080, Language::English, 1,
       [](UiState& ui, double) { ui.dialog = Dialog::Close; });
}

}  // namespace kakehashi::testing
