// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/display_verdict.h"
#include "station/equip/probe_rows.h"

namespace kakehashi {
namespace {

void run(const ProbeTask&, const ProbeReport& report) {
  report.progress(0, {"画面とプロジェクターを調べています", "Looking at displays and projectors"});
  for (const EquipmentItem& item : judge_displays(list_displays(), true)) report.item(item);
}

}  // namespace

Probe screens_probe() {
  return {"screens",
          {"画面とプロジェクターを調べています", "Looking at displays and projectors"},
          nullptr,
          [](const ProbeTask&) { return 1.0; },
          run};
}

}  // namespace kakehashi
