// SPDX-License-Identifier: GPL-3.0-or-later
// The fields of a kind's description, one line each.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/settings.h"

namespace kakehashi {

inline SettingField text_field(std::string name, Text label, std::string fallback = {}) {
  return {std::move(name), std::move(label), std::move(fallback)};
}
// It must be given.
inline SettingField required(SettingField field) {
  field.required = true;
  return field;
}
// The first of `choices` where nothing is given.
inline SettingField choice_field(std::string name, Text label, std::vector<std::string> choices) {
  SettingField field{std::move(name), std::move(label), choices.front()};
  field.choices = std::move(choices);
  return field;
}
inline SettingField switch_field(std::string name, Text label, bool fallback) {
  return {std::move(name), std::move(label), fallback};
}
inline SettingField whole_field(std::string name, Text label, std::int64_t fallback, double least,
                                double most) {
  return {std::move(name), std::move(label), fallback, false, least, most, {}};
}
inline SettingField number_field(std::string name, Text label, double fallback, double least,
                                 double most) {
  return {std::move(name), std::move(label), fallback, false, least, most, {}};
}

}  // namespace kakehashi
