// SPDX-License-Identifier: GPL-3.0-or-later
// Of the source kinds that devices are opened by, those that are heard only.
#pragma once

#include <string_view>

namespace kakehashi {

inline bool is_sound_kind(std::string_view kind) {
  return kind == "microphone" || kind == "application";
}

}  // namespace kakehashi
