// SPDX-License-Identifier: GPL-3.0-or-later
// One function per library, for capture/picture_file.cpp. Sheets are full size (JPEG: by powers of
// two smaller where the box allows), turned upright and without alpha.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "capture/still_picture.h"
#include "core/result.h"

namespace kakehashi {

using FileBytes = std::vector<std::uint8_t>;

// More than any camera of today takes; 480 MB while it is decoded.
inline constexpr std::uint64_t kMostPixels = 120'000'000;
Status check_size(std::uint64_t width, std::uint64_t height);

// Straight alpha in the fourth byte becomes black behind the picture.
void lay_over_black(PixelSheet& sheet);

Result<PixelSheet> decode_png(const FileBytes& file);
Result<PixelSheet> decode_jpeg(const FileBytes& file, PictureSize box);
Result<PixelSheet> decode_webp(const FileBytes& file);
Result<PixelSheet> decode_heif(const FileBytes& file);
Result<PixelSheet> decode_other(const std::string& path);

}  // namespace kakehashi
