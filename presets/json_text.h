// SPDX-License-Identifier: GPL-3.0-or-later
// Private to presets/. Text <-> JSON with limits: whatever the bytes are, the answer is a tree or
// one clear fault, in time proportional to the bytes read until then.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "presets/event_file.h"

namespace kakehashi {

// An event of a whole day with hundreds of scenes is below 1 MB.
inline constexpr std::size_t kLargestFile = 10'000'000;
// Ours needs 5; the rest is for unknown keys of later versions.
inline constexpr int kDeepestNesting = 32;

struct JsonReading {
  nlohmann::json tree;        // sorted keys, so that what is read does not depend on their order
  std::vector<Fault> faults;  // never quote the text: it may hold a key pasted by mistake
};
JsonReading parse_json(std::string_view text);

// Two spaces; what fits in one line of 96 columns and holds no object of objects stays in one line.
std::string pretty_json(const nlohmann::ordered_json& tree);

}  // namespace kakehashi
