// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/result_file.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "station/equip/compare.h"
#include "station/equip/wire.h"
#include "tests/support/process.h"

using namespace kakehashi;

namespace {

EquipmentResult sample() {
  EquipmentResult r;
  r.time = "2026-11-22T09:30:00+09:00";
  r.venue = "区民ホール";
  EquipmentItem item;
  item.id = "camera.cam_main";
  item.name = {"演台カメラ　映像", "Lectern camera"};
  item.verdict = Verdict::Pass;
  item.found = {"良い", "good"};
  item.device = "HD Pro Webcam C920 (USB 3)";
  item.figures = {{"fps", 29.97, "fps"}, {"lost_device", 0, ""}};
  item.tables = {{{"出せる形式", "formats offered"},
                  {{"形式", "format"}, {"大きさ", "size"}},
                  {{{{"MJPEG", ""}, {"1920×1080", ""}}}, {{{"YUY2", ""}, {"640×480", ""}}}}}};
  r.items.push_back(item);
  r.differences.push_back({{"a", "b"}, {"1", ""}, {"2", ""}, true});
  return r;
}

}  // namespace

TEST_CASE("what is written is read again") {
  const EquipmentReading reading = parse_result(write_result(sample()));
  CHECK(reading.faults.empty());
  CHECK(reading.result == sample());
}

TEST_CASE("a faulty result names each place and keeps the rest") {
  auto text = write_result(sample());
  const auto at = text.find("\"pass\"");
  REQUIRE(at != std::string::npos);
  text.replace(at, 6, "\"great\"");
  const auto reading = parse_result(text);
  REQUIRE(reading.faults.size() == 1);
  CHECK(reading.faults[0] == "items[0].verdict: no such word");
  CHECK(reading.result.venue == "区民ホール");
}

TEST_CASE("garbage is refused, unknown keys are not") {
  for (const char* text : {"", "{", "[]", "{}", "null", "{\"kakehashi_equipment\":2}",
                           "{\"kakehashi_equipment\":1,\"items\":7}", "\xFF\xFE"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_result(text).faults.empty());
  }
  const auto newer = parse_result("{\"kakehashi_equipment\":2}");
  CHECK(newer.faults.at(0).find("newer Kakehashi") != std::string::npos);
  CHECK(parse_result("{\"kakehashi_equipment\":1,\"later\":{\"x\":[]}}").faults.empty());
  CHECK_FALSE(parse_result(std::string(100'000, '[')).faults.empty());
}

TEST_CASE("every cut of a result is read without harm") {
  const std::string whole = write_result(sample());
  for (std::size_t n = 0; n + 2 < whole.size(); n += 7)
    CHECK_FALSE(parse_result(std::string_view(whole).substr(0, n)).faults.empty());
}

TEST_CASE("probe lines go there and back; anything else is nothing") {
  const auto item = sample().items[0];
  const auto back = parse_probe_line(write_line(item));
  REQUIRE(back);
  CHECK(std::get<EquipmentItem>(*back) == item);
  const PlannedProbe row{"camera", "cam", {"a", "b"}, {"c", "d"}, 6};
  CHECK(std::get<PlannedProbe>(*parse_probe_line(write_line(row))) == row);
  for (const char* line :
       {"", "hello", "{}", "{\"item\":{}}", "{\"item\":3}", "{\"progress\":\"x\"}"})
    CHECK_FALSE(parse_probe_line(line));
}

TEST_CASE("the shelf keeps twenty, lets pictures go with their result, finds the last") {
  const testing::TempDir dir;
  const ResultShelf shelf(dir / "hall");
  CHECK_FALSE(shelf.last(false));
  for (int i = 0; i < 25; ++i) {
    auto r = sample();
    r.time = std::to_string(i);
    r.quick = i == 24;
    const std::string stamp = "20261122-0000" + std::to_string(10 + i);
    std::filesystem::create_directories(dir / ("hall/" + stamp));
    REQUIRE(shelf.keep(stamp, r).ok());
  }
  CHECK(shelf.last(true)->time == "24");
  CHECK(shelf.last(false)->time == "23");
  CHECK_FALSE(std::filesystem::exists(dir / "hall/20261122-000010"));
  CHECK_FALSE(std::filesystem::exists(dir / "hall/20261122-000014.json"));
  CHECK(std::filesystem::exists(dir / "hall/20261122-000015.json"));
  CHECK(shelf.newest()->stamp == "20261122-000034");
  CHECK(shelf.of_time("20")->time == "20");
  CHECK_FALSE(shelf.of_time("3"));
  // A test that was stopped is no measure while there is a whole one.
  auto cut = sample();
  cut.time = "25";
  cut.stopped = true;
  REQUIRE(shelf.keep("20261122-000035", cut).ok());
  CHECK(shelf.newest()->result.time == "25");
  CHECK(shelf.last(false)->time == "23");
  std::ofstream(dir / "hall/20271122-000000.json") << "{broken";
  CHECK(shelf.last(true)->time == "24");
}

TEST_CASE("a venue's folder cannot lead out of its place") {
  for (const char* name : {"", "..", "../../etc", "/etc"}) {
    const std::filesystem::path p = ResultShelf::default_folder(name);
    CHECK(p.parent_path().filename() == "equipment");
    CHECK(p.filename() != "..");
  }
}

TEST_CASE("differences: what changed first, small movements of figures are the same") {
  const auto before = sample();
  auto now = sample();
  now.items[0].figures[0].value = 29.99;
  auto rows = differences(before, now);
  REQUIRE(rows.size() == 1);
  CHECK_FALSE(rows[0].changed);

  now.items[0].device = "another";
  now.items[0].verdict = Verdict::Fail;
  now.items[0].figures[0].value = 25;
  rows = differences(before, now);
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].name.ja == "演台カメラ　映像：機材");
  CHECK(rows[0].before.ja == "HD Pro Webcam C920 (USB 3)");
  CHECK(rows[1].now.ja == "不合格");
  CHECK(rows[2].before.ja == "29.97 fps");

  now.items[0].id = "camera.other";
  rows = differences(before, now);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].before.ja == "—");
  CHECK(rows[1].now.ja == "—");
}

TEST_CASE("what is compared has a name, and the slow disk of today is told") {
  auto before = sample(), now = sample();
  before.items[0].figures = {{"write_mb_per_s", 180, "MB/s"}, {"encode_p95_percent", 40, "%"}};
  now.items[0].figures = {{"write_mb_per_s", 60, "MB/s"}, {"encode_p95_percent", 41, "%"}};
  const auto rows = differences(before, now);
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].name.ja == "演台カメラ　映像：ディスクの書き込み");
  CHECK(rows[0].name.en == "Lectern camera: disk write speed");
  CHECK(rows[0].before.ja == "180 MB/s");
  now.items[0].verdict = Verdict::Fail;
  CHECK(differences(before, now)[0].now.pick(Language::English) == "FAIL");
}

TEST_CASE("a difference told by an older program, in one language, is still read") {
  const auto reading = parse_result(
      "{\"kakehashi_equipment\":1,\"differences\":[{\"before\":\"A\",\"now\":\"B\"}]}");
  CHECK(reading.faults.empty());
  CHECK(reading.result.differences.at(0).before.pick(Language::English) == "A");
}

TEST_CASE("what was not tested this time is no difference") {
  auto now = sample();
  now.items[0].verdict = Verdict::Skipped;
  CHECK(differences(sample(), now).empty());
}
