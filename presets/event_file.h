// SPDX-License-Identifier: GPL-3.0-or-later
// The Show on disk. JSON, versioned; every fault is named by its path in the file; unknown keys are
// kept, reported and written back. Never throws, never crashes, whatever the bytes are (fuzzed).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/settings.h"
#include "core/show.h"

namespace kakehashi {

struct Fault {
  std::string path;     // as people read it: scenes[2].layers[0].source
  std::string message;  // what is wrong and how to mend it, English
  std::string ja;       // the same in Japanese
};

struct EventReading {
  Show show;                   // usable only when faults is empty
  std::vector<Fault> faults;   // all of them, not just the first
  std::vector<Fault> notices;  // unknown keys and the like: kept, but somebody should know
  bool ok() const { return faults.empty(); }
};

// Structure, types, ranges, references and the settings of each kind.
EventReading parse_event(std::string_view json, const KindTable& sources, const KindTable& outputs);
EventReading load_event(const std::string& path, const KindTable& sources,
                        const KindTable& outputs);

// Stable key order, two spaces, unknown keys back in their places. parse(write(show)) == show.
std::string write_event(const Show& show);
// Atomic: a temporary file in the same folder, fsync, rename. The old file survives any failure.
Status save_event(const Show& show, const std::string& path);

}  // namespace kakehashi
