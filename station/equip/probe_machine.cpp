// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clock.h"
#include "station/equip/machine_state.h"
#include "station/equip/probe_rows.h"

namespace kakehashi {
namespace {

constexpr Duration kBetween = Duration::seconds(2);

void run(const ProbeTask&, const ProbeReport& report) {
  report.progress(0, {"PCの電源・温度・時計を調べています", "Looking at power, heat and clock"});
  const MachineState before = read_machine("", run_program);
  MonotonicClock clock;
  clock.sleep_until(clock.now() + kBetween);
  MachineState now = read_machine("", run_program);
  if (!now.clock_synchronised) now.clock_synchronised = kernel_clock_synchronised();
  for (const EquipmentItem& item : judge_machine(before, now)) report.item(item);
}

}  // namespace

Probe machine_probe() {
  return {"machine",
          {"PCの状態を調べています", "Looking at the PC"},
          nullptr,
          [](const ProbeTask&) { return 4.0; },
          run};
}

}  // namespace kakehashi
