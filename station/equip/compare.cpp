// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/compare.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string_view>

#include "core/show.h"
#include "station/equip/verdict_words.h"

namespace kakehashi {
namespace {

// How far a figure may move between two tests without anybody having touched anything. Figures that
// are not here are never compared: counts of losses say more by their verdict.
struct Tolerance {
  std::string_view id;
  const char *ja, *en;
  double absolute, relative;
};
constexpr Tolerance kTolerances[] = {
    {"wanted_fps", "決めたコマ数", "agreed frame rate", 0.01, 0},
    {"fps", "毎秒のコマ数", "frame rate", 0.1, 0.01},
    {"width", "映像の幅", "width", 0, 0},
    {"height", "映像の高さ", "height", 0, 0},
    {"age_ms", "映像の遅れ", "picture latency", 20, 0.3},
    {"channels", "チャンネル数", "channels", 0, 0},
    {"rate", "サンプリング周波数", "sample rate", 1, 0},
    {"noise_dbfs", "雑音の大きさ", "noise floor", 6, 0},
    {"level_dbfs", "声の大きさ", "level of the voice", 8, 0},
    {"drift_ppm", "時計のずれ", "clock drift", 30, 0},
    {"offset_ms", "音と映像のずれ", "offset of sound and picture", 15, 0},
    {"round_trip_ms", "音の往復時間", "round trip of sound", 10, 0.2},
    {"write_mbps", "ディスクの書き込み", "disk write speed", 0, 0.4},
    {"hours", "録画できる時間", "hours of recording", 1, 0.5},
    {"encode_p95", "エンコードの余裕", "encode load", 15, 0},
    {"upload_kbps", "上りの速さ", "upload", 0, 0.4},
};

const EquipmentFigure* figure(const EquipmentItem& item, std::string_view id) {
  for (const auto& f : item.figures)
    if (f.id == id) return &f;
  return nullptr;
}

std::string words(const EquipmentFigure& f) {
  char text[48];
  std::snprintf(text, sizeof text, std::abs(f.value) >= 100 ? "%.0f" : "%.4g", f.value);
  return text + (f.unit.empty() ? "" : " " + f.unit);
}

Text about(const EquipmentItem& item, const char* ja, const char* en) {
  return {item.name.ja + "：" + ja, item.name.pick(Language::English) + ": " + en};
}

bool tested(const EquipmentItem& i) {
  return i.verdict == Verdict::Pass || i.verdict == Verdict::Caution || i.verdict == Verdict::Fail;
}

void compare_item(const EquipmentItem& was, const EquipmentItem& is,
                  std::vector<EquipmentDifference>& changed,
                  std::vector<EquipmentDifference>& same) {
  const std::size_t count = changed.size();
  if (was.device != is.device && !was.device.empty() && !is.device.empty())
    changed.push_back({about(is, "機材", "device"), was.device, is.device, true});
  if (was.verdict != is.verdict)
    changed.push_back({about(is, "判定", "verdict"), verdict_words(was.verdict).ja,
                       verdict_words(is.verdict).ja, true});
  for (const Tolerance& t : kTolerances) {
    const auto* a = figure(was, t.id);
    const auto* b = figure(is, t.id);
    if (!a || !b || a->unit != b->unit) continue;
    if (std::abs(a->value - b->value) > std::max(t.absolute, t.relative * std::abs(a->value)))
      changed.push_back({about(is, t.ja, t.en), words(*a), words(*b), true});
  }
  if (changed.size() != count) return;
  const std::string before = !was.found.ja.empty() ? was.found.ja : verdict_words(was.verdict).ja;
  const std::string now = !is.found.ja.empty() ? is.found.ja : verdict_words(is.verdict).ja;
  same.push_back({is.name, before, now, false});
}

}  // namespace

std::vector<EquipmentDifference> differences(const EquipmentResult& before,
                                             const EquipmentResult& now) {
  std::vector<EquipmentDifference> changed, same;
  for (const EquipmentItem& is : now.items) {
    const auto* was = find_by_id(before.items, is.id);
    if (!was)
      changed.push_back({is.name, "—", verdict_words(is.verdict).ja, true});
    else if (tested(*was) && tested(is))
      compare_item(*was, is, changed, same);
  }
  for (const EquipmentItem& was : before.items)
    if (!find_by_id(now.items, was.id))
      changed.push_back({was.name, verdict_words(was.verdict).ja, "—", true});
  changed.insert(changed.end(), same.begin(), same.end());
  return changed;
}

}  // namespace kakehashi
