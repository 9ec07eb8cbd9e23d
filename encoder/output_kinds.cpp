// SPDX-License-Identifier: GPL-3.0-or-later
#include "encoder/kinds.h"

namespace kakehashi {

const std::vector<OutputKind>& output_kinds() {
  static const std::vector<OutputKind> rows = {rtmp_output_kind(), srt_output_kind(),
                                               hls_output_kind(),  virtual_camera_output_kind(),
                                               mkv_output_kind(),  fmp4_output_kind()};
  return rows;
}

const OutputKind* find_output_kind(const std::string& name) {
  for (const OutputKind& row : output_kinds())
    if (row.description.name == name) return &row;
  return nullptr;
}

std::optional<OutputKind> kind_of(const Destination& destination, const OutputKind* row) {
  if (!row) row = find_output_kind(destination.kind);
  return row ? std::optional(*row) : std::nullopt;
}

KindTable output_kind_table() {
  KindTable table;
  for (const OutputKind& row : output_kinds()) table.push_back(row.description);
  return table;
}

}  // namespace kakehashi
