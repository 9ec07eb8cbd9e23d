// SPDX-License-Identifier: GPL-3.0-or-later
// What can spoil an event from inside the PC: battery, heat, sleep, screen lock, a wrong clock,
// updates. Reading takes the root of the file system and a way to run programs, so that tests read
// a made-up machine; the words are pure.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/equipment_test.h"

namespace kakehashi {

// Runs a program and returns what it printed; nothing when it is not there or failed. A few
// seconds at most.
using RunProgram = std::function<std::optional<std::string>(const std::vector<std::string>&)>;
std::optional<std::string> run_program(const std::vector<std::string>& arguments);

struct MachineState {
  // Power: /sys/class/power_supply (Documentation/ABI/testing/sysfs-class-power).
  bool battery = false;  // this machine has one
  std::optional<bool> mains;
  double battery_percent = -1;
  std::string profile;  // /sys/firmware/acpi/platform_profile; empty: unknown

  // Heat: /sys/class/thermal, /sys/devices/system/cpu/cpu*/thermal_throttle.
  double hottest = -1;                     // degrees Celsius; -1: unknown
  std::optional<std::uint64_t> throttled;  // times since start, of all processors

  // Sleep and lock, as the desktop and logind are set. Nothing: not known.
  std::optional<bool> sleeps_idle;  // on mains
  std::optional<bool> locks_idle;
  std::optional<bool> lid_sleeps;
  bool inhibited = false;  // some program holds sleep off now

  // Clock.
  std::optional<bool> clock_synchronised;
  std::optional<double> clock_offset_s;

  // Updates.
  bool restart_pending = false;
  bool update_running = false;
};

// `root`: "" for this machine.
MachineState read_machine(const std::string& root, const RunProgram& run);
// Of the kernel (adjtimex): false while nobody keeps the clock.
std::optional<bool> kernel_clock_synchronised();

// Pure. `before`, `now`: some seconds apart, so that throttling going on shows.
std::vector<EquipmentItem> judge_machine(const MachineState& before, const MachineState& now);

}  // namespace kakehashi
