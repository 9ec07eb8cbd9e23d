// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/title_check.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "core/layout_table.h"
#include "core/overlay_kind.h"
#include "mixer/contrast.h"
#include "tests/mixer/frames.h"

namespace kakehashi {
namespace {

using Kind = TitleFault::Kind;

Overlay title(const char* id, Person person, Rect rect = {96, 684, 1200, 144}) {
  Overlay o;
  o.id = id;
  o.label = {"氏名", "Name"};
  o.people = {std::move(person)};
  o.rect = rect;
  return o;
}
Scene in_layout(const char* layout) {
  Scene s;
  s.id = layout;
  s.layout = layout;
  return s;
}
Show show_with(std::vector<Overlay> overlays) {
  Show show;
  show.title = {"区民講座", "Lecture"};
  show.overlays = std::move(overlays);
  show.scenes = {in_layout("full")};
  return show;
}
bool has(const TitleCheck& check, Kind kind, const std::string& id) {
  return std::any_of(check.faults.begin(), check.faults.end(),
                     [&](const TitleFault& f) { return f.kind == kind && f.id == id; });
}
const TitleFault& only(const TitleCheck& check) {
  REQUIRE(check.faults.size() == 1);
  return check.faults[0];
}
const Person kSakura{"中村 さくら", "なかむら さくら", "みどり区 危機管理課"};

TEST_CASE("good titles and cards have no faults") {
  Show show = show_with({title("a", kSakura)});
  HoldingCard card;
  card.id = "pause";
  card.title = "ただいま休憩中です";
  show.cards = {card};
  const TitleCheck check = check_titles(show);
  for (const TitleFault& f : check.faults) MESSAGE(f.text.ja);
  CHECK(check.good());
  CHECK(check.faults.empty());
  CHECK(check.titles == 2);
}

TEST_CASE("a letter that no font has is named with its code") {
  const TitleCheck check = check_titles(
      show_with({title("a", {"中\U0010FFFD", "", ""}), title("b", {"辻\U000E0115", "", ""})}));
  REQUIRE(check.faults.size() == 2);
  CHECK(check.faults[0].kind == Kind::MissingLetter);
  CHECK(check.faults[0].code == "U+10FFFD");
  CHECK(check.faults[1].code == "U+8FBB U+E0115");
  CHECK(check.faults[1].text.ja.find("U+8FBB U+E0115") != std::string::npos);
  CHECK(check.of("b").size() == 1);
  CHECK_FALSE(check.good());
}

TEST_CASE("every place that a layout gives a title is looked at") {
  const Person long_one{"長宗我部 麒麟之介", "",
                        "みどり区 危機管理室 危機管理課 地域防災係 主任主事"};
  Show show = show_with({title("a", long_one, {})});
  CHECK(check_titles(show).good());  // the place in "full" is wide enough
  show.scenes.push_back(in_layout("slide_speaker"));
  show.scenes.push_back(in_layout("slide_speaker"));
  const TitleCheck check = check_titles(show);
  CHECK_FALSE(check.good());
  for (const TitleFault& f : check.faults) {
    CHECK(f.kind == Kind::Overflow);
    CHECK(std::find(f.layouts.begin(), f.layouts.end(), "slide_speaker") != f.layouts.end());
    CHECK(std::find(f.layouts.begin(), f.layouts.end(), "full") == f.layouts.end());
    CHECK(f.text.ja.find("スライド＋講師") != std::string::npos);
    CHECK(f.figure < 48);
  }
}

TEST_CASE("a reading that a small place leaves out is worth knowing and no fault") {
  Show show = show_with({title("a", kSakura, {})});
  show.scenes = {in_layout("slide_speaker")};
  const TitleCheck check = check_titles(show);
  CHECK(check.good());
  CHECK(has(check, Kind::LeftOut, "a"));
}

TEST_CASE("titles near the edge are told, whichever edge") {
  for (const Rect rect : {Rect{20, 400, 900, 144}, Rect{96, 10, 900, 144}, Rect{96, 930, 900, 144},
                          Rect{1500, 400, 420, 144}, Rect{-200, 400, 900, 144}}) {
    CAPTURE(rect.x);
    CAPTURE(rect.y);
    Show show = show_with({title("a", {"中村 さくら", "", "みどり区"}, rect)});
    show.scenes = {Scene{}};  // a layout would move a title off its caption band
    CHECK(has(check_titles(show), Kind::OutsideSafe, "a"));
  }
  CHECK(check_titles(show_with({title("a", kSakura, {96, 54, 900, 144})})).good());
}

TEST_CASE("contrast is that of WCAG, through half transparent plates, in the worst case") {
  const Colour black{0, 0, 0, 1}, white{1, 1, 1, 1};
  CHECK(contrast(black, white) == doctest::Approx(21));
  CHECK(contrast(Colour::rgb(0x767676), white) == doctest::Approx(4.54).epsilon(0.002));
  const auto plate = [](double alpha) {
    return PaintNote{PaintNote::Kind::Plate, {0, 0, 100, 50}, {0, 0, 0, alpha}, {}, {}, 0, 0, {}};
  };
  const auto text = [](double x, Colour c) {
    return PaintNote{PaintNote::Kind::Text, {x, 5, 80, 40}, c, "words", {}, 0, 0, {}};
  };
  // Caption plates, black under white: 70 % 8.45, 80 % 12.6, 60 % 5.7 over white.
  for (const auto& [alpha, ratio] : {std::pair{0.7, 8.45}, {0.8, 12.6}, {0.6, 5.74}})
    CHECK(least_contrast({plate(alpha), text(10, white)}, 1, {black, white}) ==
          doctest::Approx(ratio).epsilon(0.01));
  CHECK(least_contrast({text(10, white)}, 0, {black, white}) == doctest::Approx(1));
  CHECK(least_contrast({plate(0.8), text(60, white)}, 1, {black, white}) == doctest::Approx(1));
  CHECK(least_contrast({text(10, white), plate(1)}, 0, {white}) == doctest::Approx(1));  // below it
  CHECK(least_contrast({plate(0.5), plate(0.5), text(10, white)}, 2, {white}) ==
        doctest::Approx(contrast(Colour::rgb(0x404040), white)).epsilon(0.02));
}

TEST_CASE("cards of any background colour can be read") {
  for (const std::uint32_t rgb :
       {0x000000U, 0x777777U, 0x808080U, 0xFFFFFFU, 0xFF4B00U, 0x22384AU}) {
    HoldingCard card;
    card.id = "card";
    card.title = "休憩中";
    card.body = "再開は14:00です。";
    card.contact = "みどり区 電話 03-0000-0000";
    card.background = rgb;
    Show show = show_with({});
    show.cards = {card};
    CAPTURE(rgb);
    CHECK_FALSE(has(check_titles(show), Kind::LowContrast, "card"));
  }
}

TEST_CASE("settings a painter refuses are told in the painter's words") {
  Overlay o = title("n", kSakura, {96, 160, 1200, 90});
  o.kind = "notice";
  o.people.clear();
  const TitleCheck check = check_titles(show_with({o}));
  CHECK(only(check).kind == Kind::NotPainted);
  CHECK_FALSE(only(check).text.ja.empty());
  CHECK_FALSE(only(check).text.en.empty());
}

TEST_CASE("sentences are complete in both languages and have one action") {
  Show show = show_with({title("a", {"中\U0010FFFD", "", ""}),
                         title("b", {std::string(600, 'W'), "", ""}, {0, 0, 300, 60})});
  for (const TitleFault& f : check_titles(show).faults) {
    CAPTURE(f.text.ja);
    CHECK(f.text.ja.find("→ ") != std::string::npos);
    CHECK(f.text.en.find("-> ") != std::string::npos);
    CHECK(f.text.ja.starts_with("氏名"));
    CHECK(f.text.en.starts_with("Name"));
    CHECK(f.text.ja.size() < 400);
  }
}

TEST_CASE("every kind that has words shows them to the check") {
  for (const OverlayKindRow& row : overlay_kinds()) {
    if (row.description.name == "logo" || row.description.name == "caption") continue;
    CAPTURE(row.description.name);
    Overlay o = title("k", {"中\U0010FFFD", "", ""}, {});
    o.kind = row.description.name;
    for (const SettingField& field : row.description.fields)
      if (std::holds_alternative<std::string>(field.fallback) && field.choices.empty())
        o.settings[field.name] = std::string(field.name == "to"    ? "14:00"
                                             : field.name == "url" ? "https://example.jp"
                                                                   : "中\U0010FFFD");
    o.people.resize(static_cast<std::size_t>(std::max(1, row.least_people)), o.people[0]);
    Show show = show_with({o});
    show.scenes = {Scene{}};
    const bool has_words = row.most_people > 0 || !row.description.fields.empty();
    CHECK(has(check_titles(show), Kind::MissingLetter, "k") == has_words);
  }
}

TEST_CASE("many titles are laid out once in each place, and nothing is painted") {
  std::vector<Overlay> overlays;
  for (int i = 0; i < 60; ++i)
    overlays.push_back(title(("t" + std::to_string(i)).c_str(), kSakura, {}));
  Show show = show_with(std::move(overlays));
  show.scenes.push_back(in_layout("full"));  // twice the same is one place
  show.scenes.push_back(in_layout("slide_speaker"));
  const TitleCheck check = check_titles(show);
  CHECK(check.titles == 60);
  CHECK(check.layouts % 60 == 0);
  CHECK(check.layouts >= 120);
  CHECK(check.layouts <= 60 * 4);  // with 手話: at most two layouts more
}

TEST_CASE("one overlay alone, as it is being edited") {
  Show show = show_with({title("a", kSakura)});
  const Overlay edited = title("a", {"中\U0010FFFD", "", ""});
  CHECK_FALSE(check_title(edited, show).good());
  CHECK(check_title(show.overlays[0], show).good());
}

TEST_CASE("pictures that lie behind are taken into account") {
  // The plate hides them well enough: white letters on it hold above 4.5 : 1 over anything.
  Show show = show_with({title("a", kSakura)});
  TitleCheckWish wish;
  for (const std::uint32_t rgb : {0xFFFFFFU, 0x808080U, 0xFFFF00U})
    wish.backgrounds.push_back(testing::plain(1920, 1080, rgb));
  CHECK(check_titles(show, wish).good());
}

}  // namespace
}  // namespace kakehashi
