// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/wareki.h"

#include <doctest/doctest.h>

namespace kakehashi {
namespace {

TEST_CASE("a date as an office writes it") {
  CHECK(wareki({2025, 10, 4}).ja == "令和7年10月4日（土）");
  CHECK(wareki({2025, 10, 4}, "14:00").ja == "令和7年10月4日（土）14:00");
  CHECK(wareki({2025, 10, 4}, "14:00").en == "Sat 4 Oct 2025 (Reiwa 7), 14:00");
  CHECK(wareki({2026, 11, 22}).ja == "令和8年11月22日（日）");
  CHECK(wareki({1964, 10, 10}).ja == "昭和39年10月10日（土）");
}

TEST_CASE("an era begins on the day of its change, with its first year") {
  const struct {
    CivilDate date;
    const char* ja;
  } cases[] = {
      {{2019, 4, 30}, "平成31年4月30日（火）"},   {{2019, 5, 1}, "令和元年5月1日（水）"},
      {{2019, 12, 31}, "令和元年12月31日（火）"}, {{2020, 1, 1}, "令和2年1月1日（水）"},
      {{1989, 1, 7}, "昭和64年1月7日（土）"},     {{1989, 1, 8}, "平成元年1月8日（日）"},
      {{1926, 12, 24}, "大正15年12月24日（金）"}, {{1926, 12, 25}, "昭和元年12月25日（土）"},
      {{1912, 7, 29}, "明治45年7月29日（月）"},   {{1912, 7, 30}, "大正元年7月30日（火）"},
      {{1873, 1, 1}, "明治6年1月1日（水）"}};
  for (const auto& c : cases) {
    CAPTURE(c.ja);
    CHECK(wareki(c.date).ja == c.ja);
  }
}

TEST_CASE("before 1873 there is no such date, after it no such day, and nothing is invented") {
  CHECK_FALSE(era_year({1872, 12, 31}));
  CHECK(wareki({1868, 10, 23}).ja == "1868年10月23日（金）");
  CHECK(wareki({1868, 10, 23}).en == "Fri 23 Oct 1868");
  for (const CivilDate d :
       {CivilDate{2025, 2, 29}, {2025, 13, 1}, {2025, 0, 1}, {2025, 4, 31}, {}}) {
    CHECK_FALSE(exists(d));
    CHECK(wareki(d).ja.empty());
    CHECK_FALSE(era_year(d));
  }
  CHECK(exists({2024, 2, 29}));
  CHECK(wareki({2024, 2, 29}).ja == "令和6年2月29日（木）");
}

TEST_CASE("a date is read from the form files use") {
  CHECK(civil_date("2025-10-04") == CivilDate{2025, 10, 4});
  CHECK(civil_date("2026-11-22T14:00") == CivilDate{2026, 11, 22});
  for (const char* wrong : {"", "14:00", "2025-10-4", "2025/10/04", "2025-02-29",
                            "2025-10-04 14:00", "20a5-10-04", "+025-10-04"})
    CHECK_FALSE(civil_date(wrong));
}

}  // namespace
}  // namespace kakehashi
