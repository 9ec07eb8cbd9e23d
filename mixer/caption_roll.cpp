// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/caption_roll.h"

#include <algorithm>
#include <limits>

namespace kakehashi {
namespace {

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

Duration reading(const std::string& line, double letters_per_second) {
  return {static_cast<std::int64_t>(caption_cells(line) / letters_per_second * 1e9)};
}

}  // namespace

std::int64_t CaptionRoll::next_change(const State& s) const {
  if (!s.waiting.empty()) {
    const std::int64_t enter = s.waiting.front().enter.ns;
    const bool full = static_cast<int>(s.rows.size()) >= format_.rows;
    // A row may be due before the one above it was: it went on standing below it.
    return std::max({enter, s.since.ns, full ? s.rows.front().leave.ns : enter});
  }
  if (s.rows.empty() || s.stays) return kNever;
  std::int64_t last = s.read.ns;
  for (const Row& row : s.rows) last = std::max(last, row.leave.ns);
  return last + kIdle.ns;
}

// The change that is due at `at`: one line more, or all off.
void CaptionRoll::change(State& s, MediaTime at) const {
  s.since = at;
  if (s.waiting.empty()) {
    s.rows.clear();
    return;
  }
  if (static_cast<int>(s.rows.size()) >= format_.rows) s.rows.pop_front();
  const bool behind = s.waiting.size() > static_cast<std::size_t>(2 * format_.rows);
  Row row{std::move(s.waiting.front().text), {}};
  s.waiting.pop_front();
  const Duration own = std::max(kLeast, reading(row.text, kLettersPerSecond));
  s.read =
      std::max(s.read, at) + reading(row.text, behind ? kFastLettersPerSecond : kLettersPerSecond);
  row.leave = std::max(at + own, s.read);
  s.rows.push_back(std::move(row));
}

std::vector<std::string> CaptionRoll::lines_of(const State& s) {
  std::vector<std::string> lines;
  for (const Row& row : s.rows) lines.push_back(row.text);
  return lines;
}

void CaptionRoll::advance(MediaTime now) {
  for (std::int64_t t = next_change(state_); t <= now.ns; t = next_change(state_))
    change(state_, {t});
}

void CaptionRoll::add(std::string_view text, MediaTime at) {
  advance(at);
  state_.stays = false;
  for (std::string& line : caption_lines(text, format_.cells))
    state_.waiting.push_back({std::move(line), at + kLead});
  for (; state_.waiting.size() > kMostWaiting; ++dropped_) state_.waiting.pop_front();
}

void CaptionRoll::show(std::string_view text, MediaTime at) {
  clear(at);
  for (std::string& line : caption_lines(text, format_.cells))
    state_.waiting.push_back({std::move(line), at});
  state_.stays = true;
  advance(at);
}

void CaptionRoll::clear(MediaTime at) {
  state_ = {};
  state_.since = state_.read = at;
}

std::vector<CaptionPage> CaptionRoll::pages(MediaTime now, MediaTime until) const {
  CaptionRoll ahead = *this;
  ahead.advance(now);
  std::vector<CaptionPage> pages{{ahead.state_.since, lines_of(ahead.state_)}};
  while (pages.back().from <= until) {
    const std::int64_t next = ahead.next_change(ahead.state_);
    if (next == kNever) break;
    ahead.advance({next});
    pages.push_back({ahead.state_.since, lines_of(ahead.state_)});
  }
  return pages;
}

}  // namespace kakehashi
