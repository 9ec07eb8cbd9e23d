// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/compare.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "core/equipment_figure.h"
#include "core/show.h"
#include "station/equip/verdict_words.h"

namespace kakehashi {
namespace {

// How far a figure may move between two tests without anybody having touched anything. Figures that
// are not here are never compared: counts of losses say more by their verdict.
struct Tolerance {
  std::string_view id;
  double absolute, relative;
};
constexpr Tolerance kTolerances[] = {
    {"wanted_fps", 0.01, 0},
    {"fps", 0.1, 0.01},
    {"width", 0, 0},
    {"height", 0, 0},
    {"hz", 0.5, 0},
    {"displays", 0, 0},
    {"age_ms", 20, 0.3},
    {"channels", 0, 0},
    {"rate", 1, 0},
    {"noise_dbfs", 6, 0},
    {"level_dbfs", 8, 0},
    {"drift_ppm", 30, 0},
    {"offset_ms", 15, 0},
    {"round_trip_ms", 10, 0.2},
    {"write_mb_per_s", 0, 0.4},
    {"hours", 1, 0.5},
    {"encode_p95_percent", 15, 0},
    {"temperature", 15, 0},
    {"upload_kbps", 0, 0.4},
};

const EquipmentFigure* figure(const EquipmentItem& item, std::string_view id) {
  for (const auto& f : item.figures)
    if (f.id == id) return &f;
  return nullptr;
}

Text plain(const std::string& text) { return {text, text}; }

Text about(const EquipmentItem& item, const Text& what) {
  return {item.name.ja + "：" + what.ja, item.name.pick(Language::English) + ": " + what.en};
}

Text outcome(const EquipmentItem& item) {
  return item.found.ja.empty() ? verdict_words(item.verdict) : item.found;
}

bool tested(const EquipmentItem& i) {
  return i.verdict == Verdict::Pass || i.verdict == Verdict::Caution || i.verdict == Verdict::Fail;
}

void compare_item(const EquipmentItem& was, const EquipmentItem& is,
                  std::vector<EquipmentDifference>& changed,
                  std::vector<EquipmentDifference>& same) {
  const std::size_t count = changed.size();
  if (was.device != is.device && !was.device.empty() && !is.device.empty())
    changed.push_back({about(is, {"機材", "device"}), plain(was.device), plain(is.device), true});
  if (was.verdict != is.verdict)
    changed.push_back({about(is, {"判定", "verdict"}), verdict_words(was.verdict),
                       verdict_words(is.verdict), true});
  for (const Tolerance& t : kTolerances) {
    const auto* a = figure(was, t.id);
    const auto* b = figure(is, t.id);
    if (!a || !b || a->unit != b->unit) continue;
    if (std::abs(a->value - b->value) > std::max(t.absolute, t.relative * std::abs(a->value)))
      changed.push_back(
          {about(is, figure_name(t.id)), plain(figure_words(*a)), plain(figure_words(*b)), true});
  }
  if (changed.size() != count) return;
  same.push_back({is.name, outcome(was), outcome(is), false});
}

}  // namespace

std::vector<EquipmentDifference> differences(const EquipmentResult& before,
                                             const EquipmentResult& now) {
  std::vector<EquipmentDifference> changed, same;
  for (const EquipmentItem& is : now.items) {
    const auto* was = find_by_id(before.items, is.id);
    if (!was)
      changed.push_back({is.name, plain("—"), verdict_words(is.verdict), true});
    else if (tested(*was) && tested(is))
      compare_item(*was, is, changed, same);
  }
  for (const EquipmentItem& was : before.items)
    if (!find_by_id(now.items, was.id))
      changed.push_back({was.name, verdict_words(was.verdict), plain("—"), true});
  changed.insert(changed.end(), same.begin(), same.end());
  return changed;
}

}  // namespace kakehashi
