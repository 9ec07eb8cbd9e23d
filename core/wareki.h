// SPDX-License-Identifier: GPL-3.0-or-later
// Dates as Japanese offices write them: 令和7年10月4日（土）14:00. Pure.
#pragma once

#include <optional>
#include <string>

#include "core/text.h"

namespace kakehashi {

// A day of the Gregorian calendar (civil time, no zone).
struct CivilDate {
  int year = 0, month = 0, day = 0;  // 2025, 1..12, 1..31
  friend bool operator==(const CivilDate&, const CivilDate&) = default;
  friend auto operator<=>(const CivilDate&, const CivilDate&) = default;
};

bool exists(const CivilDate& date);
int weekday(const CivilDate& date);  // 0 Sunday .. 6 Saturday; of a date that exists

// The era of a day. Each begins on the day of its change: Taisho 1912-07-30, Showa 1926-12-25,
// Heisei 1989-01-08, Reiwa 2019-05-01; Meiji's years count from 1868. None before Meiji 6
// (1873-01-01): until then Japan's calendar was another one, with other months and days.
struct EraYear {
  std::string name;  // 令和
  std::string en;    // Reiwa
  int year = 0;      // 1 is written 元年
};
std::optional<EraYear> era_year(const CivilDate& date);

// "令和7年10月4日（土）" / "Sat 4 Oct 2025 (Reiwa 7)"; before 1873 "1868年10月23日（金）" / "Fri 23
// Oct 1868". With `time`
// ("14:00") after it: "令和7年10月4日（土）14:00" / "Sat 4 Oct 2025 (Reiwa 7), 14:00". Empty for a
// date that does not exist.
Text wareki(const CivilDate& date, const std::string& time = {});

// "2025-10-04" with or without "T14:00" after it.
std::optional<CivilDate> civil_date(const std::string& iso8601);

}  // namespace kakehashi
