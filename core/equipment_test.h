// SPDX-License-Identifier: GPL-3.0-or-later
// What an equipment test (機材テスト) found: made by `kakehashi-station equip-test`, kept as JSON,
// printed as HTML, shown by the desk. Plain values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/text.h"

namespace kakehashi {

enum class Verdict : std::uint8_t {
  Waiting,  // not begun
  Running,
  Pass,
  Caution,  // works, but would be better otherwise
  Fail,
  Skipped,  // could not be tested here; `cause` says why
};

// How long a burn-in may be, in minutes. Below, neither drift nor heat show.
inline constexpr double kMinBurnIn = 30, kMaxBurnIn = 120;

// A measured number, kept for the comparison with the next test and for detail mode.
struct EquipmentFigure {
  std::string id;  // "fps", "noise_dbfs", "offset_ms"
  double value = 0;
  std::string unit;  // "fps", "dBFS", "ms", "ppm", "%"; empty: a count
  friend bool operator==(const EquipmentFigure&, const EquipmentFigure&) = default;
};

// What stands behind a verdict, for who wants to see it all: the formats a camera offers, what was
// tried. Every row has as many cells as there are columns. At most a few dozen rows: it travels
// with the item.
struct EquipmentRow {
  std::vector<Text> cells;
  friend bool operator==(const EquipmentRow&, const EquipmentRow&) = default;
};
struct EquipmentTable {
  Text title;                 // "機材が出せる形式"
  std::vector<Text> columns;  // "形式", "大きさ", "コマ数"
  std::vector<EquipmentRow> rows;
  friend bool operator==(const EquipmentTable&, const EquipmentTable&) = default;
};

struct EquipmentItem {
  std::string id;  // stable between tests: "camera.cam_main", "sound.mic_mc", "network.main"
  Text name;       // "演台カメラ 映像"
  Verdict verdict = Verdict::Waiting;
  Text found;   // in words, what was seen: "1080 59.94i コマ落ち 0"
  Text cause;   // Caution, Fail, Skipped: the likely cause
  Text action;  // and the one thing to do
  std::vector<EquipmentFigure> figures;
  std::string device;  // what played the role
  // JPEG or PNG: beside the result file, in an EquipmentProgress its whole path; empty: none.
  std::string picture;
  std::vector<EquipmentTable> tables;
  std::string again;     // local time, when it was tested again after the others; empty: with them
  bool stopped = false;  // somebody ended the test before or while it was this item's turn
  std::string part;      // of the test that it comes from: what TestEquipment::only takes
  friend bool operator==(const EquipmentItem&, const EquipmentItem&) = default;
};

// 前回と違う点: something that differs from the last test at this venue.
struct EquipmentDifference {
  Text name;  // "スライドPCのつなぎ先"
  Text before, now;
  bool changed = false;  // false: told because it is the same
  friend bool operator==(const EquipmentDifference&, const EquipmentDifference&) = default;
};

struct EquipmentResult {
  std::string time;  // local, "2026-11-22T09:30:00+09:00"
  std::string venue, event;
  bool quick = false;
  double burn_in_minutes = 0;  // 0: none
  std::vector<EquipmentItem> items;
  std::vector<EquipmentDifference> differences;
  std::string compared_with;  // time of the last test; empty: it is the first one
  bool stopped = false;       // it did not come to its end: some item is `stopped`
  friend bool operator==(const EquipmentResult&, const EquipmentResult&) = default;
};

// A test as the desk follows it.
struct EquipmentProgress {
  bool running = false;
  double progress = 0;       // 0..1
  double seconds_left = -1;  // -1: not known
  Text now;                  // "カメラを1台ずつ試しています"
  Text refusal;              // it could not start or broke off: why; empty when well
  EquipmentResult result;    // items as far as they are known; after the end the whole result
  std::string html;          // path of the printed sheet; empty: none yet
  friend bool operator==(const EquipmentProgress&, const EquipmentProgress&) = default;
};

}  // namespace kakehashi
