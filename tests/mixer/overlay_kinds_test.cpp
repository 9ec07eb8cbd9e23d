// SPDX-License-Identifier: GPL-3.0-or-later
// Every kind of overlay but names and captions, painted.
#include <doctest/doctest.h>

#include "core/overlay_kind.h"
#include "mixer/painter_table.h"
#include "tests/mixer/golden.h"
#include "tests/mixer/qr_reader.h"
#include "tests/mixer/shown.h"

namespace kakehashi {
namespace {

using testing::GoldenTolerance;
using testing::unlike_golden;

constexpr GoldenTolerance kLetters{1.0, 90};

Overlay overlay(const char* kind, Settings settings) {
  Overlay o;
  o.id = "o";
  o.label = {"名札", "Sign"};
  o.kind = kind;
  o.settings = std::move(settings);
  return o;
}

std::shared_ptr<const OverlayImage> painted(const Overlay& o, Rect rect,
                                            PaintContext context = {}) {
  Overlay placed = o;
  placed.rect = rect;
  auto image = paint_overlay(placed, {}, context);
  INFO(std::string(image.ok() ? "" : image.error().message));
  REQUIRE(image.ok());
  return *image;
}

void golden(const Overlay& o, Rect rect, const char* name, PaintContext context = {}) {
  const auto image = painted(o, rect, std::move(context));
  CHECK(unlike_golden(*testing::over_busy(*image, rect.w), std::string("overlay-") + name,
                      kLetters) == "");
}

PaintContext english(std::string moving = {}) {
  PaintContext c;
  c.language = Language::English;
  c.moving_text = std::move(moving);
  return c;
}
PaintContext says(std::string moving) {
  PaintContext c;
  c.moving_text = std::move(moving);
  return c;
}

constexpr Rect kCorner{96, 54, 900, 90}, kBeside{1416, 684, 408, 132}, kName{96, 684, 1200, 144},
    kNotice{96, 160, 1200, 90}, kQr{1404, 396, 420, 420};

}  // namespace

TEST_CASE("golden: corner title") {
  golden(overlay("corner_title", {{"text", "家庭でできる地震の備え"}}), kCorner, "corner");
  golden(overlay("corner_title", {{"text", "家庭でできる地震の備え"}}), kBeside, "corner-beside");
  golden(overlay("corner_title", {{"text", "Earthquake preparedness at home"}}), kCorner,
         "corner-en", english());
}

TEST_CASE("golden: agenda title") {
  const Overlay ja = overlay("agenda_title",
                             {{"text", "基調講演「まちの防災」"}, {"above", "第1部 14:00〜15:00"}});
  golden(ja, kName, "agenda");
  golden(overlay("agenda_title", {{"text", "Keynote: a safer town"}, {"above", "Part 1, 14:00"}}),
         kName, "agenda-en", english());
  golden(overlay("agenda_title", {{"text", "閉会のことば"}}), kName, "agenda-plain");
}

TEST_CASE("golden: notice") {
  golden(overlay("notice", {{"text", "お問い合わせは 03-0000-0000 へ"}}), kNotice, "notice");
  golden(overlay("notice", {{"text", "Questions? Call 03-0000-0000"}}), kNotice, "notice-en",
         english());
}

TEST_CASE("golden: QR code in the place layouts give it, and with words beside it") {
  const Overlay ja = overlay(
      "qr", {{"url", "https://www.city.midori.example.jp/enq"}, {"shown_url", "midori.jp/enq"}});
  golden(ja, kQr, "qr");
  Overlay wide = ja;
  wide.settings["text"] = "アンケートにご協力ください";
  golden(wide, {400, 400, 1100, 420}, "qr-wide");
  wide.settings["text"] = "Please take part in our survey";
  golden(wide, {400, 400, 900, 420}, "qr-wide-en", english());
  wide.settings["text"] = "アンケート";
  golden(wide, {1300, 300, 480, 620}, "qr-tall");
}

TEST_CASE("golden: clock, countdown and stopwatch") {
  golden(overlay("clock", {}), kCorner, "clock", says("14:05"));
  golden(overlay("clock", {{"text", "Now"}}), kCorner, "clock-en", english("9:11"));
  const Overlay count = overlay("countdown", {{"to", "14:00"}});
  golden(count, kCorner, "countdown", says("11:11"));
  golden(count, kBeside, "countdown-beside", says("1:02:03"));
  golden(count, kCorner, "countdown-en", english("2:09"));
  golden(count, kCorner, "countdown-over", says("まもなく始まります"));
  golden(overlay("stopwatch", {{"text", "経過"}}), kBeside, "stopwatch", says("3:41"));
}

TEST_CASE("digits stand still: the plate of a time is as wide as that of any other of its shape") {
  for (const Rect rect : {kCorner, kBeside}) {
    const Overlay count = overlay("countdown", {{"to", "14:00"}});
    const int width = painted(count, rect, says("11:11"))->rect.w;
    for (const char* words : {"10:00", "9:59", "0:01", "44:44"})
      CHECK(painted(count, rect, says(words))->rect.w == width);
  }
}

TEST_CASE("a code is read by a telephone, as large as the rules want it") {
  const char* urls[] = {"https://midori.jp/e",  // versions 2 to 5 of the code
                        "https://www.city.midori.example.jp/enq",
                        "https://www.city.midori.example.jp/bousai/kouza/enquete",
                        "https://logoform.jp/form/midori/0123456?area=sakura&term=2026"};
  for (const char* url : urls)
    for (const Rect rect :
         {kQr, Rect{936, 262, 408, 408}, Rect{400, 400, 1100, 420}, Rect{300, 300, 480, 620}}) {
      CAPTURE(url);
      CAPTURE(rect.w);
      const auto image = painted(overlay("qr", {{"url", url}}), rect);
      const FramePtr frame = testing::over_busy(*image);
      CHECK(testing::read_qr(*frame) == url);
      // Black from edge to edge of the code; with 4 modules of quiet on each side.
      int first = 10'000, last = -1;
      for (int y = 0; y < image->rect.h / 2; ++y)
        for (int x = 0; x < std::min(image->rect.w, rect.h + 40); ++x)
          if (image->y[static_cast<std::size_t>(y * image->stride_y + x)] < 40 &&
              image->alpha[static_cast<std::size_t>(y * image->stride_y + x)] == 255) {
            first = std::min(first, x);
            last = std::max(last, x);
          }
      if (rect.w < 2 * rect.h) CHECK((last - first + 1) * 33 / 25 >= 340);
    }
}

TEST_CASE("an address that makes no readable code is an error that says what to do") {
  std::vector<PaintFault> faults;
  PaintContext context;
  context.faults = &faults;
  Overlay o = overlay("qr", {{"url", "https://midori.jp/" + std::string(120, 'a')}});
  o.rect = kQr;
  CHECK_FALSE(paint_overlay(o, {}, context).ok());
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].id == "overlay.o");
  CHECK(faults[0].what.ja.find("「名札」") == 0);
  CHECK(faults[0].action.ja.find("短いアドレス") != std::string::npos);
  CHECK(faults[0].action.en.find("shorter") != std::string::npos);
  o.rect = {400, 300, 500, 600};  // larger: then it goes
  faults.clear();
  CHECK(paint_overlay(o, {}, context).ok());

  faults.clear();
  o.settings["url"] = std::string(4000, 'a');
  CHECK_FALSE(paint_overlay(o, {}, context).ok());
  CHECK(faults.size() == 1);
  faults.clear();
  o.settings["url"] = std::string();
  CHECK_FALSE(paint_overlay(o, {}, context).ok());
  CHECK(faults.size() == 1);
}

