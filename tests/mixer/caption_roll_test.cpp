// SPDX-License-Identifier: GPL-3.0-or-later
// Lines that are broken well and stay long enough, in virtual time.
#include "mixer/caption_roll.h"

#include <doctest/doctest.h>

#include <map>

#include "mixer/caption_place.h"

using namespace kakehashi;

namespace {

using Lines = std::vector<std::string>;

MediaTime at(double seconds) {
  return MediaTime{} + Duration::milliseconds(std::int64_t(seconds * 1000 + 0.5));
}

Lines shown(const CaptionRoll& roll, double seconds) {
  return roll.pages(at(seconds), at(seconds)).front().lines;
}

// A line of n kanji that no other line equals.
std::string line(int number, int letters = 20) {
  static const char* const digits = "0123456789abcdefghijklmnopqrstuvwxyz";
  std::string s{digits[number % 36], digits[number / 36 % 36]};  // one cell
  for (int i = 1; i < letters; ++i) s += "字";
  return s;
}

// Plays the roll in steps of 10 ms and notes when each line came and went.
struct Watch {
  std::map<std::string, std::pair<double, double>> seen;
  std::size_t most = 0;
  void look(const CaptionRoll& roll, double t) {
    const Lines now = shown(roll, t);
    most = std::max(most, now.size());
    for (const auto& l : now) {
      auto [it, fresh] = seen.try_emplace(l, t, t);
      it->second.second = t;
    }
  }
  double stood(const std::string& l) const {
    const auto it = seen.find(l);
    return it == seen.end() ? 0 : it->second.second - it->second.first + 0.01;
  }
};

}  // namespace

TEST_CASE("text is cleaned before anybody sees it") {
  CHECK(clean_caption("  こんにちは\r\n\t 皆さん　") == "こんにちは 皆さん");
  CHECK(clean_caption("a\xFF\xFE\xE3\x81z\x01") == "az");
  CHECK(clean_caption("\xEF\xBB\xBF字幕") == "字幕");
  CHECK(clean_caption(std::string(5000, 'x')).size() == kMostLetters);
  CHECK(clean_caption("葛\xF3\xA0\x84\x80").size() == 7);  // a variant stays
  CHECK(clean_caption(" \n ").empty());
  CHECK(caption_cells("あいう12ｱ") == 4.5);
}

TEST_CASE("lines hold twenty letters at most and break where Japanese breaks") {
  const std::string text =
      "本日は、区民センターにお集まりいただき、ありがとうございます。「子育て支援の集い」を始めます"
      "。";
  for (const int cells : {16, 20}) {
    const Lines lines = caption_lines(text, cells);
    std::string joined;
    for (const auto& l : lines) {
      CAPTURE(l);
      CHECK(caption_cells(l) <= cells);
      for (const char* never : {"、", "。", "」", "っ", "ゃ", "ー"}) CHECK(l.find(never) != 0);
      CHECK_FALSE((l.size() >= 3 && l.substr(l.size() - 3) == "「"));
      joined += l;
    }
    CHECK(joined == text);
    CHECK(lines.size() <= 4);
  }
  CHECK(caption_lines("短い", 20) == Lines{"短い"});
  CHECK(caption_lines("", 20).empty());
  CHECK(caption_lines("一行目\n二行目", 20) == Lines{"一行目 二行目"});
}

TEST_CASE("words longer than a line, English, and any text at any width") {
  for (const auto& l :
       caption_lines("https://www.city.example.lg.jp/kosodate/shien/2026/index.html", 16))
    CHECK(caption_cells(l) <= 16);
  const Lines english =
      caption_lines("Please wait for a moment while we change the interpreter.", 20);
  CHECK(english.size() == 2);
  for (const auto& l : english) {
    CHECK(caption_cells(l) <= 20);
    CHECK(l.front() != ' ');
    CHECK(l.back() != ' ');
  }
  std::uint32_t r = 3;
  for (int i = 0; i < 300; ++i) {
    std::string text;
    for (int n = 0; n < 60; ++n) {
      r = r * 1664525 + 1013904223;
      static const char* const parts[] = {"字",
                                          "、",
                                          "。",
                                          "「",
                                          "」",
                                          "ゃ",
                                          " ",
                                          "a",
                                          "12",
                                          "ー",
                                          "…",
                                          "円",
                                          "葛\xF3\xA0\x84\x80"};
      text += parts[(r >> 16) % std::size(parts)];
    }
    std::string joined;
    for (const auto& l : caption_lines(text, 7 + i % 14)) {
      CHECK(caption_cells(l) <= 7 + i % 14);
      joined += l;
    }
    std::string wanted = clean_caption(text);
    std::erase(wanted, ' ');
    std::erase(joined, ' ');
    CHECK(joined == wanted);
  }
}

TEST_CASE("a short caption stays two seconds at least, and goes when nothing follows") {
  CaptionRoll roll({20, 2});
  roll.add("はい。", at(10));
  CHECK(shown(roll, 10.1).empty());
  CHECK(shown(roll, 10.15) == Lines{"はい。"});
  CHECK(shown(roll, 12.14) == Lines{"はい。"});
  CHECK(shown(roll, 17.14) == Lines{"はい。"});
  CHECK(shown(roll, 17.16).empty());  // 2 s, then 5 s without anything new
}

