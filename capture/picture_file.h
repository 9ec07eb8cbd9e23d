// SPDX-License-Identifier: GPL-3.0-or-later
// Picture files: PNG, JPEG, WebP, HEIC and AVIF by their own libraries, others (GIF) by
// GStreamer. By what is in the file, whatever it is called. For capture/ and for pictures of an
// equipment test.
#pragma once

#include <string>

#include "capture/still_picture.h"
#include "core/result.h"

namespace kakehashi {

// Decoded, turned upright (EXIF), laid over black where it is transparent, brought to 8 bit sRGB
// numbers, shrunk into the box (never enlarged), both sides even. Colour profiles are not applied.
// Takes up to some seconds and 4 bytes per pixel of the file. Refused: more than 120 million
// pixels, 512 MB, films, files that are cut off.
Result<PixelSheet> read_picture(const std::string& path, PictureSize box);

// Orientation 1..8 of an EXIF block ("Exif\0\0" and a TIFF head, or the head alone); 1 when it does
// not say. EXIF 2.32 §4.6.4 A, tag 0x0112.
int exif_orientation(const std::uint8_t* data, std::size_t size);

// The sheet with that orientation taken off: the top left corner is where it was seen.
PixelSheet upright(PixelSheet sheet, int orientation);

}  // namespace kakehashi
