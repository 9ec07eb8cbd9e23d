// SPDX-License-Identifier: GPL-3.0-or-later
// `kakehashi-station report`: what a rehearsal did, for people, from the station's and the practice
// receiver's figures; and whether all of it held.
#pragma once

#include <string>

namespace kakehashi {

struct ReportText {
  std::string text;  // bilingual lines, each with ✓ or ×
  bool good = false;
};

// `run_json`, `ingest_json`: what `run --stats` and `ingest --stats` wrote. The recording named in
// the first is opened and decoded. Faulty files give one × line.
ReportText make_report(const std::string& run_json, const std::string& ingest_json);

}  // namespace kakehashi
