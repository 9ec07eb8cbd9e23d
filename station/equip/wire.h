// SPDX-License-Identifier: GPL-3.0-or-later
// The lines that a probe process writes to its standard output for the runner:
//   {"row":{...}}                          a row of the plan: what is to be run
//   {"progress":0.5,"now":{"ja","en"}}     how far this probe is
//   {"item":{...}}                         core/equipment_test.h; the same id again replaces it
// Pure; whatever the bytes are, the answer is a message or nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/equipment_test.h"

namespace kakehashi {

// A process to come: one probe, for one input or for all of them.
struct PlannedProbe {
  std::string probe;   // name of the row
  std::string role;    // input; empty: all
  Text title;          // "演台カメラ：カメラを1台ずつ試しています"
  Text item;           // name of the item that stands for it when it does not answer
  double seconds = 0;  // expected
  friend bool operator==(const PlannedProbe&, const PlannedProbe&) = default;
};
struct ProbeStep {
  double progress = 0;
  Text now;
};
// What the plan found out about event and venue.
struct PlannedShow {
  std::string event, venue;  // names for people
  std::string venue_id;      // of its folder of results
};
using ProbeLine = std::variant<PlannedShow, PlannedProbe, ProbeStep, EquipmentItem>;

inline constexpr std::size_t kLongestProbeLine = 256 * 1024;

std::string write_line(const ProbeLine& line);  // without \n
std::optional<ProbeLine> parse_probe_line(std::string_view line);

// A whole test as one line, for `--progress`.
std::string write_progress(const EquipmentProgress& progress);

}  // namespace kakehashi
