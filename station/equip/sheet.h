// SPDX-License-Identifier: GPL-3.0-or-later
// The result as a sheet to print (A4) and to sign: one HTML file that needs no other. What is to be
// done comes first, each with its box to tick; it reads as well in black and white. Pure.
#pragma once

#include <functional>
#include <string>

#include "core/equipment_test.h"

namespace kakehashi {

struct SheetWish {
  std::string computer;  // name of this PC
  // The bytes of an item's picture; empty: none, the sheet does without.
  std::function<std::string(const std::string& picture)> picture;
};

std::string write_sheet(const EquipmentResult& result, const SheetWish& wish);

// "2026-11-22T09:30:00+09:00" as "2026年11月22日（日）9:30"; anything else stays as it is.
std::string date_words(const std::string& time);

}  // namespace kakehashi
