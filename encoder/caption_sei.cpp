// SPDX-License-Identifier: GPL-3.0-or-later
#include "encoder/caption_sei.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace kakehashi {
namespace {

constexpr std::size_t kColumns608 = 32, kColumns708 = 42, kRows = 4;

// UTF-8 to code points; what is not UTF-8 is left out.
std::vector<char32_t> code_points(const std::string& utf8) {
  std::vector<char32_t> out;
  for (std::size_t i = 0; i < utf8.size();) {
    const auto first = static_cast<unsigned char>(utf8[i]);
    const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if ((first >= 0x80 && first < 0xC2) || first > 0xF4 || i + length > utf8.size()) {
      ++i;
      continue;
    }
    char32_t c = length == 1 ? first : first & (0x7FU >> length);
    bool whole = true;
    for (std::size_t k = 1; k < length; ++k) {
      const auto next = static_cast<unsigned char>(utf8[i + k]);
      whole = whole && (next & 0xC0U) == 0x80;
      c = c << 6 | (next & 0x3FU);
    }
    if (!whole) {
      ++i;
      continue;
    }
    i += length;
    if (c >= 0x20) out.push_back(c);
  }
  return out;
}

// CEA-608's basic characters: ASCII, but for nine places that hold accented letters and signs
// (CTA-608-E table 50).
std::optional<std::uint8_t> basic_608(char32_t c) {
  switch (c) {
    case U'á':
      return 0x2A;
    case U'é':
      return 0x5C;
    case U'í':
      return 0x5E;
    case U'ó':
      return 0x5F;
    case U'ú':
      return 0x60;
    case U'ç':
      return 0x7B;
    case U'÷':
      return 0x7C;
    case U'Ñ':
      return 0x7D;
    case U'ñ':
      return 0x7E;
    case U'’':
      return 0x27;
    case U'*':
    case U'\\':
    case U'^':
    case U'_':
    case U'`':
    case U'{':
    case U'|':
    case U'}':
    case U'~':
      return std::nullopt;
    default:
      if (c >= 0x20 && c < 0x7F) return static_cast<std::uint8_t>(c);
      return std::nullopt;
  }
}

std::uint8_t odd_parity(std::uint8_t b) {
  return static_cast<std::uint8_t>(__builtin_popcount(b & 0x7FU) % 2 ? b & 0x7FU : b | 0x80U);
}

// Lines of at most `columns`, broken at spaces where there are some; the last kRows of them.
std::vector<std::vector<char32_t>> rows_of(const std::vector<std::string>& lines,
                                           std::size_t columns) {
  std::vector<std::vector<char32_t>> rows;
  for (const std::string& line : lines) {
    std::vector<char32_t> rest = code_points(line);
    while (rest.size() > columns) {
      const auto end = rest.begin() + static_cast<std::ptrdiff_t>(columns);
      auto cut = std::find(std::make_reverse_iterator(end), rest.rend(), U' ').base();
      const bool space = cut != rest.begin();
      if (!space) cut = end;
      rows.emplace_back(rest.begin(), space ? cut - 1 : cut);
      rest.erase(rest.begin(), cut);
    }
    if (!rest.empty()) rows.push_back(std::move(rest));
  }
  if (rows.size() > kRows) rows.erase(rows.begin(), rows.end() - kRows);
  return rows;
}

}  // namespace

bool fits_cea608(const std::string& utf8) {
  const auto points = code_points(utf8);
  return std::all_of(points.begin(), points.end(),
                     [](char32_t c) { return basic_608(c).has_value(); });
}

CaptionWriter::CaptionWriter(Rate rate)
    : triplets_(std::clamp(static_cast<int>(std::lround(600 / rate.per_second())), 2, 31)),
      pairs_every_(rate.per_second() > 45 ? 2 : 1),
      again_every_(std::lround(10 * rate.per_second())) {
  out_.reserve(static_cast<std::size_t>(triplets_) * 3);
}

void CaptionWriter::show(const std::vector<std::string>& lines) {
  if (lines == lines_) return;
  lines_ = lines;
  ever_ = true;
  send();
}

void CaptionWriter::send() {
  sent_at_ = pictures_;
  // What was on its way is out of date. A DTVCC packet that has begun is finished, since its
  // receiver counts bytes; control codes of CEA-608 begin anew by themselves.
  pairs_.clear();
  if (packet_at_ == 0)
    packets_.clear();
  else
    packets_.erase(packets_.begin() + 1, packets_.end());
  send_608();
  send_708();
}

// Pop-on: written where nobody sees it, then shown at once. Each control code twice (CTA-608-E
// 8.4).
void CaptionWriter::send_608() {
  const auto code = [this](std::uint8_t a, std::uint8_t b) {
    const Pair pair{odd_parity(a), odd_parity(b)};
    pairs_.push_back(pair);
    pairs_.push_back(pair);
  };
  const bool latin = !lines_.empty() && std::all_of(lines_.begin(), lines_.end(), fits_cea608);
  if (!latin) {
    if (latin_shown_ || lines_.empty()) code(0x14, 0x2C);  // erase displayed memory
    latin_shown_ = false;
    return;
  }
  latin_shown_ = true;
  code(0x14, 0x20);  // resume caption loading
  code(0x14, 0x2E);  // erase non-displayed memory
  const auto rows = rows_of(lines_, kColumns608);
  // Preamble address codes of rows 12 to 15, white, first column (CTA-608-E table 53).
  constexpr std::array<Pair, kRows> kPlaces{
      {{0x13, 0x40}, {0x13, 0x60}, {0x14, 0x40}, {0x14, 0x60}}};
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const Pair& place = kPlaces[kRows - rows.size() + r];
    code(place[0], place[1]);
    for (std::size_t i = 0; i < rows[r].size(); i += 2) {
      const std::uint8_t a = *basic_608(rows[r][i]);
      const std::uint8_t b = i + 1 < rows[r].size() ? *basic_608(rows[r][i + 1]) : 0;
      pairs_.push_back({odd_parity(a), odd_parity(b)});
    }
  }
  code(0x14, 0x2F);  // end of caption: shown now
}