TEST_CASE("each line can be read: one second per four letters, in its turn, scrolling up") {
  CaptionRoll roll({20, 2});
  for (int i = 0; i < 4; ++i) roll.add(line(i), at(0));
  CHECK(shown(roll, 0.2) == Lines{line(0), line(1)});
  CHECK(shown(roll, 5.14) == Lines{line(0), line(1)});
  CHECK(shown(roll, 5.16) == Lines{line(1), line(2)});  // the first was read in 5 s
  CHECK(shown(roll, 10.14) == Lines{line(1), line(2)});
  CHECK(shown(roll, 10.16) == Lines{line(2), line(3)});
  CHECK(shown(roll, 25.1) == Lines{line(2), line(3)});
  CHECK(shown(roll, 25.2).empty());
}

TEST_CASE("nothing flashes by, however fast it comes; a fast speaker is followed") {
  for (const double letters_per_second : {2.0, 4.0, 6.0, 7.5, 30.0}) {
    CAPTURE(letters_per_second);
    for (const int rows : {1, 2, 3}) {
      CAPTURE(rows);
      CaptionRoll roll({20, rows});
      Watch watch;
      std::vector<std::pair<std::string, double>> said;
      double next = 0, latest = 0;
      std::uint32_t r = 11;
      for (int step = 0; step < 12000; ++step) {
        const double t = step * 0.01;
        if (t >= next && t < 90) {
          r = r * 1664525 + 1013904223;
          const int letters = 3 + static_cast<int>((r >> 16) % 18);
          said.emplace_back(line(static_cast<int>(said.size()), letters), t);
          roll.add(said.back().first, at(t));
          next = t + letters / letters_per_second;
        }
        roll.advance(at(t));
        watch.look(roll, t);
      }
      CHECK(watch.most == static_cast<std::size_t>(rows));
      for (const auto& [text, when] : said) {
        const auto it = watch.seen.find(text);
        if (it == watch.seen.end() || it->second.second > 119.9) continue;
        CHECK(watch.stood(text) >= std::max(2.0, caption_cells(text) / 4) - 0.02);
        latest = std::max(latest, it->second.first - when);
      }
      if (letters_per_second <= 7.5 && rows >= 2) CHECK(latest < 30);
      if (letters_per_second <= 3.0 && rows >= 2) CHECK(latest < 6);
      if (letters_per_second <= 7.5 && rows >= 2) CHECK(watch.seen.size() == said.size());
    }
  }
}

TEST_CASE("more than anybody could read is dropped from the oldest, and counted") {
  CaptionRoll roll({20, 2});
  for (int i = 0; i < 500; ++i) roll.add(line(i), at(1));
  CHECK(roll.waiting() == CaptionRoll::kMostWaiting);
  CHECK(roll.dropped() == 500 - CaptionRoll::kMostWaiting);
}

TEST_CASE("pages are known before they begin") {
  CaptionRoll roll({20, 2});
  for (int i = 0; i < 4; ++i) roll.add(line(i), at(0));
  const auto pages = roll.pages(at(1), at(6));
  REQUIRE(pages.size() == 3);
  CHECK(pages[0] == CaptionPage{at(0.15), {line(0), line(1)}});
  CHECK(pages[1] == CaptionPage{at(5.15), {line(1), line(2)}});
  CHECK(pages[2] == CaptionPage{at(10.15), {line(2), line(3)}});
  for (double t = 0.2; t < 12; t += 0.37) {  // whoever asks when
    CaptionRoll other = roll;
    other.advance(at(t));
    CHECK(other.pages(at(t), at(t)).front() == roll.pages(at(t), at(t)).front());
  }
}

TEST_CASE("prepared lines come at once and stay until told") {
  CaptionRoll roll({20, 2});
  roll.show("区長の山田でございます。", at(3));
  CHECK(shown(roll, 3) == Lines{"区長の山田でございます。"});
  CHECK(shown(roll, 600) == Lines{"区長の山田でございます。"});
  roll.show("本日はありがとうございます。", at(601));
  CHECK(shown(roll, 601) == Lines{"本日はありがとうございます。"});
  roll.clear(at(602));
  CHECK(shown(roll, 602).empty());
  CHECK(roll.pages(at(700), at(800)).size() == 1);
  // A long one scrolls through, its end stays.
  roll.show(line(1) + line(2) + line(3), at(700));
  CHECK(shown(roll, 700.01).size() == 2);
  CHECK(shown(roll, 2000).back() == line(3));
  // A feed goes on after it.
  roll.add("続きです。", at(2001));
  CHECK(shown(roll, 2002).back() == "続きです。");
  CHECK(shown(roll, 2100).empty());
}

TEST_CASE("letters and lines in the bands that layouts have") {
  Overlay o;
  o.kind = "caption";
  const Canvas hd;
  const auto place = [&](int w, int h) { return caption_place(o, {0, 0, w, h}, hd); };
  CHECK(place(1728, 180).format == CaptionFormat{20, 2});
  CHECK(place(1728, 180).letter == 72);
  CHECK(place(1728, 168).letter == 72);
  const CaptionPlace narrow = place(1200, 216);
  CHECK(narrow.format == CaptionFormat{16, 3});
  CHECK(narrow.letter >= 60);
  CHECK(narrow.letter * 16 <= 1200 - 2 * narrow.padding);
  o.settings["size"] = std::int64_t{88};
  CHECK(place(1728, 204).letter == 88);
  CHECK(place(1728, 204).format.cells * 88 <= 1728);
  for (const int h : {60, 90, 130, 168, 180, 216})
    for (const int w : {300, 600, 1200, 1728, 1920}) {
      const CaptionPlace p = place(w, h);
      CHECK(p.pitch * p.format.rows <= h + 0.01);
      CHECK(p.format.cells >= 4);
      if (h >= 66) CHECK(p.letter >= 60);
    }
}
