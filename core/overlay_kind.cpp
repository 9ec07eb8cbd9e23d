// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/overlay_kind.h"

#include <algorithm>

#include "core/setting_fields.h"

namespace kakehashi {
namespace {

SettingField side() {
  return choice_field("side", {"二人並びのときの側", "Side in a layout for two"},
                      {"", "left", "right"});
}

SettingField vertical() { return switch_field("vertical", {"縦書き", "Vertical writing"}, false); }

}  // namespace

const std::vector<OverlayKindRow>& overlay_kinds() {
  static const std::vector<OverlayKindRow> table{
      {.description = {"name_title", {"氏名", "Name title"}, {side(), vertical()}},
       .box = "name",
       .usual = {96, 684, 1200, 144},
       .least_people = 1,
       .most_people = 1,
       .leaves_by_itself = true},
      {.description = {"name_row", {"氏名（並び）", "Name row"}, {vertical()}},
       .box = "caption",
       .usual = {96, 846, 1728, 180},
       .least_people = 2,
       .most_people = 4,
       .leaves_by_itself = true},
      {.description = {"corner_title",
                       {"角の題名", "Corner title"},
                       {required(text_field("text", {"文", "Text"}))}},
       .box = "corner",
       .usual = {96, 54, 900, 90}},
      {.description = {"agenda_title",
                       {"次第", "Agenda title"},
                       {required(text_field("text", {"題", "Title"})),
                        text_field("above",
                                   {"上の小さい行（第1部、14:00〜 など）", "Small line above"})}},
       .box = "name",
       .usual = {96, 684, 1200, 144},
       .leaves_by_itself = true},
      {.description = {"notice",
                       {"お知らせ", "Notice"},
                       {required(text_field("text", {"文", "Text"}))}},
       .box = "notice",
       .usual = {96, 160, 1200, 90},
       .leaves_by_itself = true},
      // Stays until it is taken off: viewers need 20 s and more to fetch a telephone.
      {.description = {"qr",
                       {"QRコード", "QR code"},
                       {required(text_field("url", {"アドレス", "Address"})),
                        text_field("text", {"見出し", "Heading"}),
                        text_field("shown_url",
                                   {"表示するアドレス（短く）", "Address as written"})}},
       .box = "qr",
       .usual = {1344, 270, 480, 546}},
      {.description = {"clock",
                       {"時計", "Clock"},
                       {text_field("text", {"見出し", "Heading"}),
                        switch_field("seconds", {"秒も出す", "With seconds"}, false)}},
       .box = "corner",
       .usual = {96, 54, 900, 90},
       .moving = true},
      {.description = {"countdown",
                       {"カウントダウン", "Countdown"},
                       {text_field("to", {"時刻（14:00）", "Time of day (14:00)"}),
                        number_field("minutes", {"または長さ（分）", "Or a length (minutes)"}, 0.0,
                                     0, 1440),
                        text_field("text", {"見出し", "Heading"}),
                        text_field("done", {"終わったときの言葉", "Words when it is over"})}},
       .box = "corner",
       .usual = {96, 54, 900, 90},
       .moving = true},
      {.description = {"stopwatch",
                       {"ストップウォッチ", "Stopwatch"},
                       {text_field("text", {"見出し", "Heading"})}},
       .box = "corner",
       .usual = {96, 54, 900, 90},
       .moving = true},
      {.description = {"logo",
                       {"ロゴ", "Logo"},
                       {required(text_field(
                            "file", {"画像ファイル（PNG・SVG）", "Picture file (PNG, SVG)"})),
                        switch_field("plate", {"白い下地", "White plate"}, false)}},
       .box = "corner",
       .usual = {1584, 54, 240, 120}},
      {.description = {"caption",
                       {"字幕", "Captions"},
                       {text_field("prepared", {"用意した字幕（一行に一枚）", "Prepared lines"}),
                        text_field("file", {"用意した字幕のファイル", "File of prepared lines"}),
                        text_field("feed", {"字幕の入口（tcp:9000、http:9000、file:場所）",
                                            "Feed (tcp:9000, http:9000, file:PATH)"}),
                        whole_field("size", {"文字の大きさ", "Letter size"}, 72, 60, 120),
                        whole_field("lines", {"行数", "Lines"}, 2, 1, 3)}},
       .box = "caption",
       .usual = {96, 846, 1728, 180},
       .moving = true},
  };
  return table;
}

const OverlayKindRow* find_overlay_kind(const std::string& name) {
  for (const auto& row : overlay_kinds())
    if (row.description.name == name) return &row;
  return nullptr;
}

const KindTable& overlay_kind_table() {
  static const KindTable table = [] {
    KindTable all;
    for (const auto& row : overlay_kinds()) all.push_back(row.description);
    return all;
  }();
  return table;
}

bool is_vertical(const Overlay& overlay) {
  const OverlayKindRow* kind = find_overlay_kind(overlay.kind);
  return kind && setting<bool>(kind->description, overlay.settings, "vertical");
}

std::string box_of(const Overlay& overlay) {
  const OverlayKindRow* kind = find_overlay_kind(overlay.kind);
  if (!kind || !is_vertical(overlay)) return kind ? kind->box : "";
  return overlay.people.size() > 1 ? "columns" : "column";
}

Rect usual_place_of(const Overlay& overlay) {
  const OverlayKindRow* kind = find_overlay_kind(overlay.kind);
  if (!kind) return {};
  if (!is_vertical(overlay)) return kind->usual;
  return overlay.people.size() > 1 ? Rect{96, 96, 1728, 730} : Rect{1604, 96, 220, 730};
}

std::string text_setting(const Overlay& overlay, const std::string& name) {
  const KindDescription* kind = find_kind(overlay_kind_table(), overlay.kind);
  return kind ? setting<std::string>(*kind, overlay.settings, name) : std::string();
}

std::optional<Duration> hold_of(const Overlay& overlay) {
  if (overlay.hold) return overlay.hold->ns > 0 ? overlay.hold : std::nullopt;
  const OverlayKindRow* kind = find_overlay_kind(overlay.kind);
  if (!kind || !kind->leaves_by_itself) return std::nullopt;
  const auto letters = [](const std::string& s) {  // code points
    return std::count_if(s.begin(), s.end(), [](char c) { return (c & 0xC0) != 0x80; });
  };
  std::int64_t count = 0;
  for (const Person& p : overlay.people) count += letters(p.name) + letters(p.affiliation);
  for (const auto& [name, value] : overlay.settings)
    if (const auto* s = std::get_if<std::string>(&value)) count += letters(*s);
  return std::clamp(Duration::milliseconds(1000 + 250 * count), Duration::milliseconds(6000),
                    Duration::milliseconds(12000));
}

}  // namespace kakehashi
