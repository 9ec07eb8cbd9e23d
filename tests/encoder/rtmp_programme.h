// SPDX-License-Identifier: GPL-3.0-or-later
// What the RTMP tests send, and where to: a small programme and a runner's settings with a canary
// key.
#pragma once

#include <string>

#include "encoder/output.h"
#include "programme.h"

namespace kakehashi::testing {

inline const Canvas kCanvas{640, 360, {30, 1}};
inline constexpr const char* kKey = "canary-4f7a91";

inline EncodeSettings small_settings() {
  EncodeSettings s;
  s.video_kbps = 1200;
  return s;
}

inline OutputConfig config_for(const Programme& programme, const std::string& url, Clock& clock) {
  OutputConfig config;
  config.destination.id = "main";
  config.destination.settings["url"] = url;
  config.key = Secret(kKey);
  config.stream = programme.description();
  config.clock = &clock;
  return config;
}

}  // namespace kakehashi::testing
