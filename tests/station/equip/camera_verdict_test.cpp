// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/camera_verdict.h"

#include <doctest/doctest.h>

using namespace kakehashi;

namespace {

Input camera() {
  Input input;
  input.id = "cam_main";
  input.name = {"演台カメラ", "Lectern camera"};
  input.source = SourceSpec{"camera", {}};
  return input;
}

CameraFigures good() {
  CameraFigures f;
  f.opened = true;
  f.wanted_fps = f.fps = 30;
  f.seconds = 10;
  f.pictures = 301;
  f.width = 1920;
  f.height = 1080;
  f.age_ms = 30;
  f.jitter_ms = 2;
  return f;
}

EquipmentItem judged(const CameraFigures& f, const std::vector<InputFinding>& findings = {}) {
  return judge_camera("camera.cam_main", camera(), Canvas{}, f, findings);
}

}  // namespace

TEST_CASE("a watch counts pictures it looked at too late by their numbers") {
  CameraWatch watch;
  const Duration period = Rate{30, 1}.period();
  for (int i = 0; i <= 300; i += 3) {
    const MediaTime captured{1'000'000'000 + period.ns * i};
    watch.picture(captured, captured + Duration::milliseconds(33), static_cast<std::uint64_t>(i));
  }
  CameraFigures f;
  f.wanted_fps = 30;
  watch.tell(f);
  CHECK(f.pictures == 301);
  CHECK(f.fps == doctest::Approx(30).epsilon(0.0001));
  CHECK(f.age_ms == doctest::Approx(33.5));
  CHECK(f.lost_us == 0);
}

TEST_CASE("what is missing and not the device's loss is this PC's") {
  CameraWatch watch;
  std::uint64_t n = 0;
  for (int i = 0; i <= 300; ++i)
    if (i % 5 != 4)
      watch.picture(MediaTime{i * 33'333'333LL}, MediaTime{i * 33'333'333LL + 1}, n++);
  CameraFigures f;
  f.wanted_fps = 30;
  watch.tell(f);
  CHECK(f.lost_us == 60);
  f.lost_device = 60;
  watch.tell(f);
  CHECK(f.lost_us == 0);
}

TEST_CASE("a good camera passes and says its figures") {
  const EquipmentItem item = judged(good());
  CHECK(item.verdict == Verdict::Pass);
  CHECK(item.cause == Text{});
  CHECK(item.found.ja.find("1920×1080") != std::string::npos);
  CHECK(item.figures.size() >= 8);
}

TEST_CASE("each trouble has its own words") {
  CameraFigures f = good();
  SUBCASE("a frame rate within one per cent passes") {
    f.fps = 29.75;
    CHECK(judged(f).verdict == Verdict::Pass);
  }
  SUBCASE("both fields of an interlaced frame are no fault") {
    f.fps = 59.94;
    f.wanted_fps = 29.97;
    CHECK(judged(f).verdict == Verdict::Pass);
  }
  SUBCASE("the device loses a fifth") {
    f.fps = 24;
    f.lost_device = 60;
    const auto item = judged(f);
    CHECK(item.verdict == Verdict::Fail);
    CHECK(item.cause.ja == "機材がコマを落としています。");
  }
  SUBCASE("too slow without a loss: it is dark") {
    f.fps = 15;
    f.lost_us = 150;
    const auto item = judged(f);
    CHECK(item.verdict == Verdict::Fail);
    CHECK(item.cause.ja.find("暗い") != std::string::npos);
  }
  SUBCASE("three per cent is a caution") {
    f.fps = 29.1;
    f.lost_device = 9;
    CHECK(judged(f).verdict == Verdict::Caution);
  }
  SUBCASE("one lost picture is no trouble, however short the trial") {
    f.seconds = 3;
    f.pictures = 90;
    f.lost_device = 1;
    f.fps = 89 / 3.0;
    CHECK(judged(f).verdict == Verdict::Pass);
    f.lost_device = 2;
    f.fps = 88 / 3.0;
    CHECK(judged(f).verdict == Verdict::Caution);
  }
  SUBCASE("pictures that waited for this PC are not the device's loss") {
    f.fps = 27;
    f.fetched_late = f.lost_us = 30;
    f.lost_device = 1;
    const auto item = judged(f);
    CHECK(item.verdict == Verdict::Fail);
    CHECK(item.cause.ja == "このパソコンが忙しく、映像を取りこぼしました。");
  }
  SUBCASE("some losses while the PC gasps are put on the PC") {
    f.fps = 29.1;
    f.lost_device = 9;
    f.pc.waiting = 0.8;
    const auto item = judged(f);
    CHECK(item.verdict == Verdict::Caution);
    CHECK(item.cause.en == "This computer was busy and missed pictures.");
  }
  SUBCASE("a device that loses a fifth of fresh pictures is blamed on a busy PC, too") {
    f.fps = 24;
    f.lost_device = 60;
    f.pc.waiting = 0.8;
    CHECK(judged(f).cause.ja == "機材がコマを落としています。");
  }
  SUBCASE("uneven pictures on a busy PC") {
    f.jitter_ms = 25;
    CHECK(judged(f).action.ja.find("USB") != std::string::npos);
    f.pc.late_ms = 20;
    CHECK(judged(f).cause.ja.find("このパソコンが忙しく") == 0);
  }
  SUBCASE("another program has it; the bus is full; the device's own words") {
    f.opened = false;
    f.reason = Trouble::Busy;
    CHECK(judged(f).cause.ja == "ほかのソフトがこの機材を使っています。");
    f.reason = Trouble::Crowded;
    CHECK(judged(f).action.ja.find("別のUSBの口") == 0);
    f.words = {"解像度が高すぎます。→ 下げる", "Too large. -> Make it smaller"};
    const auto item = judged(f);
    CHECK(item.cause == Text{"解像度が高すぎます。", "Too large."});
    CHECK(item.action == Text{"下げる。", "Make it smaller."});
  }
  SUBCASE("nothing plugged into the HDMI stick") {
    f.opened = false;
    f.reason = Trouble::NoSignal;
    const auto item = judged(f);
    CHECK(item.verdict == Verdict::Fail);
    CHECK(item.cause.ja == "映像ケーブルの信号が来ていません。");
    CHECK(item.action.ja.find("HDMI") != std::string::npos);
    CHECK(item.figures.empty());
  }
  SUBCASE("not there") {
    f.opened = false;
    f.why = ErrorKind::NotFound;
    CHECK(judged(f).cause.ja == "決めた機材が見つかりません。");
  }
  SUBCASE("its stream never begins") {
    f.broke = true;
    f.pictures = 0;
    CHECK(judged(f).cause.ja == "機材が映像を始められません。");
  }
  SUBCASE("late pictures") {
    f.age_ms = 180;
    const auto item = judged(f);
    CHECK(item.verdict == Verdict::Caution);
    CHECK(item.found.en.find("latency high") != std::string::npos);
  }
  SUBCASE("the worst of several is said") {
    f.height = 480;
    f.broke = true;
    CHECK(judged(f).verdict == Verdict::Fail);
  }
  SUBCASE("a detector's finding counts as severe as it is") {
    const InputFinding black{
        "black", Severity::Fault, {"映像が真っ黒です。", "Black."}, {"a", "b"}};
    CHECK(judged(f, {black}).cause.ja == "映像が真っ黒です。");
    CHECK(judged(f, {black}).verdict == Verdict::Fail);
  }
}

TEST_CASE("a role without a device is told as such") {
  Input input = camera();
  input.source.reset();
  const auto item = judge_camera("camera.cam_main", input, Canvas{}, {}, {});
  CHECK(item.verdict == Verdict::Caution);
  CHECK(item.cause.ja == "機材が割り当てられていません。");
}

TEST_CASE("failing only together is the bus's fault, failing alone is not") {
  EquipmentItem alone{"camera.a"}, together{"cameras_together.a"};
  alone.verdict = Verdict::Pass;
  together.verdict = Verdict::Fail;
  std::vector<EquipmentItem> items{alone, together};
  explain_together(items);
  CHECK(items[1].verdict == Verdict::Fail);
  CHECK(items[1].cause.ja.find("USB") != std::string::npos);

  together.figures = {{"blamed_pc", 1, ""}};
  items = {alone, together};
  explain_together(items);
  CHECK(items[1].verdict == Verdict::Fail);
  CHECK(items[1].cause.ja.find("このパソコン") != std::string::npos);

  alone.verdict = Verdict::Fail;
  items = {alone, together};
  explain_together(items);
  CHECK(items[0].verdict == Verdict::Fail);
  CHECK(items[1].verdict == Verdict::Skipped);
}
