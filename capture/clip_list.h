// SPDX-License-Identifier: GPL-3.0-or-later
// The clips of one source, each with its cue-in and cue-out, as a table that a spreadsheet can
// write. Pure. Private to capture/.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"

namespace kakehashi {

struct ClipCue {
  std::string file;
  Duration in, out;  // out 0: to the end
  bool whole() const { return in.ns == 0 && out.ns == 0; }
  friend bool operator==(const ClipCue&, const ClipCue&) = default;
};

// "83.5", "1:23.5", "1:02:03", full-width digits too; nothing when it is no time. At most 24 h.
std::optional<Duration> cue_time(std::string_view text);

// CSV (RFC 4180; comma, semicolon or tab; UTF-8 with or without a mark): file, cue-in, cue-out. A
// first line without a file name's dot is a heading. Files are as written. At most 200 clips. The
// error names line and fix.
Result<std::vector<ClipCue>> read_clip_list(std::string_view text);

}  // namespace kakehashi