// One window at the bottom, filled while it is hidden (CTA-708-E 8.10).
void CaptionWriter::send_708() {
  std::vector<std::vector<std::uint8_t>> commands;
  if (lines_.empty()) {
    commands.push_back({0x8A, 0x01});  // HideWindows
    commands.push_back({0x88, 0x01});  // ClearWindows
    pack_708(commands);
    return;
  }
  const auto rows = rows_of(lines_, kColumns708);
  const auto row_count = static_cast<std::uint8_t>(std::max<std::size_t>(rows.size(), 1));
  // DefineWindow 0: hidden, both locks; place relative (50 %, 95 %) of its bottom centre; rows and
  // columns less one; window style 1, pen style 1.
  commands.push_back({0x8C, 0x01});  // DeleteWindows
  commands.push_back({0x98, 0x18, 0x80 | 95, 50, static_cast<std::uint8_t>(0x70 | (row_count - 1)),
                      static_cast<std::uint8_t>(kColumns708 - 1), 0x09});
  for (std::size_t r = 0; r < rows.size(); ++r) {
    commands.push_back({0x92, static_cast<std::uint8_t>(r), 0});  // SetPenLocation
    for (const char32_t c : rows[r]) {
      if (c < 0x7F || (c >= 0xA0 && c <= 0xFF))  // G0, G1
        commands.push_back({static_cast<std::uint8_t>(c)});
      else if (c <= 0xFFFF)
        commands.push_back(
            {0x18, static_cast<std::uint8_t>(c >> 8), static_cast<std::uint8_t>(c)});  // P16
      else
        commands.push_back({0x18, 0x30, 0x13});  // 〓, printers' sign for a letter they lack
    }
  }
  commands.push_back({0x03});        // ETX
  commands.push_back({0x89, 0x01});  // DisplayWindows
  pack_708(commands);
}

// Service blocks of at most 31 bytes, one per DTVCC packet: the shortest that decoders have to
// buffer. A command is never parted.
void CaptionWriter::pack_708(const std::vector<std::vector<std::uint8_t>>& commands) {
  constexpr std::size_t kBlock = 31;
  std::vector<std::uint8_t> block;
  const auto close = [&] {
    if (block.empty()) return;
    std::size_t size = 2 + block.size();
    std::vector<std::uint8_t> packet;
    if (size % 2) ++size;  // packets have an even length; a zero is an empty block
    packet.push_back(static_cast<std::uint8_t>(size / 2));                // numbered when it goes
    packet.push_back(static_cast<std::uint8_t>(1U << 5 | block.size()));  // service 1
    packet.insert(packet.end(), block.begin(), block.end());
    packet.resize(size, 0);
    packets_.push_back(std::move(packet));
    block.clear();
  };
  for (const auto& command : commands) {
    if (block.size() + command.size() > kBlock) close();
    block.insert(block.end(), command.begin(), command.end());
  }
  close();
}

std::span<const std::uint8_t> CaptionWriter::next() {
  if (ever_ && !lines_.empty() && pictures_ - sent_at_ >= again_every_) send();
  out_.clear();
  const auto put = [this](std::uint8_t kind, std::uint8_t a, std::uint8_t b) {
    out_.push_back(kind);
    out_.push_back(a);
    out_.push_back(b);
  };
  // CEA-608: field 1 in every picture up to 30 a second, above that in every second one, as a pair
  // of fields has one of each.
  if (pictures_ % pairs_every_ == 0) {
    const Pair pair = pairs_.empty() ? Pair{0x80, 0x80} : pairs_.front();
    if (!pairs_.empty()) pairs_.pop_front();
    put(0xFC, pair[0], pair[1]);
  } else {
    put(0xFD, 0x80, 0x80);
  }
  if (pairs_every_ == 1) put(0xFD, 0x80, 0x80);
  const auto full = static_cast<std::size_t>(triplets_) * 3;
  while (out_.size() < full && !packets_.empty()) {
    auto& packet = packets_.front();
    if (packet_at_ == 0) {
      packet[0] = static_cast<std::uint8_t>(packet[0] | sequence_ << 6);
      sequence_ = (sequence_ + 1) & 3U;
    }
    put(packet_at_ == 0 ? 0xFF : 0xFE, packet[packet_at_], packet[packet_at_ + 1]);
    packet_at_ += 2;
    if (packet_at_ < packet.size()) continue;
    packets_.pop_front();
    packet_at_ = 0;
  }
  while (out_.size() < full) put(0xFA, 0, 0);
  ++pictures_;
  return out_;
}

}  // namespace kakehashi
