// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of the table, one per file. Private to capture/.
#pragma once

#include <cmath>

#include "capture/source_kind.h"
#include "core/setting_fields.h"

namespace kakehashi {

SourceKind test_kind();
SourceKind camera_kind();
SourceKind screen_kind();
SourceKind network_kind();
SourceKind rtmp_push_kind();
SourceKind clip_kind();
SourceKind image_kind();
SourceKind colour_kind();
SourceKind decklink_kind();
SourceKind pipewire_kind();
SourceKind portal_kind();
SourceKind slides_kind();
SourceKind microphone_kind();
SourceKind application_kind();

// A path from the settings: relative ones start at the media folder.
inline std::string media_path(const std::string& folder, const std::string& path) {
  if (path.empty() || path.front() == '/' || folder.empty()) return path;
  return folder.back() == '/' ? folder + path : folder + "/" + path;
}

// The canvas's rate, or `fps` when one was set: 29.97 and its like mean n * 1000 / 1001.
inline Rate rate_or_canvas(double fps, Rate canvas) {
  if (fps <= 0) return canvas;
  const double whole = std::round(fps);
  if (fps - whole < -0.001 && whole - fps < 0.1)
    return {static_cast<std::int32_t>(whole) * 1000, 1001};
  return {static_cast<std::int32_t>(std::lround(fps * 1000)), 1000};
}

}  // namespace kakehashi
