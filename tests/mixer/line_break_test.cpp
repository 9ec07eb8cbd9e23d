// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/line_break.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace kakehashi {
namespace {

// The text with | at every place where it may be broken for at most `most`; ‖ where it must.
std::string marked(const std::string& text, int most = 100, const BreakWishes& wishes = {}) {
  std::string out;
  std::size_t at = 0;
  for (const BreakChance& c : break_chances(text, wishes)) {
    REQUIRE(c.end <= c.next);
    REQUIRE((c.end > 0 || c.forced));
    REQUIRE(c.next < text.size());
    if (c.cost > most) continue;
    out += text.substr(at, c.end - at) + (c.forced ? "‖" : "|");
    at = c.next;
  }
  return out + text.substr(at);
}
int cost_at(const std::string& before, const std::string& after) {
  for (const BreakChance& c : break_chances(before + after))
    if (c.next == before.size()) return c.cost;
  return -1;
}

TEST_CASE("what may not begin a line does not, what may not end one does not") {
  const std::string not_first =
      "，)]"
      "｝、〕〉》」』】〙〗〟’”｠»ヽヾーァィゥェォッャュョヮヵヶぁぃぅぇぉっゃゅょゎゕゖㇰㇱㇲㇳㇴ"
      "ㇵㇶㇷㇸㇹㇺㇻ"
      "ㇼㇽㇾㇿ々〻‐゠–〜～？！‼⁇⁈⁉?!・：；:;。．.";
  for (const CodePoint& p : code_points(not_first)) {
    const std::string mark = not_first.substr(p.at, p.size);
    CAPTURE(mark);
    CHECK(cost_at("区", mark + "区") == -1);
    CHECK(cost_at("か", mark + "か") == -1);
    CHECK(cost_at("か ", mark + "か") == -1);  // not after a space either
  }
  const std::string not_last = "（([｛〔〈《「『【〘〖〝‘“｟«";
  for (const CodePoint& p : code_points(not_last)) {
    const std::string mark = not_last.substr(p.at, p.size);
    CAPTURE(mark);
    CHECK(cost_at("区" + mark, "区") == -1);
    CHECK(cost_at("区", mark + "区") >= 0);
  }
}

TEST_CASE("pairs that belong together stay together") {
  CHECK(marked("区――区").find("―|―") == std::string::npos);
  for (const char* pair : {"——", "……", "‥‥", "〳〵"}) {
    const std::string p = pair;
    CAPTURE(p);
    CHECK(cost_at("え" + p.substr(0, p.size() / 2), p.substr(p.size() / 2) + "え") == -1);
  }
  CHECK(marked("か\u3099き").find("か|") == std::string::npos);  // a combining voiced mark
}

TEST_CASE("numbers keep their separators, their units and what stands before them") {
  for (const char* whole : {"5,000", "10:30", "3.14", "15 分", "100名", "１００名", "3メートル",
                            "約30名", "第3回", "03-1234-5678", "2026/11/22", "24時間", "3か月",
                            "10％", "¥500", "500円", "3丁目", "午後2時30分", "No.7"}) {
    CAPTURE(whole);
    CHECK(marked(whole) == whole);
  }
  CHECK(marked("定員 100名 先着") == "定|員|100名|先|着");
}

TEST_CASE("dates, words, addresses and names are never split") {
  for (const char* whole :
       {"令和7年10月4日（土）", "令和元年5月1日", "10月4日（土）", "平成31年", "2025年10月4日",
        "https://www.city.example.jp/bousai/2026.html", "info@city.example.jp",
        "www.example.jp/a-b", "Featherstonehaugh", "don't", "don’t", "A/B", "GIGA", "café",
        "山田 様", "山田様", "中村さん", "高橋 先生", "スミス氏"}) {
    CAPTURE(whole);
    CHECK(marked(whole) == whole);
  }
  CHECK(marked("会場は令和7年10月4日（土）開場", 30) == "会場は|令和7年10月4日（土）|開場");
  CHECK(marked("司会は中村 さくらです", 100, {false, {"中村 さくら"}}).find("中村 さくら") !=
        std::string::npos);
  CHECK(marked("司会は中村 さくらです").find("村|さ") != std::string::npos);
}

TEST_CASE("a break prefers the end of a sentence, then 、, then before 「, then a phrase") {
  CHECK(cost_at("終わりました。", "次に") < cost_at("終わり、", "次に"));
  CHECK(cost_at("終わり、", "次に") < cost_at("講座", "「備え"));
  CHECK(cost_at("講座", "「備え") < cost_at("家庭で", "できる"));
  CHECK(cost_at("地震の", "備え") < cost_at("家庭で", "できる"));
  CHECK(cost_at("地震の", "備え") < cost_at("危機", "管理"));
  CHECK(cost_at("危機", "管理") < cost_at("備", "える"));
  CHECK(cost_at("危機", "管理") < cost_at("ボラン", "ティア"));
  CHECK(marked("区民講座「家庭でできる地震の備え」", 10) == "区民講座|「家庭でできる地震の備え」");
  CHECK(marked("はじめに、区長の挨拶です。次に講演です", 10) ==
        "はじめに、|区長の挨拶です。|次に講演です");
  // A particle after a closing bracket belongs to what it closes.
  CHECK(cost_at("「備え」", "の講座") > cost_at("「備え」", "講座"));
}

TEST_CASE("spaces are where lines end and belong to none") {
  CHECK(marked("Office for  Emergency") == "Office|for|Emergency");
  CHECK(marked("みどり区　危機管理課", 10) == "みどり区|危機管理課");
  CHECK(marked("100\u00A0000 people") == "100\u00A0000|people");
  CHECK(marked(" a ") == " a ");
  CHECK(marked("long-term plan") == "long-|term|plan");
  CHECK(marked("a-b c") == "a-b|c");
}

TEST_CASE("newlines are forced") {
  CHECK(marked("一\n二\r\n三", 0) == "一‖二‖三");
  CHECK(marked("一\n\n二", 0) == "一‖‖二");
  CHECK(marked("一 \n二", 0).find("‖二") != std::string::npos);
}

TEST_CASE("in lines of less than 8 letters small kana may begin one") {
  CHECK(marked("プレゼンテーション").find("|ー") == std::string::npos);
  CHECK(marked("シェルター").find("|ェ") == std::string::npos);
  CHECK(marked("シェルター", 100, {true, {}}).find("|ェ") != std::string::npos);
  CHECK(marked("シェルター", 100, {true, {}}).find("|ー") != std::string::npos);
  CHECK(marked("区。区", 100, {true, {}}) == "区。|区");
}

TEST_CASE("a letter keeps its variation selector") {
  const std::string tsuji = "辻\U000E0100";
  const std::string kuzu = "葛\U000E0101";
  CHECK(letter_starts(tsuji + kuzu) == std::vector<std::size_t>{0, 7, 14});
  CHECK(marked(tsuji + kuzu).find("辻|") == std::string::npos);
  CHECK(marked(tsuji + kuzu) == tsuji + "|" + kuzu);
  CHECK(letter_starts("𠮷野") == std::vector<std::size_t>{0, 4, 7});
  CHECK(letter_starts("") == std::vector<std::size_t>{0});
}

TEST_CASE("bytes that are not text become letters and do no harm") {
  CHECK(code_points("\xFF\xC0").size() == 2);
  CHECK(code_points("\xED\xA0\x80")[0].value == 0xFFFD);  // half of a surrogate pair
  CHECK(code_points("\xE3\x81")[0].value == 0xFFFD);      // cut off
  CHECK(code_points("\xF4\x90\x80\x80")[0].value == 0xFFFD);
  for (const char* text : {"\xFF\xFE", "", "\n", "\n\n", " ", "\r", "。", "「", "\xE3"})
    (void)marked(text);
}

}  // namespace
}  // namespace kakehashi