TEST_CASE("an address too small to read beside its code is painted, and told") {
  std::vector<PaintFault> faults;
  PaintContext context;
  context.faults = &faults;
  Overlay o = overlay("qr", {{"url", "https://www.city.midori.example.jp/bousai/kouza/enquete"}});
  o.rect = kQr;
  CHECK(paint_overlay(o, {}, context).ok());
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].action.ja.find("表示するアドレス") != std::string::npos);
  faults.clear();
  o.settings["shown_url"] = "midori.jp/enq";
  CHECK(paint_overlay(o, {}, context).ok());
  CHECK(faults.empty());
}

TEST_CASE("empty words and unreadable times are told, once each") {
  for (const auto& row : {std::pair<const char*, Settings>{"corner_title", {{"text", " "}}},
                          {"agenda_title", {}},
                          {"notice", {{"text", "\n"}}},
                          {"countdown", {}},
                          {"countdown", {{"to", "２時"}}},
                          {"logo", {{"file", "no-such-file.png"}}}}) {
    std::vector<PaintFault> faults;
    PaintContext context;
    context.faults = &faults;
    CAPTURE(row.first);
    for (int i = 0; i < 2; ++i)
      CHECK_FALSE(paint_overlay(overlay(row.first, row.second), {}, context).ok());
    REQUIRE(faults.size() == 1);
    CHECK_FALSE(faults[0].what.ja.empty());
    CHECK_FALSE(faults[0].what.en.empty());
    CHECK_FALSE(faults[0].action.ja.empty());
  }
}

TEST_CASE("any words in any place stay inside it, on even pixels") {
  const std::string longest(
      "とても長い題名がここに入ります。とても長い題名がここに入ります。とても長い題名が入ります。");
  for (const char* kind : {"corner_title", "agenda_title", "notice", "countdown", "clock"})
    for (const Rect rect : {kCorner, kBeside, kName, kNotice, Rect{1320, 906, 504, 96},
                            Rect{96, 54, 1728, 42}, Rect{0, 0, 40, 20}, Rect{0, 0, 2, 2}}) {
      CAPTURE(kind);
      CAPTURE(rect.w);
      Overlay o = overlay(kind, {{"text", longest}, {"above", longest}, {"to", "14:00"}});
      const auto image = painted(o, rect, says("1:02:03"));
      CHECK(image->rect.x == rect.x);
      CHECK(image->rect.w <= rect.w);
      for (const int v : {image->rect.x, image->rect.y, image->rect.w, image->rect.h})
        CHECK(v % 2 == 0);
      // The plate's own edge is free of letters: nothing is cut off.
      if (image->rect.w < 100) continue;
      for (int y = 0; y < image->rect.h; ++y)
        CHECK(image->y[static_cast<std::size_t>(y * image->stride_y + image->rect.w - 4)] < 120);
    }
}

}  // namespace kakehashi
