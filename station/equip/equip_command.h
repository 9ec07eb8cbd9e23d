// SPDX-License-Identifier: GPL-3.0-or-later
// `kakehashi-station equip-test`: the test for a technician at the command line and, with its lines
// of progress, for the station's desk. Opens no device itself.
#pragma once

#include <atomic>
#include <iosfwd>
#include <string>
#include <vector>

#include "core/text.h"

namespace kakehashi {

struct EquipOptions {
  std::string event, venue, secrets;
  std::string json, html;  // copies of the result; it is kept beside the venue's others anyway
  bool quick = false, progress = false;
  bool write_delays = false;  // what is measured between picture and sound, into the venue file
  bool clap = false;          // and that by claps instead of the flash page
  double burn_in_minutes = 0;
  // Probes, parts or items; what they find takes its place in the venue's last result when that is
  // of the same event and occasion, else it stands alone and is not kept.
  std::vector<std::string> only;
  Language language = Language::Japanese;
};

// 0: nothing failed; 1: something did; 2: the test could not run; 3: it was stopped before its end.
int run_equip_test(const EquipOptions& options, const std::atomic<bool>& stop, std::ostream& out,
                   std::ostream& err);

}  // namespace kakehashi
