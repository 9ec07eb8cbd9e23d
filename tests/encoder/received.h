// SPDX-License-Identifier: GPL-3.0-or-later
// What a server received, looked at with ffprobe and ffmpeg.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/nginx_rtmp.h"

namespace kakehashi::testing {

struct Packets {
  std::vector<std::int64_t> video, audio, keyframes;  // dts in ms
};
inline Packets packets_of(const std::string& path) {
  Packets packets;
  std::istringstream lines(output_of({"ffprobe", "-v", "error", "-show_entries",
                                      "packet=codec_type,dts,flags", "-of", "csv=p=0", path}));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    std::string type, dts, flags;
    std::getline(fields, type, ',');
    std::getline(fields, dts, ',');
    std::getline(fields, flags, ',');
    if (dts.empty()) continue;
    const std::int64_t t = std::stoll(dts);
    (type == "video" ? packets.video : packets.audio).push_back(t);
    if (type == "video" && flags.starts_with('K')) packets.keyframes.push_back(t);
  }
  return packets;
}

inline bool strictly_growing(const std::vector<std::int64_t>& v) {
  return std::adjacent_find(v.begin(), v.end(), std::greater_equal<>()) == v.end();
}

// What ffmpeg complains about when it decodes all of it; empty: nothing.
inline std::string decoding_complaints(const std::string& path) {
  return output_of({"sh", "-c", "ffmpeg -v error -i \"$0\" -f null - 2>&1", path});
}

}  // namespace kakehashi::testing
