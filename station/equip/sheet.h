// SPDX-License-Identifier: GPL-3.0-or-later
// The result as a sheet to print (A4) and to sign: one HTML file that needs no other. Pure.
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

// For text and for attributes in quotes; control characters and broken UTF-8 become U+FFFD.
std::string html_words(const std::string& text);

}  // namespace kakehashi
