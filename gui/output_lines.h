// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of the panel of outputs: one destination with its lamp in words and its switch.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gui/panels.h"

namespace kakehashi {

struct OutputLamp {
  Word word;
  Icon icon;
  bool alarm;
};

OutputLamp lamp_of(const OutputStatus& output);
// Why, or how well: the action of its reason; else whom it reaches and its line in words.
std::string output_below(const OutputStatus& output, Language language);

// One row without a switch. `whole`: all its words, shown beside it where `below` is cut.
struct OutputRow {
  std::string id;
  std::string name;
  OutputLamp lamp;
  std::string below;
  std::string whole;
};
// Recordings of single inputs (each trouble by itself, the others in one row), what our own
// receiver gets in a practice, and every encode with its reason.
std::vector<OutputRow> more_rows(const Snapshot& snapshot, Language language);

// Two lines: what and how it is, then why or how well.
void draw_output_row(Frame& frame, const Box& box, std::string_view name, const OutputLamp& lamp,
                     std::string_view below);
// The same with its switch ("output.<id>"), which wishes SetDestination after 2 s.
void draw_output(DeskPage& desk, const Box& box, const OutputStatus& output);

}  // namespace kakehashi
