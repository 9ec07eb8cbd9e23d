// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layout_table.h"

namespace kakehashi {

const std::vector<LayoutRow>& layouts() {
  static const std::vector<LayoutRow> table{
      {"full",
       {"全画面", "Full"},
       {{"main", {0, 0, 1920, 1080}}},
       {{"caption", {96, 846, 1728, 180}}},
       {{"name", {96, 684, 1200, 144}},
        {"corner", {96, 54, 900, 90}},
        {"qr", {1404, 396, 420, 420}},
        {"notice", {96, 160, 1200, 90}},
        {"logo", {1584, 54, 240, 120}},
        {"clock", {1080, 54, 480, 90}},
        {"countdown", {1080, 54, 480, 90}},
        {"stopwatch", {1080, 54, 480, 90}}},
       "main_sign",
       {}},
      {"slide_speaker",
       {"スライド＋講師", "Slide + speaker"},
       {{"slide", {48, 60, 1344, 756}}, {"speaker", {1416, 60, 456, 608}}},
       {{"caption", {96, 846, 1728, 180}}, {"corner", {1416, 684, 408, 132}}},
       {{"name", {1416, 684, 408, 132}},
        {"qr", {1416, 60, 408, 408}},
        {"notice", {96, 60, 1200, 90}}},
       "slide_speaker_sign",
       {}},
      {"slide_speaker_sign",
       {"スライド＋講師＋手話", "Slide + speaker + sign"},
       {{"slide", {48, 48, 1248, 702}},
        {"sign", {1320, 48, 552, 628}},
        {"speaker", {1320, 692, 552, 310}}},
       {{"caption", {96, 786, 1200, 216}}},
       {{"name", {1320, 906, 504, 96}}, {"notice", {96, 54, 1152, 90}}},
       "",
       {}},
      {"main_sign",
       {"講師＋手話", "Picture + sign"},
       {{"main", {48, 48, 1296, 729}}, {"sign", {1368, 48, 504, 690}}},
       {{"caption", {96, 822, 1728, 204}}},
       {{"name", {96, 660, 820, 117}},
        {"corner", {96, 54, 900, 90}},
        {"qr", {936, 262, 408, 408}},
        {"notice", {96, 160, 1000, 90}},
        {"logo", {1104, 54, 216, 108}},
        {"clock", {1368, 750, 456, 60}},
        {"countdown", {1368, 750, 456, 60}},
        {"stopwatch", {1368, 750, 456, 60}}},
       "",
       {}},
      {"two_up",
       {"二人", "Two side by side"},
       {{"left", {48, 250, 900, 506}}, {"right", {972, 250, 900, 506}}},
       {{"corner", {96, 96, 1728, 120}}, {"caption", {96, 822, 1728, 204}}},
       {{"name_left", {96, 640, 800, 116}},
        {"name_right", {1020, 640, 804, 116}},
        {"notice", {96, 54, 1728, 42}},
        {"clock", {1404, 762, 420, 54}},
        {"countdown", {1404, 762, 420, 54}},
        {"stopwatch", {1404, 762, 420, 54}}},
       "two_up_sign",
       {}},
      {"two_up_sign",
       {"二人＋手話", "Two + sign"},
       {{"left", {48, 200, 640, 360}},
        {"right", {704, 200, 640, 360}},
        {"sign", {1368, 48, 504, 690}}},
       {{"caption", {96, 822, 1728, 204}}},
       {{"name_left", {96, 470, 560, 90}},
        {"name_right", {736, 470, 560, 90}},
        {"corner", {96, 54, 1200, 90}},
        {"clock", {1368, 750, 456, 60}},
        {"countdown", {1368, 750, 456, 60}},
        {"stopwatch", {1368, 750, 456, 60}}},
       "",
       {}},
      {"panel_slide",
       {"スライド＋二人", "Slide + two"},
       {{"slide", {48, 60, 1248, 702}}, {"a", {1320, 60, 552, 310}}, {"b", {1320, 386, 552, 310}}},
       {{"caption", {96, 822, 1728, 204}}},
       {{"name", {1320, 590, 504, 96}}, {"notice", {96, 60, 1152, 90}}},
       "slide_speaker_sign",
       {{"a", "speaker"}}},
      {"panel_4",
       {"四人", "Four"},
       {{"a", {228, 24, 720, 405}},
        {"b", {972, 24, 720, 405}},
        {"c", {228, 441, 720, 405}},
        {"d", {972, 441, 720, 405}}},
       {{"caption", {96, 858, 1728, 168}}},
       {{"notice", {228, 54, 720, 80}}},
       "main_sign",
       {}},
      {"card",
       {"ふた画面", "Card"},
       {},
       {{"title", {96, 216, 1728, 260}},
        {"body", {96, 500, 1728, 220}},
        {"countdown", {96, 740, 1728, 130}},
        {"contact", {96, 890, 1728, 130}}},
       {},
       "",
       {}},
      {"card_qr",
       {"ふた画面（QR）", "Card with QR"},
       {{"qr", {1284, 216, 540, 540}}},
       {{"title", {96, 120, 1128, 220}},
        {"body", {96, 360, 1128, 400}},
        {"contact", {96, 800, 1728, 200}}},
       {},
       "",
       {}},
  };
  return table;
}

const LayoutRow* find_layout(const std::string& id) { return find_by_id(layouts(), id); }

const NamedBox* find_box(const std::vector<NamedBox>& boxes, std::string_view name) {
  for (const auto& b : boxes)
    if (b.name == name) return &b;
  return nullptr;
}

Rect on_canvas(const Rect& r, const Canvas& canvas) {
  const auto x = [&](int v) { return v * canvas.width / 1920; };
  const auto y = [&](int v) { return v * canvas.height / 1080; };
  return {x(r.x), y(r.y), x(r.x + r.w) - x(r.x), y(r.y + r.h) - y(r.y)};
}

}  // namespace kakehashi
