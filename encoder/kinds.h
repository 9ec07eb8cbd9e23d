// SPDX-License-Identifier: GPL-3.0-or-later
// One function per kind of output: the rows that output_kinds.cpp puts into the table. Private.
#pragma once

#include "encoder/output.h"

namespace kakehashi {

inline SettingField text_field(const char* name, Text label, const char* fallback,
                               bool required = false) {
  SettingField field;
  field.name = name;
  field.label = std::move(label);
  field.fallback = std::string(fallback);
  field.required = required;
  return field;
}

OutputKind rtmp_output_kind();
OutputKind mkv_output_kind();

}  // namespace kakehashi
