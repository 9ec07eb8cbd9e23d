// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/sheet.h"

#include <cmath>
#include <cstdint>
#include <cstdio>

#include "station/equip/verdict_words.h"

namespace kakehashi {
namespace {

// Shapes, words and colours together: a grey print and a colour-blind reader get the same news.
const char* const kHead = R"(<!DOCTYPE html>
<html lang="ja"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>機材テスト結果</title>
<style>
@page{size:A4;margin:14mm}
body{font:10.5pt/1.5 "BIZ UDPGothic","BIZ UDGothic","Noto Sans CJK JP",sans-serif;color:#111;
max-width:182mm;margin:0 auto}
h1{font-size:18pt;margin:0 0 2mm}h2{font-size:13pt;margin:6mm 0 2mm}
.en{color:#444;font-size:9pt}.small{color:#444;font-size:7.5pt}
table{border-collapse:collapse;width:100%}
td,th{border:1px solid #888;padding:1.5mm 2mm;text-align:left;vertical-align:top}
.item{display:flex;gap:4mm;border:1px solid #888;border-left-width:3mm;padding:2.5mm 3mm;
margin:0 0 2.5mm;break-inside:avoid}
.body{flex:1;min-width:0;overflow-wrap:anywhere}.name{font-weight:bold}
.mark{width:27mm;flex:none;font-size:15pt;font-weight:bold;line-height:1.25}
.mark small{display:block;font-size:9pt}
.item img{width:42mm;height:auto;flex:none;align-self:flex-start;border:1px solid #888}
.action{font-weight:bold}.action::before{content:"→ "}
.fail{border-left-color:#B3261E}.fail .mark{color:#B3261E}
.caution{border-left-color:#8A5A00}.caution .mark{color:#8A5A00}
.pass{border-left-color:#0B6E8F}.pass .mark{color:#0B6E8F}
.skipped{border-left-color:#666}.skipped .mark{color:#555}
.big{padding:3mm 4mm;font-size:16pt}.changed td{font-weight:bold}
.sign td{height:12mm;width:50%}
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

std::string base64(const std::string& bytes) {
  static const char* const kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve(bytes.size() * 4 / 3 + 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t three = 0;
    for (std::size_t k = 0; k < 3; ++k)
      three = three << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k)
      out += i + k > bytes.size() ? '=' : kLetters[three >> (18 - 6 * k) & 63];
  }
  return out;
}

std::string both(const Text& t, const char* style) {
  if (t.ja.empty() && t.en.empty()) return {};
  std::string out = std::string("<div class=\"") + style + "\">" + html_words(t.ja) + "</div>";
  if (!t.en.empty() && t.en != t.ja)
    out += "<div class=\"en\" lang=\"en\">" + html_words(t.en) + "</div>";
  return out;
}

std::string number(double v) {
  char text[48];
  std::snprintf(text, sizeof text, std::abs(v) >= 1000 ? "%.0f" : "%.4g", v);
  return text;
}

void add_item(std::string& out, const EquipmentItem& item, const SheetWish& wish) {
  const Look look = look_of(item.verdict);
  const Text word = verdict_words(item.verdict);
  out += std::string("<div class=\"item ") + look.style + "\"><div class=\"mark\">" + look.shape +
         " " + word.ja + "<small lang=\"en\">" + word.en + "</small></div>\n<div class=\"body\">";
  out += both(item.name, "name") + both(item.found, "found") + both(item.cause, "cause") +
         both(item.action, "action");
  std::string small = html_words(item.device);
  for (const auto& f : item.figures)
    small += (small.empty() ? "" : " · ") + html_words(f.id) + " " + number(f.value) +
             (f.unit.empty() ? "" : " " + html_words(f.unit));
  if (!small.empty()) out += "<div class=\"small\">" + small + "</div>";
  out += "</div>\n";
  if (!item.picture.empty() && wish.picture)
    if (const std::string bytes = wish.picture(item.picture); !bytes.empty())
      out += std::string("<img alt=\"") + html_words(item.name.ja) + "\" src=\"data:image/" +
             (bytes.starts_with("\x89PNG") ? "png" : "jpeg") + ";base64," + base64(bytes) + "\">\n";
  out += "</div>\n";
}

Text stopped_remark(const EquipmentResult& r) {
  if (!r.stopped) return {};
  const Text names = names_of_stopped(r);
  return {"試験は途中で止められました。試していない項目：" + names.ja,
          "The test was stopped. Not tested: " + names.en};
}

void add_facts(std::string& out, const EquipmentResult& r, const SheetWish& wish) {
  const auto row = [&](const char* ja, const char* en, const std::string& value) {
    if (!value.empty())
      out += std::string("<tr><th>") + ja + " <span class=\"en\" lang=\"en\">" + en +
             "</span></th><td>" + html_words(value) + "</td></tr>\n";
  };
  out += "<table>\n";
  row("日時", "Date", r.time);
  row("会場", "Venue", r.venue);
  row("行事", "Event", r.event);
  row("PC", "Computer", wish.computer);
  const std::string minutes = number(r.burn_in_minutes);
  row("試験", "Test",
      std::string(r.quick ? "簡易（短時間） quick" : "通常 full") +
          (r.burn_in_minutes > 0 ? "＋連続運転 burn-in " + minutes + " min" : ""));
  out += "</table>\n";
}

void add_differences(std::string& out, const EquipmentResult& r) {
  if (r.compared_with.empty()) {
    out +=
        "<p>この会場での最初の試験です。 <span class=\"en\" lang=\"en\">First test at this "
        "venue.</span></p>\n";
    return;
  }
  out +=
      "<h2>前回と違う点 <span class=\"en\" lang=\"en\">Compared with the last test</span></h2>\n"
      "<p class=\"small\">前回：" +
      html_words(r.compared_with) +
      "</p>\n<table><tr><th></th><th>項目</th><th>前回</th><th>今回</th></tr>\n";
  for (const auto& d : r.differences)
    out += std::string("<tr") + (d.changed ? " class=\"changed\"><td>≠ 違う" : "><td>＝ 同じ") +
           "</td><td>" + html_words(d.name.ja) + "</td><td>" + html_words(d.before) + "</td><td>" +
           html_words(d.now) + "</td></tr>\n";
  out += "</table>\n";
}

// Length of a well-formed UTF-8 sequence at `at` (RFC 3629); 0: none.
std::size_t sequence_at(const std::string& t, std::size_t at) {
  const auto byte = [&](std::size_t k) {
    return at + k < t.size() ? static_cast<unsigned char>(t[at + k]) : 0U;
  };
  const unsigned first = byte(0);
  const std::size_t length = first < 0x80                    ? 1
                             : first >= 0xC2 && first < 0xE0 ? 2
                             : first >= 0xE0 && first < 0xF0 ? 3
                             : first >= 0xF0 && first < 0xF5 ? 4
                                                             : 0;
  for (std::size_t k = 1; k < length; ++k)
    if ((byte(k) & 0xC0) != 0x80) return 0;
  if ((first == 0xE0 && byte(1) < 0xA0) || (first == 0xED && byte(1) > 0x9F) ||
      (first == 0xF0 && byte(1) < 0x90) || (first == 0xF4 && byte(1) > 0x8F))
    return 0;
  return length;
}

}  // namespace

std::string html_words(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = sequence_at(text, i);
    const char c = text[i];
    if (length == 0 || (length == 1 && (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)))
      out += c == '\n' || c == '\t' ? " " : "\xEF\xBF\xBD";
    else if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (c == '\'')
      out += "&#39;";
    else
      out.append(text, i, length);
    i += length == 0 ? 1 : length;
  }
  return out;
}

std::string write_sheet(const EquipmentResult& r, const SheetWish& wish) {
  std::string out = kHead;
  out += "<h1>機材テスト結果 <span class=\"en\" lang=\"en\">Equipment test</span></h1>\n";
  const Verdict all = overall(r);
  const Look look = look_of(all);
  const Text word = overall_words(r);
  out += std::string("<div class=\"item big ") + look.style + "\"><div class=\"mark\">" +
         look.shape + " " + word.ja + "<small lang=\"en\">" + word.en +
         "</small></div><div class=\"body\">";
  int count[3] = {};
  for (const auto& item : r.items) {
    count[0] += item.verdict == Verdict::Fail;
    count[1] += item.verdict == Verdict::Caution;
    count[2] += item.verdict == Verdict::Pass;
  }
  out += "不合格 " + std::to_string(count[0]) + "　注意 " + std::to_string(count[1]) + "　合格 " +
         std::to_string(count[2]) + both(stopped_remark(r), "cause") + "</div></div>\n";
  add_facts(out, r, wish);
  out += "<h2>項目 <span class=\"en\" lang=\"en\">Items, worst first</span></h2>\n";
  for (const EquipmentItem* item : worst_first(r)) add_item(out, *item, wish);
  add_differences(out, r);
  out +=
      "<h2>確認 <span class=\"en\" lang=\"en\">Checked by</span></h2>\n<table class=\"sign\"><tr>"
      "<td>試験した人 <span class=\"en\">Tested by</span></td>"
      "<td>確認した人 <span class=\"en\">Confirmed by</span></td></tr></table>\n</body></html>\n";
  return out;
}

}  // namespace kakehashi
