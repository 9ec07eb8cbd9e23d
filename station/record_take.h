// SPDX-License-Identifier: GPL-3.0-or-later
// One recording from its start to its end: its files (more than one when a disk failed), its
// markers, its sidecars. Pure; the desk's lock guards it.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "encoder/recording.h"
#include "station/record_sidecar.h"

namespace kakehashi {

struct RecordTake {
  std::string event;
  std::string input;  // recorded by itself; empty: the program
  // Of the program's recording that an input's goes with.
  std::shared_ptr<RecordingWatch> program;
  std::shared_ptr<const std::atomic<bool>> no_more;  // an input's: no further file comes
  bool finalise = true;
  MediaTime since;
  std::string began;                                     // local time
  std::vector<std::shared_ptr<RecordingWatch>> watches;  // the program's first
  std::vector<Marker> markers;

  bool off_record() const;  // a span is open
  // Error: what is wrong with the wish, for the operator.
  Status mark(MarkerKind kind, bool on, const std::string& note, MediaTime now);

  struct Sidecar {
    std::string path, json;
    bool closed = false;
  };
  // As they should lie on the disk now.
  std::vector<Sidecar> sidecars() const;
};

// Of a file whose time began at `zero`.
std::vector<MarkerStatus> marker_rows(const std::vector<Marker>& markers, MediaTime zero);
std::string local_time_now();

}  // namespace kakehashi
