// SPDX-License-Identifier: GPL-3.0-or-later
// A whole equipment test: asks a first process for the plan, then runs one process per row and
// input, one after the other, and joins what they say. Opens no device itself, so nothing that a
// driver does can break it.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/equipment_test.h"
#include "core/time.h"
#include "station/equip/wire.h"

namespace kakehashi {

struct TestWish {
  std::vector<std::string> program;  // what a probe's process is started by, up to its name
  std::vector<std::string> options;  // event, venue and so on, handed to every probe
  std::vector<std::string> only;     // "camera", "camera.cam_main"; empty: everything
  // The result that a test of `only` some items goes into: their new outcomes take the places of
  // the old ones. None, or no answer: what is tested stands alone.
  std::function<std::optional<EquipmentResult>(const PlannedShow&)> part_of;
  std::string time;    // what EquipmentItem::again becomes then
  std::string folder;  // for pictures; exists
  bool quick = false;
  double burn_in_minutes = 0;
  Duration shortest_limit = Duration::seconds(15);  // of a probe; else three times what it expects
};

struct TestEnd {
  EquipmentProgress progress;  // running is false; refusal says why it broke off
  std::string venue_id;        // a folder's name; empty: no venue was named
  bool ran = false;            // false: no plan, nothing was tested
  bool joined = false;         // the result is that of `part_of`, with new outcomes in it
};

// Blocks. `told`: with every news, and at least once a second.
TestEnd run_test(const TestWish& wish, const std::atomic<bool>& stop,
                 const std::function<void(const EquipmentProgress&)>& told);

// 2 the test could not run, 1 something failed, 3 it was stopped before its end, 0 otherwise.
int exit_code_of(const TestEnd& end);

}  // namespace kakehashi
