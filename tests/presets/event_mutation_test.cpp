// SPDX-License-Identifier: GPL-3.0-or-later
// The shipped event, damaged in every place in every way: the answer is a fault or a show that can
// be written and read again, never a crash.
#include <fstream>
#include <sstream>

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "presets/event_file.h"
#include "tests/presets/kinds.h"

using namespace kakehashi;
using nlohmann::json;

namespace {

EventReading parse(const std::string& text) {
  return parse_event(text, testing::source_kinds(), testing::output_kinds());
}

void places(const json& v, const json::json_pointer& at, std::vector<json::json_pointer>& out) {
  if (!at.empty()) out.push_back(at);
  if (v.is_object())
    for (auto it = v.begin(); it != v.end(); ++it) places(*it, at / it.key(), out);
  if (v.is_array())
    for (std::size_t i = 0; i < v.size(); ++i) places(v[i], at / i, out);
}

struct Demo {
  Demo() {
    std::ostringstream out;
    out << std::ifstream("presets/events/demo.json").rdbuf();
    text = out.str();
    tree = json::parse(text);
    places(tree, json::json_pointer(), all);
  }
  std::string text;
  json tree;
  std::vector<json::json_pointer> all;
};

// True when accepted.
bool survives(const std::string& text) {
  const auto r = parse(text);
  if (!r.ok()) {
    for (const auto& f : r.faults) {
      REQUIRE_FALSE(f.message.empty());
      REQUIRE_FALSE(f.ja.empty());
    }
    return false;
  }
  const auto again = parse(write_event(r.show));
  INFO(text);
  REQUIRE(again.ok());
  REQUIRE(again.show == r.show);
  return true;
}

}  // namespace

TEST_CASE("a wrong value anywhere is a fault or harmless") {
  const Demo demo;
  const json wrong[] = {nullptr,
                        true,
                        -1,
                        0,
                        1e18,
                        0.123456789,
                        "",
                        "ｆoo bar",
                        json::array(),
                        json::object(),
                        json::array({1, "a"}),
                        json::object({{"ja", 1}})};
  int accepted = 0, refused = 0;
  for (const auto& place : demo.all)
    for (const auto& value : wrong) {
      json damaged = demo.tree;
      damaged[place] = value;
      INFO(place.to_string());
      (survives(damaged.dump()) ? accepted : refused)++;
      // A value of another JSON type is never taken for the right one.
      const json& old = demo.tree[place];
      if (value.is_structured() && !value.empty() && old.is_primitive() && !old.is_string())
        REQUIRE_FALSE(survives(damaged.dump()));
    }
  CHECK(refused > accepted * 5);
}

TEST_CASE("a key left out or added anywhere is a fault or harmless") {
  const Demo demo;
  for (const auto& place : demo.all) {
    json damaged = demo.tree;
    json& parent = damaged[place.parent_pointer()];
    INFO(place.to_string());
    if (parent.is_object())
      parent.erase(place.back());
    else
      parent.erase(static_cast<std::size_t>(std::stoul(place.back())));
    survives(damaged.dump());
    // A slot that the layout lacks is a fault; every other object takes keys of later versions.
    const bool slots = !place.parent_pointer().empty() && place.parent_pointer().back() == "slots";
    if (!slots && damaged[place.parent_pointer()].is_object()) {
      json more = demo.tree;
      more[place.parent_pointer()]["zz_later"] = json::array({1, {{"a", "é"}}});
      REQUIRE(survives(more.dump()));
    }
  }
}

TEST_CASE("a file cut off anywhere, or with one byte changed, does not crash") {
  const Demo demo;
  for (std::size_t n = 0; n < demo.text.size(); n += 13)
    CHECK_FALSE(survives(demo.text.substr(0, n)));
  std::uint32_t state = 7;
  for (int i = 0; i < 800; ++i) {
    std::string damaged = demo.text;
    state = state * 1664525u + 1013904223u;
    damaged[(state >> 4) % damaged.size()] = static_cast<char>(state >> 24);
    survives(damaged);
  }
}
