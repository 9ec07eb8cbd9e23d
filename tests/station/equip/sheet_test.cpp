// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/sheet.h"

#include <doctest/doctest.h>

#include "station/equip/html.h"
#include "station/equip/verdict_words.h"

using namespace kakehashi;

TEST_CASE("words cannot become markup, broken letters become a sign") {
  CHECK(html_words("<b>\"a\" & 'b'</b>") == "&lt;b&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/b&gt;");
  CHECK(html_words("髙橋\n𠮷田") == "髙橋 𠮷田");
  CHECK(html_words("a\xFF\xE3\x81z\x01") == "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz\xEF\xBF\xBD");
  CHECK(html_words("\xED\xA0\x80").find("\xED") == std::string::npos);
}

TEST_CASE("the sheet: worst first, words and shapes, pictures inside, nothing from outside") {
  EquipmentResult r;
  r.venue = "<script>alert(1)</script>";
  EquipmentItem good{"a", {"良い機材", "good"}, Verdict::Pass};
  EquipmentItem bad{"b", {"悪い機材", "bad"}, Verdict::Fail};
  bad.cause = {"線が切れています。", "Its cable is broken."};
  bad.action = {"線を替えてください。", "Change it."};
  bad.picture = "b.jpg";
  r.items = {good, bad};
  SheetWish wish;
  wish.picture = [](const std::string& name) {
    CHECK(name == "b.jpg");
    return std::string("\xFF\xD8\xFF");
  };
  const std::string page = write_sheet(r, wish);
  CHECK(page.find("<script") == std::string::npos);
  CHECK(page.find("悪い機材") < page.find("良い機材"));
  CHECK(page.find("× 不合格") != std::string::npos);
  CHECK(page.find("○ 合格") != std::string::npos);
  CHECK(page.find("data:image/jpeg;base64,/9j/") != std::string::npos);
  CHECK(page.find("http") == std::string::npos);
  CHECK(page.find("この会場では最初") != std::string::npos);
  r.compared_with = "yesterday";
  r.differences = {{{"演台カメラ", ""}, {"A", ""}, {"B", ""}, true},
                   {{"マイク", ""}, {"C", ""}, {"C", ""}, false}};
  const std::string second = write_sheet(r, wish);
  CHECK(second.find("≠ 演台カメラ") < second.find("前回と同じ：マイク"));
}

TEST_CASE("a stopped test is told at the top, with what it did not come to, and is no pass") {
  EquipmentResult r;
  EquipmentItem good{"a", {"良い機材", "good"}, Verdict::Pass};
  EquipmentItem rest{"b", {"演台カメラ", "Lectern"}, Verdict::Skipped};
  rest.stopped = true;
  r.items = {good, rest};
  r.stopped = true;
  const std::string page = write_sheet(r, {});
  CHECK(page.find("途中まで") < page.find("良い機材"));
  CHECK(page.find("試していない項目：演台カメラ") < page.find("良い機材"));
  CHECK(page.find("－ 途中まで") != std::string::npos);
  r.items[0].verdict = Verdict::Fail;
  CHECK(overall(r) == Verdict::Fail);  // what failed is worse news
}

TEST_CASE("figures are told by name, dates as people write them, tables at the end") {
  EquipmentResult r;
  r.time = "2026-11-22T09:05:00+09:00";
  EquipmentItem item{"a", {"演台カメラ", "Lectern"}, Verdict::Pass};
  item.figures = {{"fps", 29.97, "fps"}, {"newer_figure", 3, ""}};
  item.again = "2026-11-22T10:30:00+09:00";
  item.tables = {{{"出せる形式", ""}, {{"形式", ""}}, {{{{"<MJPEG>", ""}}}, {{}}}}};
  r.items = {item};
  const std::string page = write_sheet(r, {});
  CHECK(page.find("2026年11月22日（日）9:05") != std::string::npos);
  CHECK(page.find("毎秒のコマ数 <b>29.97 fps</b>") != std::string::npos);
  CHECK(page.find("newer_figure <b>3</b>") != std::string::npos);
  CHECK(page.find("試し直し 2026年11月22日（日）10:30") != std::string::npos);
  CHECK(page.find("演台カメラ：出せる形式") < page.find("&lt;MJPEG&gt;"));
  for (const char* odd : {"", "yesterday", "2026-13-01T00:00", "2026-11-22T9"})
    CHECK(date_words(odd) == odd);
}

TEST_CASE("base64 pads as RFC 4648 says") {
  EquipmentResult r;
  EquipmentItem item{"a", {"a", "a"}, Verdict::Pass};
  item.picture = "x";
  r.items = {item};
  for (const auto& [bytes, expected] : {std::pair{"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}}) {
    SheetWish wish;
    wish.picture = [b = std::string(bytes)](const std::string&) { return b; };
    CHECK(write_sheet(r, wish).find(std::string("base64,") + expected + "\"") != std::string::npos);
  }
}
