// SPDX-License-Identifier: GPL-3.0-or-later
#include "presets/wall_time.h"

#include <chrono>

namespace kakehashi {

namespace {

// -1: not just digits.
int digits(std::string_view text, std::size_t at, std::size_t count) {
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

bool is_time(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return false;
  const int hour = digits(text, 0, 2), minute = digits(text, 3, 2);
  return hour >= 0 && hour < 24 && minute >= 0 && minute < 60;
}

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const int year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  if (year < 1 || month < 1 || day < 1) return false;
  return std::chrono::year_month_day{std::chrono::year{year},
                                     std::chrono::month{static_cast<unsigned>(month)},
                                     std::chrono::day{static_cast<unsigned>(day)}}
      .ok();
}

}  // namespace

bool is_wall_time(std::string_view text) {
  if (text.size() == 5) return is_time(text);
  return text.size() == 16 && text[10] == 'T' && is_date(text.substr(0, 10)) &&
         is_time(text.substr(11));
}

}  // namespace kakehashi
