// SPDX-License-Identifier: GPL-3.0-or-later
// Text into caption lines (mixer/caption_roll.h).
#include <algorithm>
#include <limits>

#include "mixer/caption_roll.h"
#include "mixer/line_break.h"

namespace kakehashi {
namespace {

// In halves of a full-width letter. Unicode TR 11, roughly: what is narrow in Japanese fonts.
int half_cells(char32_t c) {
  if (is_combining(c)) return 0;
  const bool narrow = c < 0x1100 || (c >= 0xFF61 && c <= 0xFFDC);
  return narrow ? 1 : 2;
}

// A place where a line may end, and what it costs.
struct Place {
  std::size_t end = 0, next = 0;
  int cost = 0;
};
constexpr int kAnywhere = 10'000;  // inside a word that is longer than a line

std::vector<Place> places_in(std::string_view text, int cells) {
  std::vector<Place> places{{0, 0, 0}};
  const auto chances = break_chances(text, {.narrow = cells < 8});
  std::size_t chance = 0;
  for (const std::size_t start : letter_starts(text)) {
    if (start == 0 || start >= text.size()) continue;
    while (chance < chances.size() && chances[chance].next < start) ++chance;
    if (chance < chances.size() && chances[chance].next == start)
      places.push_back({chances[chance].end, start, chances[chance].cost});
    else
      places.push_back({start, start, kAnywhere});
  }
  places.push_back({text.size(), text.size(), 0});
  return places;
}

}  // namespace

std::string clean_caption(std::string_view text) {
  std::string out;
  std::size_t letters = 0;
  bool space = false;
  for (const CodePoint& p : code_points(text)) {
    if (p.value < 0x20 || p.value == ' ' || p.value == 0x7F || p.value == 0x3000 ||
        (p.value >= 0x80 && p.value < 0xA0)) {
      space = !out.empty();
      continue;
    }
    if (p.value == 0xFFFD || p.value == 0xFEFF) continue;
    if (++letters > kMostLetters) break;
    if (space) out += ' ';
    space = false;
    out += text.substr(p.at, p.size);
  }
  return out;
}

double caption_cells(std::string_view text) {
  int halves = 0;
  for (const CodePoint& p : code_points(text)) halves += half_cells(p.value);
  return halves / 2.0;
}

std::vector<std::string> caption_lines(std::string_view raw, int cells) {
  const std::string text = clean_caption(raw);
  if (text.empty()) return {};
  const std::vector<Place> places = places_in(text, std::max(1, cells));
  std::vector<int> before{0};  // half cells up to each place's next
  for (std::size_t i = 1; i < places.size(); ++i)
    before.push_back(
        before.back() +
        static_cast<int>(2 * caption_cells(std::string_view(text).substr(
                                 places[i - 1].next, places[i].next - places[i - 1].next))));

  // Fewest lines first (a line costs more than any breaks), then the better breaks, then lines
  // alike: a short last line is a word that nobody sees.
  constexpr std::int64_t kLine = 1'000'000'000;
  struct Best {
    std::int64_t cost = std::numeric_limits<std::int64_t>::max();
    std::size_t from = 0;
  };
  std::vector<Best> best(places.size());
  best[0].cost = 0;
  for (std::size_t to = 1; to < places.size(); ++to)
    for (std::size_t from = to; from-- > 0;) {
      const std::string_view line =
          std::string_view(text).substr(places[from].next, places[to].end - places[from].next);
      const int halves = before[to] - before[from];
      // Spaces at the break belong to no line, so one may look too long by them.
      if (halves > 2 * cells && caption_cells(line) > cells && from + 1 < to) {
        if (halves > 2 * cells + 8) break;
        continue;
      }
      const std::int64_t empty = std::max(0, 2 * cells - halves);
      const std::int64_t cost = best[from].cost + kLine + places[to].cost * 1000LL + empty * empty;
      if (cost < best[to].cost) best[to] = {cost, from};
    }
  std::vector<std::string> lines;
  for (std::size_t to = places.size() - 1; to > 0; to = best[to].from)
    lines.push_back(
        text.substr(places[best[to].from].next, places[to].end - places[best[to].from].next));
  std::reverse(lines.begin(), lines.end());
  return lines;
}

}  // namespace kakehashi
