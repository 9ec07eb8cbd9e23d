// SPDX-License-Identifier: GPL-3.0-or-later
// Captions on the picture.
#include <doctest/doctest.h>

#include "mixer/caption_place.h"
#include "mixer/painter.h"
#include "tests/mixer/golden.h"
#include "tests/mixer/shown.h"

using namespace kakehashi;
using namespace kakehashi::testing;

namespace {

constexpr GoldenTolerance kLetters{1.0, 90};
const Canvas kHalf{960, 540, {30, 1}};

Overlay caption(Rect band) {
  Overlay o;
  o.id = "c";
  o.kind = "caption";
  o.rect = band;
  return o;
}

std::shared_ptr<const OverlayImage> painted(const Overlay& o, const Canvas& canvas,
                                            const std::string& text) {
  const int cells = caption_place(o, o.rect, canvas).format.cells;
  PaintContext context;
  for (const auto& line : caption_lines(text, cells))
    context.moving_text += (context.moving_text.empty() ? "" : "\n") + line;
  auto image = paint_overlay(o, canvas, context);
  REQUIRE(image.ok());
  return *image;
}

}  // namespace

TEST_CASE("captions look as they should") {
  const Overlay wide = caption({48, 423, 864, 90}), narrow = caption({48, 393, 600, 108});
  CHECK(unlike_golden(
            *over_busy(*painted(
                wide, kHalf, "本日は区民センターの講座「地域で支える子育て」にお越しいただき、")),
            "caption-ja", kLetters) == "");
  CHECK(unlike_golden(
            *over_busy(*painted(
                wide, kHalf, "Welcome to the lecture on raising children together in our ward.")),
            "caption-en", kLetters) == "");
  CHECK(unlike_golden(
            *over_busy(*painted(
                narrow, kHalf,
                "手話通訳と字幕で御覧いただけます。後ろの席の方も、どうぞ前へお進みください。")),
            "caption-narrow", kLetters) == "");
  CHECK(unlike_golden(*over_busy(*painted(wide, kHalf, "はい。")), "caption-short", kLetters) ==
        "");
}

TEST_CASE("captions stay in their band, white on a plate of eighty per cent and more") {
  for (const Rect band :
       {Rect{96, 846, 1728, 180}, Rect{96, 786, 1200, 216}, Rect{96, 858, 1728, 168}}) {
    const auto image = painted(caption(band), Canvas{},
                               "字字字字字字字字字字字字字字字字字字字字字字字字字字字字字字");
    CHECK(image->rect.x == band.x);
    CHECK(image->rect.y >= band.y);
    CHECK(image->rect.x + image->rect.w <= band.x + band.w);
    CHECK(image->rect.y + image->rect.h == band.y + band.h);
    int brightest = 0, thinnest = 255;
    for (int y = 12; y < image->rect.h - 12; ++y)
      for (int x = 12; x < image->rect.w - 12; ++x) {
        const auto at = static_cast<std::size_t>(y * image->stride_y + x);
        brightest = std::max<int>(brightest, image->y[at]);
        thinnest = std::min<int>(thinnest, image->alpha[at]);
      }
    CHECK(brightest >= 234);
    CHECK(thinnest >= 204);
  }
}

TEST_CASE("any words and any band are painted without harm") {
  for (const Rect band : {Rect{0, 0, 2, 2}, Rect{10, 10, 40, 300}, Rect{0, 0, 1920, 20}}) {
    Overlay o = caption(band);
    PaintContext context;
    for (const std::string& text :
         {std::string("WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW"), std::string("\n\n\n"),
          std::string("\xFF\xFE"), std::string()}) {
      context.moving_text = text;
      CHECK(paint_overlay(o, Canvas{}, context).ok());
    }
  }
}
