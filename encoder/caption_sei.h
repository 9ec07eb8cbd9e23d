// SPDX-License-Identifier: GPL-3.0-or-later
// Captions inside the picture stream: CEA-608 and CEA-708 as cc_data (ANSI/CTA-708-E, ATSC A/53
// Part 4), which x264 writes as SEI and players show when the viewer switches captions on.
//
// CEA-708 service 1 carries any text of Unicode's first plane, Japanese too, by its 16-bit codes
// (P16). CEA-608 (CC1) has Latin letters only: a caption with any other character is not sent
// there, since half a sentence says something else. Pure; one owner.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include "core/time.h"

namespace kakehashi {

// CEA-608's characters for this text; nothing: it has some that CEA-608 lacks.
bool fits_cea608(const std::string& utf8);

class CaptionWriter {
 public:
  explicit CaptionWriter(Rate rate);

  // From the next picture on, lines of UTF-8, at most the last four; none: captions are taken off.
  // The same lines again change nothing. What stays is sent again every ten seconds, for who tuned
  // in later.
  void show(const std::vector<std::string>& lines);

  // The cc_data of the next picture: triplets, always as many as the rate asks for (600 a second).
  // Good until the next call.
  std::span<const std::uint8_t> next();

 private:
  using Pair = std::array<std::uint8_t, 2>;
  void send();
  void send_608();
  void send_708();
  void pack_708(const std::vector<std::vector<std::uint8_t>>& commands);

  const int triplets_, pairs_every_;  // in a picture; pictures from a CEA-608 pair to the next
  const std::int64_t again_every_;    // pictures
  std::vector<std::string> lines_;
  bool ever_ = false, latin_shown_ = false;
  std::int64_t pictures_ = 0, sent_at_ = 0;
  std::deque<Pair> pairs_;                         // CC1, parity on
  std::deque<std::vector<std::uint8_t>> packets_;  // DTVCC
  std::size_t packet_at_ = 0;                      // bytes of the first that have gone
  std::uint8_t sequence_ = 0;
  std::vector<std::uint8_t> out_;
};

}  // namespace kakehashi
