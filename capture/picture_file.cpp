// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/picture_file.h"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <utility>

#include "capture/picture_formats.h"

namespace kakehashi {
namespace {

constexpr std::uintmax_t kMostBytes = 512ull << 20;

bool begins(const FileBytes& file, std::size_t at, std::string_view with) {
  return file.size() >= at + with.size() &&
         std::memcmp(file.data() + at, with.data(), with.size()) == 0;
}

// ISO/IEC 23008-12: the major brand of a still picture, not of a film.
bool is_heif(const FileBytes& file) {
  if (!begins(file, 4, "ftyp")) return false;
  for (const std::string_view brand : {"heic", "heix", "heim", "heis", "mif1", "avif"})
    if (begins(file, 8, brand)) return true;
  return false;
}

Result<PixelSheet> decode(const std::string& path, const FileBytes& file, PictureSize box) {
  if (begins(file, 0, "\x89PNG")) return decode_png(file);
  if (begins(file, 0, "\xFF\xD8\xFF")) return decode_jpeg(file, box);
  if (begins(file, 0, "RIFF") && begins(file, 8, "WEBP")) return decode_webp(file);
  if (is_heif(file)) return decode_heif(file);
  return decode_other(path);
}

struct Tiff {
  const std::uint8_t* data;
  std::size_t size;
  bool big;  // byte order

  std::uint32_t number(std::size_t at, std::size_t bytes) const {
    if (at > size || size - at < bytes) return 0;
    std::uint32_t v = 0;
    for (std::size_t i = 0; i < bytes; ++i)
      v |= static_cast<std::uint32_t>(data[at + i]) << 8 * (big ? bytes - 1 - i : i);
    return v;
  }
};

}  // namespace

int exif_orientation(const std::uint8_t* data, std::size_t size) {
  if (size >= 6 && std::memcmp(data, "Exif\0\0", 6) == 0) data += 6, size -= 6;
  if (size < 8 || (data[0] != 'I' && data[0] != 'M') || data[1] != data[0]) return 1;
  const Tiff tiff{data, size, data[0] == 'M'};
  const std::size_t first = tiff.number(4, 4);
  const std::uint32_t entries = tiff.number(first, 2);
  for (std::size_t i = 0; i < entries; ++i) {
    const std::size_t at = first + 2 + 12 * i;
    if (at + 12 > size) break;
    if (tiff.number(at, 2) != 0x0112) continue;
    const auto turn = static_cast<int>(tiff.number(at + 8, 2));
    return turn >= 1 && turn <= 8 ? turn : 1;
  }
  return 1;
}

PixelSheet upright(PixelSheet sheet, int orientation) {
  if (orientation <= 1 || orientation > 8) return sheet;
  const bool turned = orientation >= 5;
  const int w = sheet.width, h = sheet.height;
  PixelSheet out(turned ? h : w, turned ? w : h);
  for (int y = 0; y < out.height; ++y)
    for (int x = 0; x < out.width; ++x) {
      int from_x = turned ? y : x, from_y = turned ? x : y;
      if (orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8)
        from_x = w - 1 - from_x;
      if (orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7)
        from_y = h - 1 - from_y;
      std::memcpy(out.line(y) + x * 4, sheet.line(from_y) + from_x * 4, 4);
    }
  return out;
}

Status check_size(std::uint64_t width, std::uint64_t height) {
  if (width == 0 || height == 0) return Error{ErrorKind::Unsupported, "it holds no picture"};
  if (width > 65'535 || height > 65'535 || width * height > kMostPixels)
    return Error{ErrorKind::Unsupported, "it is larger than 120 million pixels; make it smaller"};
  return {};
}

void lay_over_black(PixelSheet& sheet) {
  for (std::size_t i = 0; i < sheet.bytes.size(); i += 4) {
    const unsigned a = sheet.bytes[i + 3];
    if (a == 255) continue;
    for (std::size_t c = i; c < i + 3; ++c)
      sheet.bytes[c] = static_cast<std::uint8_t>((sheet.bytes[c] * a + 127) / 255);
    sheet.bytes[i + 3] = 255;
  }
}

Result<PixelSheet> read_picture(const std::string& path, PictureSize box) {
  std::error_code ec;
  if (!std::filesystem::is_regular_file(path, ec))
    return Error{ErrorKind::NotFound, "it does not exist; put it there or correct \"file\""};
  if (std::filesystem::file_size(path, ec) > kMostBytes || ec)
    return Error{ErrorKind::Unsupported, "it is larger than 512 MB; make it smaller"};
  FileBytes file(static_cast<std::size_t>(std::filesystem::file_size(path, ec)));
  std::ifstream in(path, std::ios::binary);
  if (!in.read(reinterpret_cast<char*>(file.data()), static_cast<std::streamsize>(file.size())))
    return Error{ErrorKind::FixSetup, "it cannot be read; check its permissions"};
  if (file.empty()) return Error{ErrorKind::Unsupported, "it is empty; save it again"};
  auto sheet = decode(path, file, box);
  if (!sheet) return sheet;
  return shrunk(*sheet, fitted_size(sheet->width, sheet->height, box, false));
}

}  // namespace kakehashi
