// SPDX-License-Identifier: GPL-3.0-or-later
// Private to presets/. What event_file.cpp is made of, and the words both directions share.
#pragma once

#include <array>

#include "core/transition.h"
#include "presets/reader.h"

namespace kakehashi {

// In the order of their enums.
inline constexpr std::array kFitWords{"fit", "fill", "stretch"};
inline constexpr std::array kScopeWords{"public", "unlisted", "internal", "practice"};
inline constexpr auto kTransitionWords = [] {
  std::array<const char*, kTransitionKinds> words{};
  for (std::size_t i = 0; i < words.size(); ++i) words[i] = kTransitions[i].name.data();
  return words;
}();

// The first key of each file; its value is the version of the format.
inline constexpr const char* kEventKey = "kakehashi_event";
inline constexpr const char* kVenueKey = "kakehashi_venue";

// False: this file is not of that kind or too new; reading on would only produce noise.
bool read_version(ObjectReader& root, const char* key, const char* what_en, const char* what_ja);

void read_show(ObjectReader& root, const KindTable& sources, const KindTable& outputs, Show& show);

// What needs the whole show: doubles, references, contradictions.
void check_show(const Show& show, const KindTable& sources, Findings& out);

}  // namespace kakehashi
