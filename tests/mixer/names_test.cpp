// SPDX-License-Identifier: GPL-3.0-or-later
// Titles that name people, and the words in them.
#include <doctest/doctest.h>

#include <algorithm>

#include "mixer/name_block.h"
#include "mixer/painter_columns.h"
#include "mixer/painter_parts.h"
#include "tests/mixer/frames.h"
#include "tests/mixer/golden.h"

namespace kakehashi {
namespace {

using testing::GoldenTolerance;
using testing::unlike_golden;

constexpr GoldenTolerance kLetters{1.0, 90};

Overlay title(Person person, Rect rect = {96, 684, 1200, 144}) {
  Overlay o;
  o.id = "t";
  o.people = {std::move(person)};
  o.rect = rect;
  return o;
}
Canvas canvas_of(int height) {
  Canvas c;
  c.width = height * 16 / 9;
  c.height = height;
  return c;
}
std::shared_ptr<const OverlayImage> painted(const Overlay& o, int height = 1080) {
  auto image = paint_overlay(o, canvas_of(height));
  REQUIRE(image.ok());
  return *image;
}

// The title over a light and dark picture, cut out.
FramePtr looked_at(const OverlayImage& i) {
  const int w = i.rect.w + 8, h = i.rect.h + 8;
  return testing::make_frame({PixelFormat::I420, w, h}, [&](int px, int py) {
    const testing::Rgb back = testing::hex((px / 24 + py / 24) % 2 ? 0xC8D0D8 : 0x708090);
    const int x = px - 4, y = py - 4;
    if (x < 0 || y < 0 || x >= i.rect.w || y >= i.rect.h) return back;
    const auto at = static_cast<std::size_t>(y * i.stride_y + x);
    const auto half = static_cast<std::size_t>(y / 2 * i.stride_uv + x / 2);
    const double l = (i.y[at] - 16) / 219.0, cb = (i.u[half] - 128) / 224.0,
                 cr = (i.v[half] - 128) / 224.0, a = i.alpha[at] / 255.0;
    const double r = l + 1.5748 * cr, b = l + 1.8556 * cb;
    const double g = (l - 0.2126 * r - 0.0722 * b) / 0.7152;
    return testing::Rgb{r * a + back.r * (1 - a), g * a + back.g * (1 - a),
                        b * a + back.b * (1 - a)};
  });
}

std::vector<PaintNote> noted(const Overlay& o) {
  PaintNotes notes;
  REQUIRE(paint_overlay(o, canvas_of(1080)).ok());
  return notes.take();
}
const PaintNote* note_of(const std::vector<PaintNote>& notes, const std::string& words) {
  for (const PaintNote& n : notes)
    if (n.words == words) return &n;
  return nullptr;
}

const Person kSakura{"中村 さくら", "なかむら さくら", "みどり区 危機管理課"};
const Person kLong{"長宗我部 麒麟之介", "ちょうそかべ きりんのすけ",
                   "みどり区 危機管理室 危機管理課 地域防災係 主任主事"};
const Person kEnglish{"Sakura Nakamura", "", "Emergency Management Section, Midori City"};

TEST_CASE("golden: name titles") {
  const struct {
    const char* name;
    Person person;
    Rect rect;
  } cases[] = {
      {"name-usual", kSakura, {48, 342, 600, 72}},
      {"name-short", {"林", "はやし", ""}, {48, 342, 600, 72}},
      {"name-long", kLong, {48, 342, 600, 72}},
      {"name-en", kEnglish, {48, 342, 600, 72}},
      {"name-rare",
       {"髙﨑 𠮷辻\U000E0100葛\U000E0100", "たかさき よしつじかつ",
        "渡邉\U000E0106 辻\U000E0101 葛\U000E0101"},
       {48, 342, 600, 72}},
      {"name-small", kSakura, {708, 342, 204, 66}},
      {"name-smaller", kSakura, {660, 452, 252, 48}},
      {"name-too-long", kLong, {708, 342, 204, 66}},
  };
  for (const auto& c : cases)
    CHECK(unlike_golden(*looked_at(*painted(title(c.person, c.rect), 540)), c.name, kLetters) ==
          "");
}

TEST_CASE("golden: rows and columns of names") {
  Overlay row = title(kSakura, {48, 423, 864, 90});
  row.kind = "name_row";
  row.people.push_back({"田中 一郎", "たなか いちろう", "区長"});
  row.people.push_back({"髙﨑 𠮷之助", "たかさき よしのすけ", "みどり商店会"});
  CHECK(unlike_golden(*looked_at(*painted(row, 540)), "names-3", kLetters) == "");
  row.people.push_back({"Anna Schmidt", "", "Midori University"});
  CHECK(unlike_golden(*looked_at(*painted(row, 540)), "names-4", kLetters) == "");

  Overlay column = title({"髙﨑 𠮷之助", "たかさき よしのすけ", "第3回「まち」大賞、平成12年度"},
                         {802, 48, 110, 365});
  column.settings["vertical"] = true;
  CHECK(unlike_golden(*looked_at(*painted(column, 540)), "name-column", kLetters) == "");
  column.people = {{"スミス・メアリー", "", "NPO Green 代表"}};
  CHECK(unlike_golden(*looked_at(*painted(column, 540)), "name-column-en", kLetters) == "");
  row.people.resize(3);
  row.settings["vertical"] = true;
  row.rect = {48, 48, 480, 365};
  CHECK(unlike_golden(*looked_at(*painted(row, 540)), "names-columns", kLetters) == "");
}

TEST_CASE("a name that fits has the sizes a telephone needs") {
  const auto notes = noted(title(kSakura));
  const PaintNote *name = note_of(notes, kSakura.name),
                  *office = note_of(notes, kSakura.affiliation);
  REQUIRE(name);
  REQUIRE(office);
  CHECK(name->fit == Fit::Whole);
  CHECK(name->size == doctest::Approx(72));
  CHECK(office->size == doctest::Approx(48));
  CHECK(note_of(notes, kSakura.kana) == nullptr);  // not left out
}

TEST_CASE("in a small place the reading is left out before anything becomes too small") {
  for (const Rect rect :
       {Rect{1416, 684, 408, 132}, Rect{1320, 906, 504, 96}, Rect{96, 660, 820, 117}}) {
    CAPTURE(rect.w);
    const auto notes = noted(title(kSakura, rect));
    const PaintNote *name = note_of(notes, kSakura.name),
                    *office = note_of(notes, kSakura.affiliation);
    REQUIRE(name);
    REQUIRE(office);
    CHECK(name->fit != Fit::Overflow);
    CHECK(office->fit != Fit::Overflow);
    CHECK(name->size >= NameSizes::kNameFloor);
    CHECK(office->size >= NameSizes::kAffiliationFloor - 0.01);
    const PaintNote* left_out = note_of(notes, kSakura.kana);
    CHECK((left_out != nullptr) == (rect.w < 600));
    if (left_out) CHECK(left_out->kind == PaintNote::Kind::LeftOut);
  }
}

TEST_CASE("what cannot fit is an overflow and still has letters") {
  const Overlay o = title(kLong, {1416, 684, 408, 132});
  const auto notes = noted(o);
  CHECK(std::any_of(notes.begin(), notes.end(),
                    [](const PaintNote& n) { return n.fit == Fit::Overflow; }));
  const auto image = painted(o);
  CHECK(std::count_if(image->y.begin(), image->y.end(), [](std::uint8_t y) { return y > 200; }) >
        1000);
}

TEST_CASE("the names of a row have one size and stand on one line") {
  Overlay row = title(kSakura, {96, 846, 1728, 180});
  row.kind = "name_row";
  row.people.push_back({"Dr. Anna Maria Schmidt", "", ""});
  row.people.push_back({"林", "はやし", "みどり区 危機管理室 危機管理課"});
  const auto notes = noted(row);
  double size = 0, y = 0;
  for (const Person& p : row.people) {
    const PaintNote* n = note_of(notes, p.name);
    REQUIRE(n);
    if (size > 0) {
      CHECK(n->size == doctest::Approx(size));
      CHECK(n->place.y + n->place.h == doctest::Approx(y));
    }
    size = n->size;
    y = n->place.y + n->place.h;
  }
}

TEST_CASE("a reading wider than its name spreads the name, part by part") {
  const NameText plain("林 太郎", "", 72, 0), ruby("林 太郎", "はやし たろう", 72, 36);
  CHECK(plain.width() < ruby.width());
  CHECK(NameText("林 太郎", "はやした ろう", 72, 36).width() > 0);
  // Not in as many parts: over the whole.
  CHECK(NameText("林太郎", "はやし たろう", 72, 36).width() >
        NameText("林太郎", "", 72, 0).width());
  CHECK(name_parts("林　太郎 ") == std::vector<std::string>{"林", "太郎"});
  CHECK(name_parts("").empty());
}

TEST_CASE("letters no font has are named, variants too") {
  CHECK(missing_letters("中村 さくら 髙﨑𠮷 Anna 100% ①②　「」").empty());
  CHECK(missing_letters("辻\U000E0100 葛\U000E0100 邉\U000E0106").empty());
  const auto missing = missing_letters("中\U0010FFFDあ\U0010FFFD 辻\U000E0115");
  REQUIRE(missing.size() == 2);
  CHECK(code_name(missing[0]) == "U+10FFFD");
  CHECK(code_name(missing[1]) == "U+8FBB U+E0115");
  CHECK(missing[1].letter == "辻\U000E0115");
  CHECK(FittedText("辻\U000E0115", {.size = 40, .floor = 20, .width = 100, .height = 50})
            .missing()
            .size() == 1);
}

TEST_CASE("a variation selector changes the letter that is painted") {
  const auto letters = [](const char* name) { return painted(title({name, "", ""}))->y; };
  CHECK(letters("辻\U000E0100") != letters("辻\U000E0101"));
  CHECK(letters("辻\U000E0101") == letters("辻"));
  CHECK(letters("葛\U000E0100") != letters("葛"));
  CHECK(letters("邉\U000E0106") != letters("邉"));  // only the second font has it
}

TEST_CASE("in a column digits stand in pairs, Latin words lie, letters keep their marks") {
  using Stand = ColumnCell::Stand;
  const auto cells = [](const char* words) {
    std::string out;
    for (const ColumnCell& c : column_cells(words)) {
      const char* mark = c.stand == Stand::Upright    ? ""
                         : c.stand == Stand::Together ? "="
                         : c.stand == Stand::Lying    ? "~"
                                                      : "_";
      out += std::string(out.empty() ? "" : "|") + mark + (c.stand == Stand::Space ? "" : c.words);
    }
    return out;
  };
  CHECK(cells("平成12年3月") == "平|成|=12|年|3|月");
  CHECK(cells("2026年") == "2|0|2|6|年");
  CHECK(cells("A会場 NPO Green会") == "A|会|場|_|~NPO Green|会");
  CHECK(cells("辻\U000E0100　葛") == "辻\U000E0100|_|葛");
  CHECK(cells("「ー、。」") == "「|ー|、|。|」");
  CHECK(cells("").empty());
}

TEST_CASE("punctuation in a column has its vertical form") {
  const auto ink = [](const char* words) {  // middle of the ink, from the top of the column
    const PaintCanvas canvas(60, 60);
    ColumnText(words, 60, false).draw(canvas, 30, 0, 0, 60, kWhite);
    const auto image = canvas.to_overlay({0, 0, 60, 60});
    double x = 0, y = 0, n = 0;
    int left = 60, right = 0, top = 60, bottom = 0;
    for (int py = 0; py < 60; ++py)
      for (int px = 0; px < 60; ++px)
        if (image->alpha[static_cast<std::size_t>(py * image->stride_y + px)] > 128) {
          x += px, y += py, n += 1;
          left = std::min(left, px), right = std::max(right, px);
          top = std::min(top, py), bottom = std::max(bottom, py);
        }
    REQUIRE(n > 0);
    return std::array<double, 4>{x / n, y / n, static_cast<double>(right - left),
                                 static_cast<double>(bottom - top)};
  };
  for (const char* mark : {"、", "。"}) {  // in the upper right corner
    CHECK(ink(mark)[0] > 30);
    CHECK(ink(mark)[1] < 30);
  }
  CHECK(ink("ー")[3] > ink("ー")[2] * 2);  // stands
  CHECK(ink("「")[2] > 15);                // its long arm lies
}

TEST_CASE("overlays that nobody can paint say so, and take nothing with them") {
  Overlay o = title(kSakura);
  o.kind = "hologram";
  const auto image = paint_overlay(o, canvas_of(1080));
  REQUIRE_FALSE(image.ok());
  CHECK(image.error().kind == ErrorKind::Unsupported);
  Show show;
  show.overlays = {o, title(kSakura)};
  show.overlays[1].id = "good";
  const auto all = paint_show(show, Language::Japanese);
  REQUIRE(all.ok());
  CHECK(painted_for((*all)->overlays.at("t"), "") == nullptr);
  CHECK(painted_for((*all)->overlays.at("good"), "") != nullptr);
}

TEST_CASE("names of any number in any place do no harm") {
  for (const bool vertical : {false, true})
    for (const Rect rect :
         {Rect{0, 0, 1, 1}, Rect{-50, -50, 20, 4}, Rect{0, 0, 300, 30}, Rect{0, 0, 30, 300}})
      for (const std::size_t people : {0U, 1U, 4U})
        for (const char* kind : {"name_title", "name_row"}) {
          Overlay o = title(kLong, rect);
          o.kind = kind;
          o.people.resize(people, {"\xFF\xC0", "", "\x80 \n"});
          o.settings["vertical"] = vertical;
          CHECK(paint_overlay(o, canvas_of(1080)).ok());
        }
}

}  // namespace
}  // namespace kakehashi
