// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/wareki.h"

#include <array>
#include <charconv>
#include <chrono>

namespace kakehashi {
namespace {

struct Era {
  CivilDate from;
  const char *ja, *en;
};
constexpr std::array<Era, 5> kEras{{{{2019, 5, 1}, "令和", "Reiwa"},
                                    {{1989, 1, 8}, "平成", "Heisei"},
                                    {{1926, 12, 25}, "昭和", "Showa"},
                                    {{1912, 7, 30}, "大正", "Taisho"},
                                    {{1868, 10, 23}, "明治", "Meiji"}}};
constexpr CivilDate kGregorian{1873, 1, 1};  // 太政官布告第337号: the day after 明治5年12月2日

std::chrono::year_month_day chrono_date(const CivilDate& d) {
  return {std::chrono::year{d.year}, std::chrono::month{static_cast<unsigned>(d.month)},
          std::chrono::day{static_cast<unsigned>(d.day)}};
}

}  // namespace

bool exists(const CivilDate& date) {
  return date.year >= 1 && date.year <= 9999 && date.month >= 1 && date.month <= 12 &&
         date.day >= 1 && date.day <= 31 && chrono_date(date).ok();
}

int weekday(const CivilDate& date) {
  return static_cast<int>(
      std::chrono::weekday{std::chrono::sys_days{chrono_date(date)}}.c_encoding());
}

std::optional<EraYear> era_year(const CivilDate& date) {
  if (!exists(date) || date < kGregorian) return std::nullopt;
  for (const Era& era : kEras)
    if (date >= era.from) return EraYear{era.ja, era.en, date.year - era.from.year + 1};
  return std::nullopt;
}

Text wareki(const CivilDate& date, const std::string& time) {
  if (!exists(date)) return {};
  static constexpr const char* kDays[] = {"日", "月", "火", "水", "木", "金", "土"};
  static constexpr const char* kDaysEn[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto era = era_year(date);
  const auto day = static_cast<std::size_t>(weekday(date));
  Text out;
  out.ja = era ? era->name + (era->year == 1 ? "元" : std::to_string(era->year))
               : std::to_string(date.year);
  out.ja += "年" + std::to_string(date.month) + "月" + std::to_string(date.day) + "日（" +
            kDays[day] + "）" + time;
  out.en = std::string(kDaysEn[day]) + " " + std::to_string(date.day) + " " +
           kMonths[static_cast<std::size_t>(date.month - 1)] + " " + std::to_string(date.year);
  if (era) out.en += " (" + era->en + " " + std::to_string(era->year) + ")";
  if (!time.empty()) out.en += ", " + time;
  return out;
}

std::optional<CivilDate> civil_date(const std::string& s) {
  if (s.size() < 10 || s[4] != '-' || s[7] != '-' || (s.size() > 10 && s[10] != 'T'))
    return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t size) {
    int value = -1;
    const auto [end, error] = std::from_chars(s.data() + at, s.data() + at + size, value);
    return error == std::errc{} && end == s.data() + at + size ? value : -1;
  };
  const CivilDate date{number(0, 4), number(5, 2), number(8, 2)};
  return exists(date) ? std::optional(date) : std::nullopt;
}

}  // namespace kakehashi
