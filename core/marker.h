// SPDX-License-Identifier: GPL-3.0-or-later
// What staff note while recording. Kept beside the recording as a sidecar and as its chapters, so
// that whoever cuts it afterwards finds the places.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/time.h"

namespace kakehashi {

enum class MarkerKind : std::uint8_t {
  Chapter,     // 見出し
  OffRecord,   // 非公開区間: a span, cut from what is published
  Retraction,  // 取消発言
  Incident,    // 事故
};
inline constexpr std::array<std::string_view, 4> kMarkerKindNames{"chapter", "off_record",
                                                                  "retraction", "incident"};

struct Marker {
  MarkerKind kind = MarkerKind::Chapter;
  MediaTime at;
  MediaTime until;  // of a span; zero while it is open, and for a moment
  std::string note;
  friend bool operator==(const Marker&, const Marker&) = default;
};

}  // namespace kakehashi
