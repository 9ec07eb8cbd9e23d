// SPDX-License-Identifier: GPL-3.0-or-later
// The file beside a recording ("<recording>.json"): what was marked in it, and how far it is. It is
// the journal too: one that is not "finalised" is looked after at the next start.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/snapshot.h"

namespace kakehashi {

struct RecordSidecar {
  std::string recording;            // the file's name, beside this one
  std::string event;                // id
  std::string began;                // local time, "2026-04-01T10:00:00+09:00"
  std::string state = "recording";  // then "closed", then "finalised"
  bool finalise = true;             // an MP4 is wanted
  double seconds = 0;               // once closed
  std::string finished;             // the MP4's name, beside
  // Of an input recorded by itself: which; the program's recording; where on its time this one
  // begins, in seconds (negative: earlier), once both have.
  std::string input, program;
  std::optional<double> starts_at;
  std::vector<MarkerStatus> markers;
};

std::string sidecar_path(const std::string& recording);
std::string to_json(const RecordSidecar& sidecar);
Result<RecordSidecar> read_sidecar(const std::string& path);
// Paths of those in a folder that are not finalised though they should be; oldest name first.
std::vector<std::string> unfinished_sidecars(const std::string& folder);

}  // namespace kakehashi
