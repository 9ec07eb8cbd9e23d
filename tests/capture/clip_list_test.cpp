// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/clip_list.h"

#include <doctest/doctest.h>

#include <random>

using namespace kakehashi;

TEST_CASE("times are read as people write them") {
  CHECK(cue_time("83.5") == Duration::milliseconds(83'500));
  CHECK(cue_time("1:23.5") == Duration::milliseconds(83'500));
  CHECK(cue_time(" 1:02:03 ") == Duration::seconds(3723));
  CHECK(cue_time("１：２３．５") == Duration::milliseconds(83'500));
  CHECK(cue_time("0") == Duration{});
  for (const char* wrong :
       {"", "-1", "1:60", "1:2:3:4", "abc", "1:", ":", "99999999", "nan", "1e3", "24:00:01"})
    CHECK_MESSAGE(!cue_time(wrong), wrong);
}

TEST_CASE("a list comes from a spreadsheet in any of its dialects") {
  const std::vector<ClipCue> wanted{{"開会,挨拶.mp4", Duration::seconds(5), Duration::seconds(80)},
                                    {"b.mp4", {}, {}}};
  for (const char* text : {"ファイル,頭出し,終わり\r\n\"開会,挨拶.mp4\",0:05,1:20\r\nb.mp4,,\r\n",
                           "\xEF\xBB\xBF\"開会,挨拶.mp4\",5,80\n\nb.mp4",
                           "file\tin\tout\n開会,挨拶.mp4\t5\t1:20\nb.mp4\n"}) {
    const auto read = read_clip_list(text);
    REQUIRE_MESSAGE(read.ok(), (read.ok() ? "" : read.error().message));
    CHECK(*read == wanted);
  }
}

TEST_CASE("a mistake is named by its line") {
  const auto message = [](const char* text) { return read_clip_list(text).error().message; };
  CHECK(message("a.mp4\nb.mp4,soon") ==
        "line 2: \"soon\" is no time; write 83.5 or 1:23.5 or 1:02:03");
  CHECK(message("a.mp4,20,10").starts_with("line 1: its cue-out is not after its cue-in"));
  CHECK(message("").starts_with("no clip in the list"));
  CHECK(message("heading\n").starts_with("no clip in the list"));
  std::string many;
  for (int i = 0; i < 201; ++i) many += "a.mp4\n";
  CHECK(message(many.c_str()).starts_with("line 201: a list holds 200"));
}

TEST_CASE("any bytes are a list or an error, never a crash") {
  std::mt19937 random(1);
  const std::string letters = "a.mp4,;\t\"\n\r:0159\xEF\xBC\x9A\x9B ";
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (int n = static_cast<int>(random() % 60); n > 0; --n)
      text += letters[random() % letters.size()];
    const auto read = read_clip_list(text);
    if (!read.ok()) continue;
    for (const auto& clip : *read) CHECK((!clip.file.empty() && clip.in.ns >= 0));
  }
}
