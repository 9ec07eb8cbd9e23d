// SPDX-License-Identifier: GPL-3.0-or-later
// Words shown to people: Japanese first, English complete.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

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

// The one action that a reason ends with ("Cause. -> Action", "Cause. Action."): its last sentence,
// for places too narrow for the cause. All of it when it is one sentence.
inline std::string what_to_do(const std::string& reason) {
  std::size_t start = 0;
  for (const std::string_view mark : {"→ ", "-> ", "。", ". "}) {
    const std::size_t at =
        reason.rfind(mark, reason.size() - std::min(reason.size(), mark.size() + 1));
    if (at != std::string::npos) start = std::max(start, at + mark.size());
  }
  return reason.substr(start);
}
inline Text what_to_do(const Text& reason) {
  return {what_to_do(reason.ja), what_to_do(reason.en)};
}

}  // namespace kakehashi
