// SPDX-License-Identifier: GPL-3.0-or-later
// What a display says of itself (VESA Enhanced EDID Standard 1.4, base block of 128 bytes). Pure;
// the bytes come from a cable and may be anything.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace kakehashi {

struct DisplayMode {
  int width = 0, height = 0;
  double hz = 0;  // fields per second when interlaced
  bool interlaced = false;
};

struct Edid {
  std::string manufacturer;         // three letters: "GSM" (3.4.1)
  int product = 0;                  // 3.4.2
  std::uint32_t serial = 0;         // 3.4.3; 0: not used
  std::string serial_text;          // 3.10.3.1; printable ASCII; may be empty
  std::string name;                 // 3.10.3.4; "EPSON PJ"; may be empty
  int year = 0;                     // 0: unknown
  int width_cm = 0, height_cm = 0;  // 0: unknown, as with a projector
  std::optional<DisplayMode> preferred;
  // The same display again, at whatever socket: manufacturer, product and serial.
  std::string identity() const;
};

// Nothing: not an EDID, cut off, or the checksum is wrong.
std::optional<Edid> parse_edid(std::span<const std::uint8_t> bytes);

}  // namespace kakehashi
