// SPDX-License-Identifier: GPL-3.0-or-later
// The kinds as presets see them: plain descriptions, without the folders that implement them.
#pragma once

#include "core/settings.h"

namespace kakehashi::testing {

inline SettingField field(const char* name, SettingValue fallback, bool required = false,
                          double least = -1e18, double most = 1e18,
                          std::vector<std::string> choices = {}) {
  return {name, {name, name}, std::move(fallback), required, least, most, std::move(choices)};
}

inline KindTable source_kinds() {
  const std::string none;
  return {
      {"test",
       {"テスト", "Test"},
       {field("pattern", std::string("bars")), field("beep", false),
        field("tone_hz", 0.0, false, 0, 20'000), field("hue", std::int64_t{210}, false, 0, 359),
        field("fps", 0.0, false, 0, 120)},
       true,
       true},
      {"camera", {"カメラ", "Camera"}, {field("device", none, true)}, true, false},
      {"network",
       {"ネットワーク", "Network"},
       {field("uri", none, true), field("latency_ms", std::int64_t{100}, false, 0, 5'000),
        field("protocol", std::string("tcp"), false, 0, 0, {"tcp", "udp"})},
       true,
       true},
      {"clip", {"映像", "Clip"}, {field("file", none, true), field("loop", true)}, true, true},
      {"slides",
       {"スライド", "Slides"},
       {field("file", none, true), field("page", std::int64_t{1}, false, 1, 5'000)},
       true,
       false},
      {"image", {"静止画", "Image"}, {field("file", none, true)}, true, false},
      {"microphone", {"マイク", "Microphone"}, {field("device", none)}, false, true},
  };
}

inline KindTable output_kinds() {
  return {{"rtmp", {"RTMP", "RTMP"}, {field("url", std::string(), true)}, true, true},
          {"mkv", {"録画", "Recording"}, {field("folder", std::string())}, true, true}};
}

}  // namespace kakehashi::testing
