// SPDX-License-Identifier: GPL-3.0-or-later
// Words shown to people: Japanese first, English complete.
#pragma once

#include <cstdint>
#include <string>

namespace kakehashi {

enum class Language : std::uint8_t { Japanese, English };

struct Text {
  std::string ja;
  std::string en;  // empty: the Japanese stands for both (names of people and places)

  const std::string& pick(Language l) const {
    return l == Language::English && !en.empty() ? en : ja;
  }
  friend bool operator==(const Text&, const Text&) = default;
};

}  // namespace kakehashi
