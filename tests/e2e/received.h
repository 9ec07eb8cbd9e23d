// SPDX-License-Identifier: GPL-3.0-or-later
// What the practice receiver wrote down, picture by picture (`ingest --frames`), put on the
// program's own clock.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace kakehashi::testing {

struct ReceivedPicture {
  std::int64_t program = 0;  // number of the program picture, counted from the stream's first one
  std::int64_t tick_us = 0;  // when that picture was due (CLOCK_MONOTONIC)
  std::int64_t arrival_us = 0;
  int place = -1;         // which of the receiver's places the code stood in; -1: no code was read
  std::int64_t code = 0;  // number the source had put into it
  // Ticks by which the source's picture was older than its tick: 0, unless the source's own thread
  // was held up.
  std::int64_t behind = 0;
  bool flash = false;
};

struct Received {
  std::vector<ReceivedPicture> pictures;
  std::int64_t first_code = 0;  // program picture 0 belongs to the tick of this code
  // Program pictures left out between the first and the last one of a stretch of ticks.
  std::int64_t missing(std::int64_t from_us = 0, std::int64_t to_us = INT64_MAX) const;
};

// One session at `fps` pictures a second. `lead_us`: how long before its tick the test source makes
// a picture (SourceContext::phase_lead). Fails the test when no code was read at all.
Received read_frames(const std::string& csv_path, int fps = 30, std::int64_t lead_us = 4000);

}  // namespace kakehashi::testing
