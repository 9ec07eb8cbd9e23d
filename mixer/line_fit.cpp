// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/line_fit.h"

#include <algorithm>
#include <cmath>

namespace kakehashi {
namespace {

// In shares of the size: a line more is worth letters 10 % larger, a break inside a compound 30 %.
constexpr double kLineCost = 0.10;
constexpr double kBreakCost = 0.0075;  // per point of BreakChance::cost
constexpr double kRagged = 0.12;       // the shortest line against the longest
constexpr double kLeast = 0.6;         // of the floor: what does not fit is painted so small
constexpr double kSteps = 24;          // sizes tried between wish and floor

struct Choice {
  double score = -1e9;
  double size = 0;
  std::vector<Line> lines;
  int worst_break = 0;
};

class Chooser {
 public:
  Chooser(std::string_view text, const std::vector<BreakChance>& chances, const LineWish& wish,
          const LineWidth& width)
      : wish_(wish) {
    ends_.push_back({});
    for (const BreakChance& c : chances)
      if (c.forced || wish.wrap) ends_.push_back(c);
    ends_.push_back({text.size(), text.size(), 0, true});
    for (const BreakChance& c : ends_) forced_ += c.forced ? 1 : 0;
    const std::size_t n = ends_.size();
    widths_.assign(n * n, 0);
    for (std::size_t a = 0; a + 1 < n; ++a)
      for (std::size_t b = a + 1; b < n; ++b) {
        widths_[a * n + b] = width(ends_[a].next, std::max(ends_[a].next, ends_[b].end));
        // Wider than at the floor even: longer ones are never asked for.
        if (ends_[b].forced || widths_[a * n + b] * wish.floor > wish.width * wish.size * 1.5)
          break;
      }
  }

  int forced() const { return forced_; }

  // The best way with at most `most` lines; score -1e9: none fits at the floor.
  Choice best(int most) const {
    Choice best;
    const double floor = std::min(wish_.floor, wish_.size);
    const int steps = wish_.size > floor ? static_cast<int>(kSteps) : 0;
    for (int step = 0; step <= steps; ++step) {
      const double size =
          steps == 0 ? wish_.size : wish_.size - (wish_.size - floor) * step / steps;
      const double share = size / wish_.size;
      if (share - kLineCost * (forced_ - 1) <= best.score) break;  // smaller ones are worse still
      for (int lines = forced_; lines <= most; ++lines) {
        if (height(lines, size) > wish_.height + 0.01) break;
        try_lines(lines, size, best);
      }
    }
    return best;
  }

  double height(int lines, double size) const {
    return size * (wish_.line_height * (lines - 1) + wish_.last_line);
  }

 private:
  // The cheapest breaks into exactly `count` lines none of which is wider than the box.
  void try_lines(int count, double size, Choice& best) const {
    const std::size_t n = ends_.size();
    const double share = size / wish_.size, room = wish_.width / share + 0.01;
    const auto rows = static_cast<std::size_t>(count) + 1;
    double total = 0;  // for lines that are alike
    for (std::size_t a = 0; a + 1 < n; ++a) total += widths_[a * n + a + 1];
    const double mean = std::max(1.0, total / count);
    std::vector<double> cost(rows * n, 1e9);
    std::vector<std::size_t> from(rows * n, 0);
    cost[0] = 0;
    for (std::size_t row = 1; row < rows; ++row)
      for (std::size_t b = 1; b < n; ++b)
        for (std::size_t a = b; a-- > 0;) {
          const double wide = widths_[a * n + b];
          if (wide > room) break;
          const double before = cost[(row - 1) * n + a];
          if (before < 1e8) {
            const double off = (wide - mean) / mean;
            const double now = before + kRagged * off * off +
                               (ends_[b].forced ? 0 : kLineCost + kBreakCost * ends_[b].cost);
            if (now < cost[row * n + b]) {
              cost[row * n + b] = now;
              from[row * n + b] = a;
            }
          }
          if (ends_[a].forced) break;  // a line does not reach over a newline
        }
    const double score = share - kLineCost * (forced_ - 1) - cost[(rows - 1) * n + n - 1];
    if (score <= best.score || cost[(rows - 1) * n + n - 1] > 1e8) return;
    best.score = score;
    best.size = size;
    best.lines.clear();
    best.worst_break = 0;
    double widest = 0;
    std::size_t b = n - 1;
    for (std::size_t row = rows - 1; row > 0; --row) {
      const std::size_t a = from[row * n + b];
      best.worst_break = std::max(best.worst_break, ends_[b].cost);
      best.lines.push_back({ends_[a].next, std::max(ends_[a].next, ends_[b].end)});
      widest = std::max(widest, widths_[a * n + b]);
      b = a;
    }
    std::reverse(best.lines.begin(), best.lines.end());
    // These lines may be a little larger than the step that found them.
    best.size = std::min({wish_.size, widest > 0 ? wish_.size * wish_.width / widest : wish_.size,
                          wish_.height / height(count, 1)});
    best.size = std::max(best.size, size);
  }

  const LineWish& wish_;
  std::vector<BreakChance> ends_;  // of lines; [0] is the beginning of the text
  std::vector<double> widths_;     // [a * n + b]: the line from end a to end b
  int forced_ = 0;                 // lines as written
};

// Between any two letters; the good places stay cheaper.
std::vector<BreakChance> anywhere(std::string_view text, const std::vector<BreakChance>& chances) {
  std::vector<BreakChance> all = chances;
  for (const std::size_t at : letter_starts(text)) {
    const bool known = std::any_of(chances.begin(), chances.end(), [&](const BreakChance& c) {
      return at >= c.end && at <= c.next;
    });
    if (at > 0 && at < text.size() && !known) all.push_back({at, at, 200, false});
  }
  std::sort(all.begin(), all.end(),
            [](const BreakChance& a, const BreakChance& b) { return a.next < b.next; });
  return all;
}

}  // namespace

LineFit fit_lines(std::string_view text, const std::vector<BreakChance>& chances,
                  const LineWish& wish, const LineWidth& width) {
  const Chooser chooser(text, chances, wish, width);
  const int most = std::max(wish.wrap ? wish.most_lines : 0, chooser.forced());
  Choice best = chooser.best(most);
  LineFit out;
  if (best.score > -1e8) {
    out.size = best.size;
    out.lines = std::move(best.lines);
    out.worst_break = best.worst_break;
    out.fit = static_cast<int>(out.lines.size()) > chooser.forced() ? Fit::Broken
              : out.size < wish.size - 0.01                         ? Fit::Shrunk
                                                                    : Fit::Whole;
    return out;
  }
  out.fit = Fit::Overflow;
  out.size = std::min(wish.floor, wish.size);
  // To be seen at all: smaller than can be read well, then in pieces.
  LineWish least = wish;
  least.floor = out.size * kLeast;
  best = Chooser(text, chances, least, width).best(most);
  if (best.score < -1e8 && wish.wrap && text.size() < 1000) {
    least.most_lines = 12;
    const std::vector<BreakChance> all = anywhere(text, chances);
    best = Chooser(text, all, least, width).best(least.most_lines);
  }
  if (best.score > -1e8) {
    out.lines = std::move(best.lines);
    out.worst_break = best.worst_break;
    out.size = best.size;
    return out;
  }
  out.size = least.floor;
  // As written: what draws it squeezes it into the box.
  std::size_t from = 0;
  for (const BreakChance& c : chances)
    if (c.forced) {
      out.lines.push_back({from, std::max(from, c.end)});
      from = c.next;
    }
  out.lines.push_back({from, text.size()});
  return out;
}

}  // namespace kakehashi
