// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/sheet.h"

#include <algorithm>
#include <cstdio>
#include <ctime>

#include "core/equipment_figure.h"
#include "station/equip/html.h"
#include "station/equip/verdict_words.h"

namespace kakehashi {
namespace {

// Shapes, words and colours together: a grey print and a colour-blind reader get the same news.
// Borders instead of grounds: browsers print no grounds.
const char* const kHead = R"(<!DOCTYPE html>
<html lang="ja"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>機材テスト結果</title>
<style>
@page{size:A4;margin:13mm 14mm 14mm}
body{font:10.5pt/1.45 "BIZ UDPGothic","BIZ UDGothic","Noto Sans CJK JP",sans-serif;color:#111;
max-width:181mm;margin:0 auto}
@media screen{body{padding:8mm 5mm}}
h1{font-size:18pt;margin:0}
h2{font-size:13pt;margin:6mm 0 2mm;break-after:avoid}
h3{font-size:10.5pt;margin:4mm 0 1mm;break-after:avoid}
.en{color:#444;font-size:8.5pt;font-weight:normal}.small{color:#444;font-size:8pt}
table{border-collapse:collapse;width:100%}
td,th{border:1px solid #888;padding:1.2mm 2mm;text-align:left;vertical-align:top;
overflow-wrap:anywhere}
tr{break-inside:avoid}
thead{display:table-header-group}
.facts th{width:22mm;white-space:nowrap}
.head{display:flex;justify-content:space-between;align-items:flex-end;margin:0 0 3mm}
.item{display:flex;gap:4mm;border:1px solid #888;border-left-width:3mm;padding:2.2mm 3mm;
margin:0 0 2.5mm;break-inside:avoid}
.body{flex:1;min-width:0;overflow-wrap:anywhere}.name{font-weight:bold;font-size:11.5pt}
.mark{width:29mm;flex:none;font-size:14pt;font-weight:bold;line-height:1.25;white-space:nowrap}
.mark small{display:block;font-size:8.5pt}
.item img{width:42mm;height:auto;flex:none;align-self:flex-start;border:1px solid #888}
.action{font-weight:bold;padding-left:5mm;text-indent:-5mm}
.action::before{content:"□ ";font-size:12pt}
.fail{border-left-color:#B3261E}.fail .mark{color:#B3261E}
.caution{border-left-color:#8A5A00}.caution .mark{color:#8A5A00}
.pass{border-left-color:#0B6E8F}.pass .mark{color:#0B6E8F}
.skipped{border-left-color:#666}.skipped .mark{color:#555}
.big{margin:0 0 3mm;align-items:center}.big .mark{font-size:20pt;width:42mm}
.count{font-size:13pt;font-weight:bold}.count span{margin-right:6mm;white-space:nowrap}
.good td:first-child{width:17mm;white-space:nowrap;font-weight:bold;color:#0B6E8F}
.good td:nth-child(2){width:52mm}.good img{width:30mm;height:auto;display:block}
.good td.look{width:30mm;padding:1mm}
.changed td:first-child{width:64mm;font-weight:bold}.changed td:last-child{font-weight:bold}
.formats td,.formats th{font-size:8pt;padding:.5mm 2mm}
.figures td{font-size:8pt}.figures td:first-child{width:44mm}.figures span{white-space:nowrap}
.good .name{font-size:10.5pt}.good td{padding:.8mm 2mm}
.sign{break-inside:avoid}.sign td{height:14mm;width:50%}
</style></head><body>
)";

struct Look {
  const char *style, *shape;
};
Look look_of(Verdict v) {
  switch (v) {
    case Verdict::Pass:
      return {"pass", "○"};
    case Verdict::Caution:
      return {"caution", "△"};
    case Verdict::Fail:
      return {"fail", "×"};
    default:
      return {"skipped", "－"};
  }
}

// One language in one line, the other small beside it.
std::string side_by_side(const char* ja, const char* en) {
  return std::string(ja) + " <span class=\"en\" lang=\"en\">" + en + "</span>";
}

std::string both(const Text& t, const char* style) {
  if (t.ja.empty() && t.en.empty()) return {};
  std::string out = std::string("<div class=\"") + style + "\">" + html_words(t.ja) + "</div>";
  if (!t.en.empty() && t.en != t.ja)
    out += "<div class=\"en\" lang=\"en\">" + html_words(t.en) + "</div>";
  return out;
}

// What tells this device from its twin, and whether the outcome is a later one than the others'.
std::string small_print(const EquipmentItem& item) {
  std::string out = html_words(item.device);
  if (!item.again.empty())
    out += (out.empty() ? "" : "　") + html_words("試し直し " + date_words(item.again));
  return out.empty() ? out : "<div class=\"small\">" + out + "</div>";
}

std::string figures_of(const EquipmentItem& item) {
  std::string out;
  for (const auto& f : item.figures)
    out += (out.empty() ? "<span>" : "　<span>") + html_words(figure_name(f.id).ja) + " <b>" +
           html_words(figure_words(f)) + "</b></span>";
  return out;
}

std::string picture(const EquipmentItem& item, const SheetWish& wish) {
  if (item.picture.empty() || !wish.picture) return {};
  return html_picture(wish.picture(item.picture), item.name.ja);
}

std::string open_box(const char* style, const Look& look, const Text& word) {
  return std::string("<div class=\"item ") + style + look.style + "\"><div class=\"mark\">" +
         look.shape + " " + word.ja + "<small lang=\"en\">" + word.en +
         "</small></div>\n<div class=\"body\">";
}

void add_item(std::string& out, const EquipmentItem& item, const SheetWish& wish) {
  out += open_box("", look_of(item.verdict), verdict_words(item.verdict));
  out += both(item.name, "name") + both(item.found, "found") + both(item.cause, "cause") +
         both(item.action, "action") + small_print(item) + "</div>\n" + picture(item, wish) +
         "</div>\n";
}

void add_summary(std::string& out, const EquipmentResult& r) {
  out += open_box("big ", look_of(overall(r)), overall_words(r)) + "<div class=\"count\">";
  for (const Verdict v : {Verdict::Fail, Verdict::Caution, Verdict::Pass, Verdict::Skipped}) {
    const auto n = std::count_if(r.items.begin(), r.items.end(),
                                 [&](const EquipmentItem& i) { return i.verdict == v; });
    out += std::string("<span>") + look_of(v).shape + " " + verdict_words(v).ja + " " +
           std::to_string(n) + "</span>";
  }
  out += "</div>";
  if (r.stopped) {
    const Text names = names_of_stopped(r);
    out += both({"試験は途中で止められました。試していない項目：" + names.ja,
                 "The test was stopped. Not tested: " + names.en},
                "cause");
  }
  out += "</div></div>\n";
}

void add_facts(std::string& out, const EquipmentResult& r, const SheetWish& wish) {
  const auto cell = [&](const char* ja, const char* en, const std::string& value) {
    out += "<th>" + side_by_side(ja, en) + "</th><td>" + html_words(value) + "</td>";
  };
  out += "<table class=\"facts\"><tr>";
  cell("会場", "Venue", r.venue.empty() ? "―" : r.venue);
  cell("日時", "Date", date_words(r.time));
  out += "</tr>\n<tr>";
  cell("行事", "Event", r.event.empty() ? "―" : r.event);
  cell("PC", "Computer", wish.computer);
  char minutes[32];
  std::snprintf(minutes, sizeof minutes, "%.0f", std::clamp(r.burn_in_minutes, 0.0, 1e6));
  out += "</tr>\n<tr>";
  cell("試験", "Test",
       std::string(r.quick ? "短時間 (quick)" : "通常 (full)") +
           (r.burn_in_minutes > 0 ? std::string("＋連続運転") + minutes + "分 (burn-in)" : ""));
  cell("前回", "Last", r.compared_with.empty() ? "この会場では最初" : date_words(r.compared_with));
  out += "</tr></table>\n";
}

void add_boxes(std::string& out, const EquipmentResult& r, const SheetWish& wish, bool tested) {
  bool first = true;
  for (const EquipmentItem* item : worst_first(r)) {
    const Verdict v = item->verdict;
    if (v == Verdict::Pass || (v == Verdict::Fail || v == Verdict::Caution) != tested) continue;
    if (first)
      out += "<h2>" +
             (tested ? side_by_side("直すところ", "To be put right, worst first")
                     : side_by_side("確かめていないもの", "Not tested")) +
             "</h2>\n";
    first = false;
    add_item(out, *item, wish);
  }
}

void add_passes(std::string& out, const EquipmentResult& r, const SheetWish& wish) {
  bool first = true;
  for (const EquipmentItem& item : r.items) {
    if (item.verdict != Verdict::Pass) continue;
    if (first)
      out += "<h2>" + side_by_side("合格したもの", "Passed") + "</h2>\n<table class=\"good\">\n";
    first = false;
    const std::string look = picture(item, wish);
    out += std::string("<tr><td>○ 合格</td><td>") + both(item.name, "name") + "</td><td" +
           (look.empty() ? " colspan=\"2\">" : ">") + both(item.found, "found") +
           small_print(item) + "</td>" +
           (look.empty() ? "" : "<td class=\"look\">" + look + "</td>") + "</tr>\n";
  }
  if (!first) out += "</table>\n";
}

void add_differences(std::string& out, const EquipmentResult& r) {
  if (r.compared_with.empty()) return;
  out += "<h2>" + side_by_side("前回と違う点", "Changed since the last test") + "</h2>\n";
  std::string rows, same;
  for (const auto& d : r.differences)
    if (d.changed)
      rows += "<tr><td>≠ " + html_words(d.name.ja) + "</td><td>" + html_words(d.before.ja) +
              "</td><td>→ " + html_words(d.now.ja) + "</td></tr>\n";
    else
      same += (same.empty() ? "" : "、") + html_words(d.name.ja);
  if (rows.empty())
    out += "<p>" + side_by_side("違う点はありません。", "Nothing changed.") + "</p>\n";
  else
    out +=
        "<table "
        "class=\"changed\"><thead><tr><th>項目</th><th>前回</th><th>今回</th></tr></thead>\n" +
        rows + "</table>\n";
  if (!same.empty()) out += "<p class=\"small\">前回と同じ：" + same + "</p>\n";
}

void add_table(std::string& out, const EquipmentTable& table) {
  out += "<table class=\"formats\">";
  if (!table.columns.empty()) {
    out += "<thead><tr>";
    for (const Text& column : table.columns) out += "<th>" + html_words(column.ja) + "</th>";
    out += "</tr></thead>";
  }
  out += "\n";
  for (const EquipmentRow& row : table.rows) {
    out += "<tr>";
    for (const Text& cell : row.cells) out += "<td>" + html_words(cell.ja) + "</td>";
    out += "</tr>\n";
  }
  out += "</table>\n";
}

void add_tables(std::string& out, const EquipmentResult& r) {
  std::string figures, tables;
  for (const EquipmentItem& item : r.items) {
    if (!item.figures.empty())
      figures +=
          "<tr><td>" + html_words(item.name.ja) + "</td><td>" + figures_of(item) + "</td></tr>\n";
    for (const EquipmentTable& table : item.tables) {
      tables += "<h3>" + html_words(item.name.ja + "：" + table.title.ja) + "</h3>\n";
      add_table(tables, table);
    }
  }
  if (figures.empty() && tables.empty()) return;
  out += "<h2>" + side_by_side("資料（技術の担当者へ）", "Figures, for technicians") + "</h2>\n";
  if (!figures.empty()) out += "<table class=\"figures\">\n" + figures + "</table>\n";
  out += tables;
}

}  // namespace

std::string date_words(const std::string& time) {
  std::tm t{};
  int year = 0, month = 0, day = 0, hour = 0, minute = 0;
  if (std::sscanf(time.c_str(), "%4d-%2d-%2dT%2d:%2d", &year, &month, &day, &hour, &minute) != 5 ||
      month < 1 || month > 12 || day < 1 || day > 31 || hour < 0 || minute < 0 || minute > 59)
    return time;
  t.tm_year = year - 1900;
  t.tm_mon = month - 1;
  t.tm_mday = day;
  ::timegm(&t);  // finds the day of the week
  static const char* const kDays[] = {"日", "月", "火", "水", "木", "金", "土"};
  char text[64];
  std::snprintf(text, sizeof text, "%d年%d月%d日（%s）%d:%02d", year, month, day,
                kDays[std::clamp(t.tm_wday, 0, 6)], hour, minute);
  return text;
}

std::string write_sheet(const EquipmentResult& r, const SheetWish& wish) {
  std::string out = kHead;
  out += "<div class=\"head\"><h1>" + side_by_side("機材テスト結果", "Equipment test") +
         "</h1></div>\n";
  add_summary(out, r);
  add_facts(out, r, wish);
  add_boxes(out, r, wish, true);
  add_differences(out, r);
  add_boxes(out, r, wish, false);
  add_passes(out, r, wish);
  out += "<div class=\"sign\"><h2>" + side_by_side("確認", "Checked by") +
         "</h2>\n<table class=\"sign\"><tr><td>" + side_by_side("試験した人", "Tested by") +
         "</td><td>" + side_by_side("確認した人", "Confirmed by") + "</td></tr></table></div>\n";
  add_tables(out, r);
  return out + "</body></html>\n";
}

}  // namespace kakehashi
