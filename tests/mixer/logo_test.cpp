// SPDX-License-Identifier: GPL-3.0-or-later
// Logos: files as staff have them, whole, broken and missing.
#include <doctest/doctest.h>

#include <fstream>

#include "mixer/painter_table.h"
#include "tests/mixer/golden.h"
#include "tests/mixer/logo_files.h"
#include "tests/mixer/shown.h"

namespace kakehashi {
namespace {

Overlay logo(const std::string& file, Rect rect = {1584, 54, 240, 120}, bool plate = false) {
  Overlay o;
  o.id = "logo";
  o.kind = "logo";
  o.settings = {{"file", file}, {"plate", plate}};
  o.rect = rect;
  return o;
}

}  // namespace

TEST_CASE(
    "golden: a logo keeps its shape and its transparency, PNG and SVG, with and without plate") {
  const testing::LogoFiles files;
  PaintContext context;
  context.media_folder = files.folder();
  struct Row {
    const char *name, *file;
    bool plate;
  };
  for (const Row& row : {Row{"svg", "leaf.svg", false}, Row{"png", "leaf.png", false},
                         Row{"plate", "leaf.svg", true}}) {
    CAPTURE(row.name);
    const auto image = paint_overlay(logo(row.file, {1584, 54, 240, 120}, row.plate), {}, context);
    REQUIRE(image.ok());
    CHECK(testing::unlike_golden(*testing::over_busy(**image),
                                 std::string("overlay-logo-") + row.name, {1.0, 90}) == "");
  }
}

TEST_CASE("a logo keeps to its side of the picture; what it leaves free is transparent") {
  const testing::LogoFiles files;  // 2 : 1 in 400 x 100: half of the width is free
  PaintContext context;
  context.media_folder = files.folder();
  const auto middle_alpha = [](const OverlayImage& i, int x) {
    return i.alpha[static_cast<std::size_t>(i.rect.h / 2 * i.stride_y + x)];
  };
  const auto left = paint_overlay(logo("leaf.svg", {96, 54, 400, 100}), {}, context);
  const auto right = paint_overlay(logo("leaf.svg", {1424, 54, 400, 100}), {}, context);
  REQUIRE(left.ok());
  REQUIRE(right.ok());
  CHECK(middle_alpha(**left, 100) > 200);
  CHECK(middle_alpha(**left, 300) == 0);
  CHECK(middle_alpha(**right, 100) == 0);
  CHECK(middle_alpha(**right, 300) > 200);
}

TEST_CASE("a file that is missing, broken, huge or no picture is named, with what to do") {
  const testing::LogoFiles files;
  files.write("broken.png", std::string("\x89PNG\r\n\x1a\n", 8) + "rubbish");
  files.write("broken.svg", "<svg xmlns='http://www.w3.org/2000/svg'><path");
  files.write("huge.png", std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\1\0\0\0\1\0\0", 24));
  files.write("words.png", "this is no picture");
  files.write("empty.svg", "");
  for (const char* name :
       {"missing.png", "broken.png", "broken.svg", "huge.png", "words.png", "empty.svg", "."}) {
    CAPTURE(name);
    std::vector<PaintFault> faults;
    PaintContext context;
    context.media_folder = files.folder();
    context.faults = &faults;
    const auto image = paint_overlay(logo(name), {}, context);
    REQUIRE_FALSE(image.ok());
    CHECK(image.error().message.find(name) != std::string::npos);
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].what.ja.find(name) != std::string::npos);
    CHECK(faults[0].action.ja.find("PNG") != std::string::npos);
  }
}

}  // namespace kakehashi
