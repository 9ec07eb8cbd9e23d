// SPDX-License-Identifier: GPL-3.0-or-later
// Captions as readers need them: a few short lines that scroll up one by one, each long enough on
// the picture to be read. Pure: moments are parameters, so that each page is known, and painted,
// before it becomes true.
//
// A line stays for 1 s per 4 letters, 2 s at least, and until it has been read after the lines
// before it, at 4 letters a second. Where more is waiting than that, readers are asked for 8; a
// line still stays for its own 1 s per 4 letters. A Latin letter counts as half.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"

namespace kakehashi {

struct CaptionFormat {
  int cells = 20;  // full-width letters in a line
  int rows = 2;
  friend bool operator==(const CaptionFormat&, const CaptionFormat&) = default;
};

// Text as it may stand on the picture: wrong UTF-8 and control characters are left out, spaces
// joined, ends trimmed, at most kMostLetters.
inline constexpr std::size_t kMostLetters = 1000;
std::string clean_caption(std::string_view text);

// In full-width letters: Latin letters, digits and half-width kana count half.
double caption_cells(std::string_view text);

// Clean text in lines of at most `cells`: as few as possible, broken where Japanese may be broken;
// a word longer than a line is broken anywhere. Empty text: no lines.
std::vector<std::string> caption_lines(std::string_view text, int cells);

struct CaptionPage {
  MediaTime from;
  std::vector<std::string> lines;  // oldest first; empty: nothing
  friend bool operator==(const CaptionPage&, const CaptionPage&) = default;
};

class CaptionRoll {
 public:
  static constexpr double kLettersPerSecond = 4, kFastLettersPerSecond = 8;
  static constexpr Duration kLeast = Duration::seconds(2);
  // From arrival to the picture: room for painting.
  static constexpr Duration kLead = Duration::milliseconds(150);
  // All is taken off when nothing new has come for this long after it was read.
  static constexpr Duration kIdle = Duration::seconds(5);
  static constexpr std::size_t kMostWaiting = 120;  // lines; the oldest waiting one goes

  explicit CaptionRoll(CaptionFormat format) : format_(format) {}
  const CaptionFormat& format() const { return format_; }

  // Moments must not go back, in all of these.
  void add(std::string_view text, MediaTime at);  // from a feed
  void show(std::string_view text,
            MediaTime at);  // instead of all else, stays until told otherwise
  void clear(MediaTime at);

  // What is on at `now` first (since when it is), then each change that begins until `until`, and
  // one more where there is one. Never empty.
  std::vector<CaptionPage> pages(MediaTime now, MediaTime until) const;
  // Forgets what lies before `now`.
  void advance(MediaTime now);

  std::size_t waiting() const { return state_.waiting.size(); }
  std::uint64_t dropped() const { return dropped_; }

 private:
  struct Row {
    std::string text;
    MediaTime leave;  // not before
  };
  struct Waiting {
    std::string text;
    MediaTime enter;  // not before
  };
  struct State {
    std::deque<Row> rows;
    std::deque<Waiting> waiting;
    MediaTime since;     // the rows are as they are
    MediaTime read;      // when all rows have been read
    bool stays = false;  // not taken off by itself
  };
  std::int64_t next_change(const State& s) const;  // ns; the end of time: none
  void change(State& s, MediaTime at) const;
  static std::vector<std::string> lines_of(const State& s);

  CaptionFormat format_;
  State state_;
  std::uint64_t dropped_ = 0;
};

}  // namespace kakehashi
