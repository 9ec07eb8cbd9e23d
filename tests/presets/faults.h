// SPDX-License-Identifier: GPL-3.0-or-later
// A small sound event that tests make one mistake in.
#pragma once

#include <string>

#include <doctest/doctest.h>

#include "presets/event_file.h"
#include "tests/presets/kinds.h"

namespace kakehashi::testing {

inline EventReading parse(const std::string& text) {
  return parse_event(text, source_kinds(), output_kinds());
}

// A sound event with one part replaced or added.
inline std::string event_with(
    const std::string& part, const std::string& inputs = R"([{"id": "cam"}])",
    const std::string& scenes = R"([{"id": "s", "layers": [{"input": "cam"}]}])") {
  return R"({"kakehashi_event": 1, "id": "e", "title": "行事", "inputs": )" + inputs +
         ", \"scenes\": " + scenes + (part.empty() ? "" : ", " + part) + "}";
}
inline std::string with_input(const std::string& more) {
  return event_with("", R"([{"id": "cam"}, {"id": "i", )" + more + "}]");
}
inline std::string with_scene(const std::string& scene) {
  return event_with("", R"([{"id": "cam"}, {"id": "mic", "video": false, "audio": true}])",
                    R"([{"id": "s", "key": 1, "layers": [{"input": "cam"}]}, )" + scene + "]");
}

inline void expect_fault(const std::string& text, const std::string& path,
                         const std::string& words) {
  const auto r = parse(text);
  std::string all;
  for (const auto& f : r.faults) all += f.path + ": " + f.message + "\n";
  INFO(text.substr(0, 400));
  INFO(all);
  REQUIRE(r.faults.size() == 1);
  CHECK(r.faults[0].path == path);
  CHECK(r.faults[0].message.find(words) != std::string::npos);
  CHECK(r.faults[0].ja.find("。") != std::string::npos);
}

}  // namespace kakehashi::testing
