// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/edid.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace kakehashi {
namespace {

constexpr std::size_t kBlock = 128, kDescriptor = 18;
constexpr std::size_t kFirstDescriptor = 54, kDescriptors = 4;
constexpr std::array<std::uint8_t, 8> kHeader{0, 255, 255, 255, 255, 255, 255, 0};
constexpr std::uint8_t kSerialText = 0xFF, kName = 0xFC;  // 3.10.3, table 3.23

using Bytes = std::span<const std::uint8_t>;

// 13 bytes, ended by a line feed and filled with blanks.
std::string text_of(Bytes descriptor) {
  std::string text;
  for (std::size_t i = 5; i < kDescriptor && descriptor[i] != 0x0A; ++i)
    if (descriptor[i] >= 0x20 && descriptor[i] < 0x7F) text += static_cast<char>(descriptor[i]);
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

// 3.10.2: detailed timing.
std::optional<DisplayMode> timing_of(Bytes d) {
  const int clock = d[0] | d[1] << 8;  // 10 kHz
  const int width = d[2] | (d[4] & 0xF0) << 4, blank_x = d[3] | (d[4] & 0x0F) << 8;
  const int height = d[5] | (d[7] & 0xF0) << 4, blank_y = d[6] | (d[7] & 0x0F) << 8;
  if (clock == 0 || width == 0 || height == 0) return {};
  DisplayMode mode{width, height, 0, (d[17] & 0x80) != 0};
  mode.hz = clock * 1e4 / (static_cast<double>(width + blank_x) * (height + blank_y));
  if (mode.interlaced) mode.height *= 2;  // lines of a field
  return mode;
}

}  // namespace

std::string Edid::identity() const {
  char text[32];
  std::snprintf(text, sizeof text, "%s-%04X", manufacturer.c_str(),
                static_cast<unsigned>(product & 0xFFFF));
  std::string id = text;
  if (!serial_text.empty()) return id + "-" + serial_text;
  if (serial == 0) return id;
  std::snprintf(text, sizeof text, "-%08X", static_cast<unsigned>(serial));
  return id + text;
}

std::optional<Edid> parse_edid(Bytes bytes) {
  if (bytes.size() < kBlock || !std::equal(kHeader.begin(), kHeader.end(), bytes.begin()))
    return {};
  unsigned sum = 0;
  for (std::size_t i = 0; i < kBlock; ++i) sum += bytes[i];
  if ((sum & 0xFFU) != 0) return {};
  Edid edid;
  const unsigned letters = static_cast<unsigned>(bytes[8]) << 8 | bytes[9];
  for (const unsigned shift : {10U, 5U, 0U}) {
    const unsigned letter = letters >> shift & 31U;
    edid.manufacturer += letter >= 1 && letter <= 26 ? static_cast<char>('A' + letter - 1) : '?';
  }
  edid.product = bytes[10] | bytes[11] << 8;
  edid.serial = static_cast<std::uint32_t>(bytes[12]) | static_cast<std::uint32_t>(bytes[13]) << 8 |
                static_cast<std::uint32_t>(bytes[14]) << 16 |
                static_cast<std::uint32_t>(bytes[15]) << 24;
  if (bytes[17] >= 3) edid.year = 1990 + bytes[17];
  if (bytes[21] != 0 && bytes[22] != 0) {
    edid.width_cm = bytes[21];
    edid.height_cm = bytes[22];
  }
  for (std::size_t i = 0; i < kDescriptors; ++i) {
    const Bytes d = bytes.subspan(kFirstDescriptor + i * kDescriptor, kDescriptor);
    if (d[0] != 0 || d[1] != 0) {
      if (i == 0) edid.preferred = timing_of(d);  // 3.10.1: the first one
    } else if (d[3] == kName && edid.name.empty()) {
      edid.name = text_of(d);
    } else if (d[3] == kSerialText && edid.serial_text.empty()) {
      edid.serial_text = text_of(d);
    }
  }
  return edid;
}

}  // namespace kakehashi
