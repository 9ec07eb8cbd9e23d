// SPDX-License-Identifier: GPL-3.0-or-later
// What the practice receiver found, as a desk shows it and as a receiver in a process of its own
// tells it. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/snapshot.h"
#include "station/ingest_report.h"

namespace kakehashi {

// `running` is left to whoever knows. From 3 s of stream on it has a verdict.
LoopBackStatus loop_back(const IngestReport& report);

// What is wrong with it, worst first, for Snapshot::messages; empty when it is well.
std::vector<Message> loop_back_messages(const LoopBackStatus& status);

// One line without its end. Reading: nothing when it is no such line.
std::string loop_back_line(const LoopBackStatus& status);
std::optional<LoopBackStatus> read_loop_back(std::string_view line);

}  // namespace kakehashi
