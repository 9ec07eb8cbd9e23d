// SPDX-License-Identifier: GPL-3.0-or-later
// QR codes (ISO/IEC 18004) as telephones read them off a video picture: error level M, whole pixels
// per module, a quiet zone of 4 modules. Prep thread only.
#pragma once

#include <string>
#include <vector>

#include "mixer/painter_parts.h"

namespace kakehashi {

struct QrCode {
  static constexpr int kQuiet = 4;  // modules on every side (18004, 5.3.8)
  int size = 0;                     // modules per side, without the quiet zone
  std::vector<bool> dark;           // size x size, rows from the top
  int across() const { return size + 2 * kQuiet; }
};

// FixInput when it is longer than any code can hold.
Result<QrCode> make_qr(const std::string& url);

// Smallest side of a code on this canvas that a telephone reads: 8 pixels a module at 1080 lines,
// less where the canvas is small, never under 2.
int least_module(const Canvas& canvas);

// Black on white, quiet zone included; x, y and module in whole pixels.
void draw_qr(const PaintCanvas& paint, const QrCode& code, int x, int y, int module);

// The address as people read it: without https:// and a last slash.
std::string address_as_read(const std::string& url);
// Broken into lines after / . - ? & = where it has to be, as large as the box allows.
FittedText address_text(const PaintCanvas& paint, const std::string& address,
                        FittedText::Wish wish);

}  // namespace kakehashi
