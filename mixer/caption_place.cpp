// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/caption_place.h"

#include <algorithm>

#include "core/overlay_kind.h"

namespace kakehashi {
namespace {

constexpr double kPitch = 1.1;  // of the letters, at least; 1.2 where there is room
constexpr double kRoomyPitch = 1.2;
constexpr double kLeast = 60;  // pixels of 1080: legible on a telephone at arm's length
constexpr int kMostCells = 20, kNarrowCells = 16, kMostRows = 3;

}  // namespace

CaptionPlace caption_place(const Overlay& overlay, const Rect& band, const Canvas& canvas) {
  static const KindDescription& kind = find_overlay_kind("caption")->description;
  const double unit = canvas.height / 1080.0;
  const auto wished = static_cast<double>(setting<std::int64_t>(kind, overlay.settings, "size"));
  const auto lines = static_cast<int>(setting<std::int64_t>(kind, overlay.settings, "lines"));
  CaptionPlace place;
  place.padding = 24 * unit;
  const double room = band.w - 2 * place.padding;
  const bool narrow = room < kMostCells * kLeast * unit;
  int rows = std::clamp(lines + (narrow ? 1 : 0), 1, kMostRows);
  while (rows > 1 && band.h / (rows * kPitch) < kLeast * unit) --rows;
  place.letter = std::min(wished * unit, band.h / (rows * kPitch));
  place.pitch = std::min(kRoomyPitch * place.letter, static_cast<double>(band.h) / rows);
  place.format.rows = rows;
  place.format.cells =
      std::clamp(static_cast<int>(room / place.letter), 4, narrow ? kNarrowCells : kMostCells);
  return place;
}

}  // namespace kakehashi
