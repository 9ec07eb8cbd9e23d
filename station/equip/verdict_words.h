// SPDX-License-Identifier: GPL-3.0-or-later
// Verdicts as people read them: never by colour alone.
#pragma once

#include <vector>

#include "core/equipment_test.h"

namespace kakehashi {

inline Text verdict_words(Verdict v) {
  switch (v) {
    case Verdict::Pass:
      return {"合格", "PASS"};
    case Verdict::Caution:
      return {"注意", "CAUTION"};
    case Verdict::Fail:
      return {"不合格", "FAIL"};
    case Verdict::Skipped:
      return {"未確認", "NOT TESTED"};
    case Verdict::Running:
      return {"試験中", "TESTING"};
    case Verdict::Waiting:
      return {"待ち", "WAITING"};
  }
  return {};
}

// Worst first, otherwise in the order of the test.
std::vector<const EquipmentItem*> worst_first(const EquipmentResult& result);
// Fail when anything failed, Skipped when nothing was tested at all or the test was stopped, else
// Caution or Pass.
Verdict overall(const EquipmentResult& result);
Text overall_words(const EquipmentResult& result);
// "演台カメラ、司会マイク": what a stopped test did not come to.
Text names_of_stopped(const EquipmentResult& result);

}  // namespace kakehashi
