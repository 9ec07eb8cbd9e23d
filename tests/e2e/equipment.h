// SPDX-License-Identifier: GPL-3.0-or-later
// `kakehashi-station equip-test` as a technician starts it, and what it found.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "core/equipment_test.h"
#include "tests/support/process.h"

namespace kakehashi::testing {

using Items = std::map<std::string, EquipmentItem>;  // by id

struct EquipTest {
  std::string event;              // JSON
  std::vector<std::string> only;  // probes or items; empty: all
  bool quick = true;
  double burn_in_minutes = 0;
  Environment environment;
  std::vector<std::string> options;                   // more of the command line
  std::function<void(const std::string& line)> told;  // each line of its words as it comes
};
struct EquipRun {
  int code = -1;
  std::string out;
  Items items;  // empty when there is no result
};
// Runs it to its end, whatever comes of it.
EquipRun run_equip_test(const EquipTest& wish);
// Runs it to its end. Fails the test when the result cannot be read, or when the exit code and the
// verdicts disagree.
Items equip_test(const EquipTest& wish);

// Whether the item passed; its cause is told when not.
void passes(const EquipmentItem& item);
// Whether it says exactly that, in both languages and with something to do.
void says(const EquipmentItem& item, Verdict verdict, const std::string& cause_en);
double figure(const EquipmentItem& item, const std::string& id);

}  // namespace kakehashi::testing
