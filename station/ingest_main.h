// SPDX-License-Identifier: GPL-3.0-or-later
// `kakehashi-station ingest`: the practice receiver as a program.
#pragma once

#include "station/ingest.h"

namespace kakehashi {

// Receives until options.run_for has passed or *options.stop turns true, says on standard output
// what happens, writes options.stats_file (whole or not at all). Exit code: 0 ended as asked, 2 the
// address is wrong, 4 it cannot listen or write.
int run_ingest(const IngestOptions& options);

}  // namespace kakehashi
