// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/painter.h"

#include <doctest/doctest.h>

#include <cstdlib>

#include "tests/mixer/golden.h"
#include "tests/mixer/stage.h"

namespace kakehashi {
namespace {

using testing::GoldenTolerance;
using testing::Stage;
using testing::unlike_golden;

// Letters may move by parts of a pixel with another FreeType.
constexpr GoldenTolerance kLetters{1.0, 90};

Canvas full_hd() { return {}; }

Overlay title(const char* name, const char* kana, const char* affiliation) {
  Overlay o;
  o.id = "t";
  o.people = {{name, kana, affiliation}};
  return o;
}

std::shared_ptr<const OverlayImage> painted(const Overlay& o, const Canvas& c) {
  auto image = paint_overlay(o, c);
  REQUIRE(image.ok());
  return *image;
}

// Letters near white, by column: first and last column that has any.
std::pair<int, int> letters_between(const OverlayImage& i, int from_x) {
  int first = -1, last = -1;
  for (int x = from_x; x < i.rect.w; ++x)
    for (int y = 0; y < i.rect.h; ++y) {
      const auto at = static_cast<std::size_t>(y * i.stride_y + x);
      if (i.y[at] > 120) {
        if (first < 0) first = x;
        last = x;
      }
    }
  return {first, last};
}

TEST_CASE("a whole show is painted, by id") {
  Stage s;
  auto set = paint_show(s.show, Language::Japanese);
  REQUIRE(set.ok());
  const PaintedSet& p = **set;
  CHECK(p.overlays.size() == 1);
  CHECK(p.cards.size() == 1);
  CHECK(p.no_signal.size() == 3);
  REQUIRE(p.emergency);
  CHECK(p.emergency->width() == 480);
  CHECK(p.emergency->height() == 270);
  CHECK_FALSE(p.emergency == p.cards.at("pause"));  // none chosen: the built-in one

  s.show.emergency_card = "pause";
  s.show.inputs[0].video = false;
  set = paint_show(s.show, Language::Japanese);
  REQUIRE(set.ok());
  CHECK((*set)->emergency == (*set)->cards.at("pause"));
  CHECK((*set)->no_signal.size() == 2);
}

TEST_CASE("golden: title in, half way and out") {
  Stage s;
  auto set = paint_show(s.show, Language::Japanese);
  REQUIRE(set.ok());
  s.painted = **set;
  VideoMixer mixer(s.show.canvas, 4);
  s.wish(SetOverlay{"title", true});
  s.now = s.now + Duration::milliseconds(125);
  CHECK(unlike_golden(*mixer.program(s.inputs()), "title-half", kLetters) == "");
  s.now = s.now + Duration::milliseconds(125);
  CHECK(unlike_golden(*mixer.program(s.inputs()), "title-in", kLetters) == "");
  s.wish(SetOverlay{"title", false});
  s.now = s.now + Duration::milliseconds(250);
  CHECK(mixer.program(s.inputs()) == s.frames[2]);
}

TEST_CASE("golden: cards and no signal") {
  Stage s;
  auto ja = paint_show(s.show, Language::Japanese), en = paint_show(s.show, Language::English);
  REQUIRE(ja.ok());
  REQUIRE(en.ok());
  CHECK(unlike_golden(*(*ja)->cards.at("pause"), "card", kLetters) == "");
  CHECK(unlike_golden(*(*ja)->emergency, "card-emergency", kLetters) == "");
  CHECK(unlike_golden(*(*en)->emergency, "card-emergency-en", kLetters) == "");
  CHECK(unlike_golden(*(*ja)->no_signal.at("cam"), "no-signal", kLetters) == "");
  CHECK(unlike_golden(*(*en)->no_signal.at("cam"), "no-signal-en", kLetters) == "");
}

TEST_CASE("a plate ends where its words end and lies on even pixels") {
  Overlay o = title("中村 さくら", "なかむら さくら", "");
  o.rect = {97, 685, 1199, 143};
  const auto image = painted(o, full_hd());
  for (const int v : {image->rect.x, image->rect.y, image->rect.w, image->rect.h})
    CHECK(v % 2 == 0);
  CHECK(image->rect.x == 96);
  CHECK(image->rect.w < 700);
  CHECK(image->y.size() >= static_cast<std::size_t>(image->stride_y * image->rect.h));
  CHECK(image->u.size() >= static_cast<std::size_t>(image->stride_uv * image->rect.h / 2));
}

TEST_CASE("words of any length stay inside their plate") {
  const char* names[] = {"林", "中村 さくら",
                         "アレクサンドラ・フォン・ヴィトゲンシュタイン゠クリスティアンセン",
                         "Dr. Maximilian Alexander Featherstonehaugh-Cholmondeley III"};
  const char* places[] = {
      "", "区長", "みどり区 危機管理室 危機管理課 地域防災係 主任主事",
      "Director, Office for Emergency Management and Community Resilience Planning, Midori City"};
  for (const char* name : names)
    for (const char* place : places)
      for (const Rect rect : {Rect{96, 684, 1200, 144}, Rect{96, 684, 400, 144},
                              Rect{96, 600, 900, 240}, Rect{96, 684, 1200, 60}}) {
        Overlay o = title(name, "なかむら さくら", place);
        o.rect = rect;
        const auto image = painted(o, full_hd());
        CAPTURE(name);
        CAPTURE(place);
        CAPTURE(rect.w);
        CAPTURE(rect.h);
        REQUIRE(image->rect.w <= rect.w);
        const auto [first, last] = letters_between(*image, 12);
        const int side = rect.w < 600 ? 16 : 28;
        CHECK(first >= side + 6);
        CHECK(last <= image->rect.w - side + 4);
        // Nothing touches the upper or lower edge either.
        for (int x = 12; x < image->rect.w; ++x) {
          CHECK(image->y[static_cast<std::size_t>(x)] < 120);
          CHECK(image->y[static_cast<std::size_t>((image->rect.h - 1) * image->stride_y + x)] <
                120);
        }
      }
}

TEST_CASE("a usual name is as large as viewers on a phone need") {
  // Height of the letters of a name of kanji on the usual plate: 72 px letters are about 66 tall.
  const auto image = painted(title("中村国雄", "", ""), full_hd());
  int top = -1, bottom = -1;
  for (int y = 0; y < image->rect.h; ++y)
    for (int x = 20; x < image->rect.w; ++x)
      if (image->y[static_cast<std::size_t>(y * image->stride_y + x)] > 150) {
        if (top < 0) top = y;
        bottom = y;
      }
  CHECK(bottom - top >= 56);
  CHECK(bottom - top <= 80);
}

TEST_CASE("a plate that nothing could fit into, and words that are not text, do no harm") {
  for (const Rect rect : {Rect{0, 0, 1, 1}, Rect{0, 0, 0, 0}, Rect{-50, -50, 20, 4}}) {
    Overlay o = title("中村 さくら", "なかむら さくら", "みどり区");
    o.rect = rect;
    CHECK(paint_overlay(o, full_hd()).ok());
  }
  CHECK(paint_overlay(title("\xFF\xC0 bad", "", "\x80"), full_hd()).ok());
  CHECK(paint_overlay(title("", "", ""), full_hd()).ok());
}

TEST_CASE("an edge between letter and plate keeps straight alpha and grey stays grey") {
  const auto image = painted(title("中村", "", ""), full_hd());
  int solid = 0, plate = 0;
  for (int y = 0; y < image->rect.h; ++y)
    for (int x = 12; x < image->rect.w; ++x) {
      const auto at = static_cast<std::size_t>(y * image->stride_y + x);
      solid += image->y[at] > 230 && image->alpha[at] == 255;
      plate += image->alpha[at] == 217 && image->y[at] < 50;
      // Never darker than the plate: a premultiplied colour taken as straight would be.
      if (image->alpha[at] > 16) REQUIRE(image->y[at] >= 28);
    }
  CHECK(solid > 500);
  CHECK(plate > 5000);
}

// Full-HD pictures to look at: KAKEHASHI_PAINT=/some/folder.
TEST_CASE("pictures for the eye") {
  const char* folder = std::getenv("KAKEHASHI_PAINT");
  if (!folder) return;
  Stage s;
  s.show.canvas = {};
  s.show.overlays[0].rect = Overlay{}.rect;
  const auto save = [&](const VideoFrame& f, const char* name) {
    CHECK(testing::write_png(f, std::string(folder) + "/" + name + ".png"));
  };
  const auto base = testing::make_frame({PixelFormat::I420, 1920, 1080}, [](int x, int y) {
    return testing::hex(x / 120 % 2 == y / 120 % 2 ? 0xC8D0D8 : 0x90A0B0);
  });
  s.frames[2] = base;
  s.show.scenes[0].layers[0].rect = {0, 0, 1920, 1080};
  const Overlay usual = s.show.overlays[0];
  Overlay tall = usual, long_one = usual, english = usual;
  tall.rect = {96, 600, 900, 240};
  long_one.people[0].affiliation = "みどり区 危機管理室 危機管理課 地域防災係 主任主事";
  long_one.people[0].name = "長宗我部 麒麟之介";
  long_one.people[0].kana = "ちょうそかべ きりんのすけ";
  english.people[0].name = "Sakura Nakamura";
  english.people[0].kana = "";
  english.people[0].affiliation = "Emergency Management Section, Midori City";
  int n = 0;
  for (const Overlay& o : {usual, tall, long_one, english}) {
    s.show.overlays = {o};
    s.live = initial_state(s.show);
    auto set = paint_show(s.show, Language::Japanese);
    REQUIRE(set.ok());
    s.painted = **set;
    VideoMixer mixer(s.show.canvas, 2);
    s.wish(SetOverlay{"title", true});
    s.now = s.now + Duration::seconds(1);
    save(*mixer.program(s.inputs()), ("title-" + std::to_string(++n)).c_str());
  }
  save(*s.painted.emergency, "emergency");
  save(*s.painted.cards["pause"], "card");
  save(*s.painted.no_signal["cam"], "no-signal");
}

}  // namespace
}  // namespace kakehashi
