// SPDX-License-Identifier: GPL-3.0-or-later
// What clocks, countdowns and stopwatches say, and from which moment on: pure, so that each page is
// known, and painted, before it becomes true. Whole seconds; a countdown shows the seconds begun
// (10 until nine are left), a stopwatch the seconds over.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/layout_table.h"
#include "core/live_state.h"
#include "core/show.h"
#include "core/text.h"

namespace kakehashi {

// The wall clock as a function of session time. Its own unit: nanoseconds since 1970-01-01 00:00 as
// the clock on the wall shows it (UTC and the local offset together).
struct WallTime {
  std::int64_t offset_ns = 0;
  std::int64_t shown_at(MediaTime t) const { return t.ns + offset_ns; }
  MediaTime when(std::int64_t shown_ns) const { return {shown_ns - offset_ns}; }
};

// "14:00", "14:00:30", "2026-11-22T14:00" (a space may stand for the T); none: neither.
struct WallTarget {
  std::optional<std::int64_t> day;  // since 1970-01-01; none: the one nearest to now
  int seconds = 0;                  // since midnight
};
std::optional<WallTarget> parse_target(const std::string& text);
// On the wall clock's scale. Without a day: the occurrence at most 6 h ago or less than 18 h ahead.
std::int64_t target_ns(const WallTarget& target, std::int64_t shown_now_ns);
// "14:00", as people say it.
std::string time_of_day(const WallTarget& target);

struct MovingWords {
  MediaTime from;
  std::string words;  // "14:05", "1:02:03", "まもなく始まります"
  friend bool operator==(const MovingWords&, const MovingWords&) = default;
};

// The words true at `now` first, then those that begin until `until`, and one more where there is
// one. Empty: it says nothing (a kind that does not move, a countdown without a time).
std::vector<MovingWords> moving_words(const Overlay& overlay, const OverlayState& state,
                                      const WallTime& wall, Language language, MediaTime now,
                                      MediaTime until);
std::vector<MovingWords> moving_words(const HoldingCard& card, const WallTime& wall,
                                      Language language, MediaTime now, MediaTime until);

// Its heading: the overlay's own, else what its kind usually says; may be empty.
std::string timer_heading(const Overlay& overlay, Language language);
// What a timer that has not begun says; for pictures of it that stand still.
std::string timer_sample(const Overlay& overlay);
// A friendly word in place of a time that has come.
std::string over_words(const HoldingCard& card, Language language);
std::string over_words(const Overlay& overlay, Language language);

// Where an overlay stands in the layouts of a show, each place once. Layout "" is last: it stands
// for every scene.
struct OverlayPlace {
  std::string layout;
  std::optional<Rect> rect;  // none: this layout has no place for it
};
std::vector<OverlayPlace> overlay_places(const Overlay& overlay, const Show& show);

}  // namespace kakehashi
