// SPDX-License-Identifier: GPL-3.0-or-later
// What every probe needs to say what it found: numbers in words, and of several troubles the worst.
#pragma once

#include <cstdio>
#include <string>

#include "core/equipment_test.h"

namespace kakehashi {

inline std::string number_text(double value, const char* format = "%.1f") {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  // "-0" and "-0.0" are nothing.
  const std::string written = text;
  return written.find_first_of("123456789") == std::string::npos && written.front() == '-'
             ? written.substr(1)
             : written;
}

inline int badness(Verdict v) { return v == Verdict::Fail ? 2 : v == Verdict::Caution ? 1 : 0; }

// Of several troubles the first of the worst stays: one cause, one action.
inline void blame(EquipmentItem& item, Verdict verdict, const Text& cause, const Text& action) {
  if (badness(verdict) <= badness(item.verdict)) return;
  item.verdict = verdict;
  item.cause = cause;
  item.action = action;
}

inline EquipmentItem skipped_item(const std::string& id, const Text& name, const Text& cause,
                                  const Text& action = {}) {
  EquipmentItem item;
  item.id = id;
  item.name = name;
  item.verdict = Verdict::Skipped;
  item.cause = cause;
  item.action = action;
  return item;
}

}  // namespace kakehashi
