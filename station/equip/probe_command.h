// SPDX-License-Identifier: GPL-3.0-or-later
// `kakehashi-station probe NAME ...`: one probe in this process, its findings as lines on standard
// output (wire.h). Not for people: the runner starts it.
#pragma once

#include <atomic>
#include <iosfwd>
#include <string>

namespace kakehashi {

struct ProbeOptions {
  std::string name;  // of a row; "plan": says which processes the test needs
  std::string event, venue, secrets, role, folder;
  bool quick = false, write_delays = false, clap = false;
  double burn_in_minutes = 0;
  long parent = 0;  // the runner's process id: this one ends with it; 0: nobody's
};

// Returns an exit code of the station.
int run_probe(const ProbeOptions& options, const std::atomic<bool>& stop, std::ostream& out,
              std::ostream& err);

}  // namespace kakehashi
