// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/verdict_words.h"

#include <algorithm>

namespace kakehashi {
namespace {

int rank(Verdict v) {
  switch (v) {
    case Verdict::Fail:
      return 0;
    case Verdict::Caution:
      return 1;
    case Verdict::Pass:
      return 3;
    default:
      return 2;
  }
}

}  // namespace

std::vector<const EquipmentItem*> worst_first(const EquipmentResult& result) {
  std::vector<const EquipmentItem*> list;
  for (const auto& item : result.items) list.push_back(&item);
  std::stable_sort(list.begin(), list.end(), [](const auto* a, const auto* b) {
    return rank(a->verdict) < rank(b->verdict);
  });
  return list;
}

Verdict overall(const EquipmentResult& result) {
  Verdict all = Verdict::Skipped;
  for (const auto& item : result.items) {
    if (item.verdict == Verdict::Fail) return Verdict::Fail;
    if (item.verdict == Verdict::Caution) all = Verdict::Caution;
    if (item.verdict == Verdict::Pass && all == Verdict::Skipped) all = Verdict::Pass;
  }
  return result.stopped ? Verdict::Skipped : all;
}

Text overall_words(const EquipmentResult& result) {
  const Verdict all = overall(result);
  if (result.stopped && all != Verdict::Fail) return {"途中まで", "NOT COMPLETE"};
  return verdict_words(all);
}

Text names_of_stopped(const EquipmentResult& result) {
  Text names;
  for (const auto& item : result.items) {
    if (!item.stopped) continue;
    names.ja += (names.ja.empty() ? "" : "、") + item.name.ja;
    names.en += (names.en.empty() ? "" : ", ") + item.name.pick(Language::English);
  }
  return names;
}

}  // namespace kakehashi
