// SPDX-License-Identifier: GPL-3.0-or-later
// What a kind (of source, of output) can be told, described once: its row in the kind's table gives
// the JSON, the validation and the form on the desk.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/text.h"

namespace kakehashi {

using SettingValue = std::variant<bool, std::int64_t, double, std::string>;
using Settings = std::map<std::string, SettingValue>;

struct SettingField {
  std::string name;  // JSON key, snake_case
  Text label;
  SettingValue
      fallback;  // its type is the field's type; an int is accepted where a double is wanted
  bool required = false;
  double least = -1e18;  // bounds for numbers
  double most = 1e18;
  std::vector<std::string> choices;  // for strings: empty means any
};

struct KindDescription {
  std::string name;  // "camera", "rtmp"
  Text label;
  std::vector<SettingField> fields;
  bool has_video = false;
  bool has_audio = false;
};
using KindTable = std::vector<KindDescription>;

inline const KindDescription* find_kind(const KindTable& table, const std::string& name) {
  for (const auto& k : table)
    if (k.name == name) return &k;
  return nullptr;
}

// The value given, else the field's fallback. The settings were validated, so the type fits.
template <class T>
T setting(const KindDescription& kind, const Settings& given, const std::string& name) {
  const auto from = [](const SettingValue& v) -> std::optional<T> {
    if (const T* exact = std::get_if<T>(&v)) return *exact;
    if constexpr (std::is_same_v<T, double>)
      if (const auto* whole = std::get_if<std::int64_t>(&v)) return static_cast<double>(*whole);
    return std::nullopt;
  };
  if (const auto it = given.find(name); it != given.end())
    if (auto v = from(it->second)) return *v;
  for (const auto& f : kind.fields)
    if (f.name == name)
      if (auto v = from(f.fallback)) return *v;
  return T{};
}

}  // namespace kakehashi
