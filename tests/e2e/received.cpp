// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/e2e/received.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

namespace kakehashi::testing {

std::int64_t Received::missing(std::int64_t from_us, std::int64_t to_us) const {
  std::int64_t n = 0;
  const ReceivedPicture* before = nullptr;
  for (const auto& p : pictures) {
    if (before && p.tick_us >= from_us && before->tick_us <= to_us)
      n += p.program - before->program - 1;
    before = &p;
  }
  return n;
}

Received read_frames(const std::string& csv_path, int fps, std::int64_t lead_us) {
  // pts_ms,arrival_us,number,captured_us,flash,place,latency_us; the last five may be empty.
  std::ifstream in(csv_path);
  std::string line;
  std::getline(in, line);
  Received r;
  std::int64_t first_pts = -1, best = INT64_MIN, anchor_us = 0;
  while (std::getline(in, line)) {
    std::istringstream words(line);
    std::string word[7];
    for (auto& w : word) std::getline(words, w, ',');
    if (word[1].empty()) continue;
    ReceivedPicture p;
    const std::int64_t pts = std::stoll(word[0]);
    if (first_pts < 0) first_pts = pts;
    // Timestamps are whole milliseconds of an exact grid.
    p.program = std::llround(static_cast<double>(pts - first_pts) * fps / 1000.0);
    p.arrival_us = std::stoll(word[1]);
    if (!word[2].empty()) {
      p.code = std::stoll(word[2]);
      p.flash = word[4] == "1";
      p.place = std::stoi(word[5]);
      // A source can be late, never early: the picture with the greatest lead is on its tick.
      if (p.code - p.program > best) {
        best = p.code - p.program;
        anchor_us = std::stoll(word[3]) + lead_us - p.program * 1'000'000 / fps;
      }
    }
    r.pictures.push_back(p);
  }
  REQUIRE(best != INT64_MIN);
  r.first_code = best;
  for (auto& p : r.pictures) {
    p.tick_us = anchor_us + p.program * 1'000'000 / fps;
    if (p.place >= 0) p.behind = best + p.program - p.code;
  }
  return r;
}

}  // namespace kakehashi::testing
