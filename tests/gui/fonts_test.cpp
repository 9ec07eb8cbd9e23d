// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/fonts.h"

#include <doctest/doctest.h>

#include "gui/frame.h"

namespace kakehashi {
namespace {

struct Context {
  Context() { ImGui::CreateContext(); }
  ~Context() { ImGui::DestroyContext(); }
};

bool has(const Fonts& fonts, Face face, int px, unsigned c) {
  return fonts.get(face, px).font->FindGlyphNoFallback(static_cast<ImWchar>(c)) != nullptr;
}

}  // namespace

TEST_CASE("names bring their own characters") {
  Context context;
  Fonts fonts;
  fonts.build(1);
  CHECK_FALSE(fonts.stale());
  fonts.need("会場ABC");
  // U+9AD9 髙 and U+FA11 﨑, as in many names.
  fonts.need("髙﨑 祐一");
  CHECK(fonts.stale());
  fonts.build(1);
  for (const Face face : {Face::Regular, Face::Bold})
    for (const unsigned c : {0x9AD9U, 0xFA11U, 0x7950U}) CHECK(has(fonts, face, 18, c));
  CHECK_FALSE(fonts.stale());
  fonts.need("髙﨑");
  CHECK_FALSE(fonts.stale());
  // Beyond the 16 bits of this ImGui, and broken UTF-8: no harm.
  fonts.need("𠮷野\xE3\x81");
  fonts.need("\xFF\xC0");
}

TEST_CASE("no letter is smaller than 16 px, at any scale") {
  Context context;
  Fonts fonts;
  for (const float scale : {1.0F, 1.5F}) {
    fonts.build(scale);
    for (const Face face : {Face::Regular, Face::Bold, Face::Fixed})
      for (const int px : {8, 12, 16, 18, 20, 24, 28, 36})
        CHECK(fonts.get(face, px).size >= 16 * scale);
  }
}

TEST_CASE("text is cut with an ellipsis and wrapped by the rules") {
  Context context;
  ImGui::GetIO().DisplaySize = {800, 600};
  Fonts fonts;
  UiState ui;
  fonts.need("区民講座「家庭でできる地震の備え」、まもなく始まります。");
  fonts.build(1);
  ImGui::NewFrame();
  Frame f(ImGui::GetBackgroundDrawList(), fonts, ui, 1, 0);
  const Ink ink{Face::Regular, 16, theme::kText};
  CHECK(f.fitted(ink, "司会", 200) == "司会");
  const std::string cut = f.fitted(ink, "区民講座「家庭でできる地震の備え」", 120);
  CHECK(cut.size() > 3);
  CHECK(cut.substr(cut.size() - 3) == "…");
  CHECK(f.width(ink, cut) <= 120);
  const float one = f.paragraph({0, 0, 700, 100}, ink, "まもなく始まります。");
  const float two = f.paragraph({0, 0, 110, 100}, ink, "まもなく始まります。");
  CHECK(two > one);
  CHECK(f.label({0, 0, 0, 20}, ink, "x") == 0);
  ImGui::Render();
}

}  // namespace kakehashi
