// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/clip_list.h"

#include <array>
#include <charconv>
#include <cmath>

namespace kakehashi {
namespace {

constexpr std::size_t kMostClips = 200;
constexpr double kMostSeconds = 86'400;

// Full-width digits, colon and point, as a Japanese keyboard writes them.
std::string half_width(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto at = [&](std::size_t n) { return static_cast<unsigned char>(text[i + n]); };
    if (i + 2 < text.size() && at(0) == 0xEF && at(1) == 0xBC && at(2) >= 0x8E && at(2) <= 0x9A) {
      out += static_cast<char>(at(2) - 0x8E + '.');  // U+FF0E . to U+FF1A :
      i += 2;
    } else if (text[i] != ' ') {
      out += text[i];
    }
  }
  return out;
}

std::string_view trimmed(std::string_view s) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!s.empty() && blank(s.front())) s.remove_prefix(1);
  while (!s.empty() && blank(s.back())) s.remove_suffix(1);
  return s;
}

// The next row; false at the end.
bool next_row(std::string_view& rest, char comma, std::vector<std::string>& cells) {
  cells.assign(1, {});
  if (rest.empty()) return false;
  bool quoted = false;
  std::size_t i = 0;
  for (; i < rest.size(); ++i) {
    const char c = rest[i];
    if (c == '"' && quoted && i + 1 < rest.size() && rest[i + 1] == '"')
      cells.back() += rest[++i];
    else if (c == '"')
      quoted = !quoted;
    else if (c == comma && !quoted)
      cells.emplace_back();
    else if (c == '\n' && !quoted)
      break;
    else
      cells.back() += c;
  }
  rest.remove_prefix(std::min(i + 1, rest.size()));
  for (auto& cell : cells) cell = std::string(trimmed(cell));
  return true;
}

char comma_of(std::string_view text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  for (const char c : {'\t', ';'})
    if (line.find(c) != std::string_view::npos) return c;
  return ',';
}

Error wrong(int line, const std::string& what) {
  return {ErrorKind::FixInput, "line " + std::to_string(line) + ": " + what};
}

}  // namespace

std::optional<Duration> cue_time(std::string_view text) {
  const std::string word = half_width(trimmed(text));
  double seconds = 0;
  std::string_view rest = word;
  for (int part = 0; part < 3; ++part) {
    const auto colon = rest.find(':');
    const std::string_view number = rest.substr(0, colon);
    double value = 0;
    const auto read = std::from_chars(number.data(), number.data() + number.size(), value,
                                      std::chars_format::fixed);
    if (number.empty() || read.ec != std::errc() || read.ptr != number.data() + number.size() ||
        !(value >= 0 && value <= kMostSeconds) || (part > 0 && value >= 60))
      return std::nullopt;
    seconds = seconds * 60 + value;
    if (colon == std::string_view::npos) {
      if (seconds > kMostSeconds) return std::nullopt;
      return Duration::microseconds(std::llround(seconds * 1e6));
    }
    rest.remove_prefix(colon + 1);
  }
  return std::nullopt;
}

Result<std::vector<ClipCue>> read_clip_list(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const char comma = comma_of(text);
  std::vector<ClipCue> clips;
  std::vector<std::string> cells;
  for (int line = 1; next_row(text, comma, cells); ++line) {
    if (cells[0].empty()) continue;
    if (line == 1 && cells[0].find('.') == std::string::npos) continue;  // a heading
    if (clips.size() == kMostClips) return wrong(line, "a list holds 200 clips; make a second one");
    ClipCue cue;
    cue.file = cells[0];
    for (std::size_t i = 1; i < 3 && i < cells.size(); ++i) {
      if (cells[i].empty()) continue;
      const auto time = cue_time(cells[i]);
      if (!time)
        return wrong(line, "\"" + cells[i] + "\" is no time; write 83.5 or 1:23.5 or 1:02:03");
      (i == 1 ? cue.in : cue.out) = *time;
    }
    if (cue.out.ns > 0 && cue.out <= cue.in)
      return wrong(line, "its cue-out is not after its cue-in; exchange them");
    clips.push_back(std::move(cue));
  }
  if (clips.empty())
    return Error{ErrorKind::FixInput, "no clip in the list; write one file name per line"};
  return clips;
}

}  // namespace kakehashi
