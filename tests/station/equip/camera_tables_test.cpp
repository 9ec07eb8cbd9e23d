// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/camera_tables.h"

#include <doctest/doctest.h>

using namespace kakehashi;

namespace {

CameraOffer offer(const char* format, int w, int h, std::vector<double> rates) {
  return {format, "raw", w, h, false, std::move(rates)};
}

CameraFigures came() {
  CameraFigures f;
  f.opened = true;
  f.format = "1920x1080 30/1 MJPG 709 limited";
  f.wanted_fps = f.fps = 30;
  f.pictures = 30;
  return f;
}

}  // namespace

TEST_CASE("sizes of one format and the same rates share a row") {
  const EquipmentTable t =
      offered_table({offer("MJPEG", 1920, 1080, {30, 15}), offer("MJPEG", 1280, 720, {30, 15}),
                     offer("MJPEG", 640, 480, {60}), offer("YUY2", 640, 480, {30000.0 / 1001})});
  REQUIRE(t.rows.size() == 3);
  for (const auto& row : t.rows) CHECK(row.cells.size() == t.columns.size());
  CHECK(t.rows[0].cells[0].ja == "MJPEG");
  CHECK(t.rows[0].cells[1].ja == "1920×1080・1280×720");
  CHECK(t.rows[0].cells[2].ja == "30・15");
  CHECK(t.rows[2].cells[2].ja == "29.97");
  CHECK(t.rows[2].cells[3].ja == "プログレッシブ");
}

TEST_CASE("a capture card's rate is its signal's; interlaced is said") {
  CameraOffer o = offer("UYVY", 1920, 1080, {});
  o.interlaced = true;
  const EquipmentTable t = offered_table({o});
  CHECK(t.rows[0].cells[2].ja == "入力信号と同じ");
  CHECK(t.rows[0].cells[3].en == "interlaced");
}

TEST_CASE("a device that offers no end of formats does not fill the sheet") {
  std::vector<CameraOffer> many;
  for (int i = 1; i < 300; ++i) many.push_back(offer("YUY2", i, i, {static_cast<double>(i)}));
  CHECK(offered_table(many).rows.size() == 40);
}

TEST_CASE("negotiated formats in people's words") {
  CHECK(format_in_words("1920x1080 30/1 MJPG 709 limited") == "1920×1080 MJPEG 30");
  CHECK(format_in_words("720x576i 25/1 UYVY") == "720×576i UYVY 25");
  CHECK(format_in_words("1920x1080 60000/1001 NV12") == "1920×1080 NV12 59.94");
  CHECK(format_in_words("1920x1080 H264") == "1920×1080 H.264");
  CHECK(format_in_words("1920x1080 0/0 NV12") == "1920×1080 NV12");
  CHECK(format_in_words("") == "");
  CHECK(format_in_words("something else") == "something else");
}

TEST_CASE("what was asked, what came, at which rate, and how it ended") {
  const EquipmentTable t = tried_table();
  CameraFigures f = came();
  EquipmentRow row = tried_row(asked_words("auto"), f);
  REQUIRE(row.cells.size() == t.columns.size());
  CHECK(row.cells[0].ja == "自動（本番と同じ）");
  CHECK(row.cells[1].ja == "1920×1080 MJPEG 30");
  CHECK(row.cells[2].ja == "30.00");
  CHECK(row.cells[3].ja == "良好");
  f.fps = 15;
  CHECK(tried_row({}, f).cells[3].ja == "コマ数が足りません");
  f.broke = true;
  CHECK(tried_row({}, f).cells[3].ja == "途中で止まりました");
  f.pictures = 0;
  CHECK(tried_row({}, f).cells[3].ja == "映像が始まりません");
  CHECK(tried_row({}, f).cells[1].ja == "－");
  f.reason = Trouble::NoSignal;
  CHECK(tried_row({}, f).cells[3].ja == "信号が来ていません");
}
