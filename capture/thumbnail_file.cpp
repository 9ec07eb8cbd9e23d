// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/thumbnail_file.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include <jpeglib.h>

namespace kakehashi {
namespace {

struct Yuv {
  int y = 16, u = 128, v = 128;
};
struct Rgb {
  std::uint8_t r = 0, g = 0, b = 0;
};

Yuv yuv_at(const VideoFrame& f, int x, int y) {
  const auto at = [&](int plane, int column, int line) {
    const PlaneView p = f.plane(plane);
    return static_cast<int>(p.data[static_cast<std::ptrdiff_t>(line) * p.stride + column]);
  };
  switch (f.info().format) {
    case PixelFormat::I420:
      return {at(0, x, y), at(1, x / 2, y / 2), at(2, x / 2, y / 2)};
    case PixelFormat::NV12:
      return {at(0, x, y), at(1, x / 2 * 2, y / 2), at(1, x / 2 * 2 + 1, y / 2)};
    case PixelFormat::Y42B:
      return {at(0, x, y), at(1, x / 2, y), at(2, x / 2, y)};
    case PixelFormat::YUY2:
      return {at(0, x * 2, y), at(0, x / 2 * 4 + 1, y), at(0, x / 2 * 4 + 3, y)};
    case PixelFormat::UYVY:
      return {at(0, x * 2 + 1, y), at(0, x / 2 * 4, y), at(0, x / 2 * 4 + 2, y)};
    default:
      return {};
  }
}

std::uint8_t byte(double v) { return static_cast<std::uint8_t>(std::clamp(v + 0.5, 0.0, 255.0)); }

// ITU-R BT.601-7 / BT.709-6.
Rgb rgb_of(const VideoFrame& f, int x, int y) {
  if (f.info().format == PixelFormat::BGRx) {
    const PlaneView p = f.plane(0);
    const std::uint8_t* pixel = p.data + static_cast<std::ptrdiff_t>(y) * p.stride + x * 4;
    return {pixel[2], pixel[1], pixel[0]};
  }
  const Yuv c = yuv_at(f, x, y);
  const bool full = f.info().range == ColorRange::Full;
  const double kr = f.info().matrix == ColorMatrix::Bt601 ? 0.299 : 0.2126;
  const double kb = f.info().matrix == ColorMatrix::Bt601 ? 0.114 : 0.0722;
  const double luma = full ? c.y : (c.y - 16) * 255.0 / 219.0;
  const double chroma = full ? 1.0 : 255.0 / 224.0;
  const double u = (c.u - 128) * chroma, v = (c.v - 128) * chroma;
  const double red = luma + 2 * (1 - kr) * v, blue = luma + 2 * (1 - kb) * u;
  return {byte(red), byte((luma - kr * red - kb * blue) / (1 - kr - kb)), byte(blue)};
}

// The mean of a few points of the area: enough against sparkle, cheap in any format.
Rgb mean_of(const VideoFrame& f, int left, int top, int right, int bottom) {
  constexpr int kPoints = 3;
  int r = 0, g = 0, b = 0;
  for (int j = 0; j < kPoints; ++j)
    for (int i = 0; i < kPoints; ++i) {
      const Rgb c =
          rgb_of(f, left + (right - left) * i / kPoints, top + (bottom - top) * j / kPoints);
      r += c.r;
      g += c.g;
      b += c.b;
    }
  constexpr int n = kPoints * kPoints;
  return {static_cast<std::uint8_t>(r / n), static_cast<std::uint8_t>(g / n),
          static_cast<std::uint8_t>(b / n)};
}

void cover(std::vector<std::uint8_t>& rgb, int width, int height, const Mask& mask) {
  const int left = std::clamp(static_cast<int>(std::floor(mask.x * width)), 0, width);
  const int right = std::clamp(static_cast<int>(std::ceil((mask.x + mask.w) * width)), left, width);
  const int top = std::clamp(static_cast<int>(std::floor(mask.y * height)), 0, height);
  const int bottom =
      std::clamp(static_cast<int>(std::ceil((mask.y + mask.h) * height)), top, height);
  for (int y = top; y < bottom; ++y)
    std::fill(rgb.begin() + (static_cast<std::ptrdiff_t>(y) * width + left) * 3,
              rgb.begin() + (static_cast<std::ptrdiff_t>(y) * width + right) * 3, std::uint8_t{96});
}

std::vector<std::uint8_t> jpeg_of(std::vector<std::uint8_t>& rgb, int width, int height) {
  jpeg_compress_struct jpeg{};
  jpeg_error_mgr errors{};  // its default ends the process on a fault of ours; input has none
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&jpeg, &bytes, &size);
  jpeg.image_width = static_cast<JDIMENSION>(width);
  jpeg.image_height = static_cast<JDIMENSION>(height);
  jpeg.input_components = 3;
  jpeg.in_color_space = JCS_RGB;
  jpeg_set_defaults(&jpeg);
  jpeg_set_quality(&jpeg, 75, TRUE);
  jpeg_start_compress(&jpeg, TRUE);
  for (int y = 0; y < height; ++y) {
    JSAMPROW row = rgb.data() + static_cast<std::ptrdiff_t>(y) * width * 3;
    jpeg_write_scanlines(&jpeg, &row, 1);
  }
  jpeg_finish_compress(&jpeg);
  std::vector<std::uint8_t> out(bytes, bytes + size);
  jpeg_destroy_compress(&jpeg);
  std::free(bytes);
  return out;
}

}  // namespace

Status save_thumbnail(const VideoFrame& frame, const std::vector<Mask>& masks, int width,
                      const std::string& path) {
  const int w = std::min(width, frame.width());
  if (w <= 0 || frame.height() <= 0)
    return Error{ErrorKind::FixInput, path + ": there is no picture to save"};
  const int h =
      std::max(1, static_cast<int>(static_cast<std::int64_t>(frame.height()) * w / frame.width()));
  std::vector<std::uint8_t> rgb(static_cast<std::size_t>(w) * h * 3);
  for (int y = 0; y < h; ++y)
    for (int x = 0; x < w; ++x) {
      const Rgb c = mean_of(frame, x * frame.width() / w, y * frame.height() / h,
                            (x + 1) * frame.width() / w, (y + 1) * frame.height() / h);
      std::uint8_t* to = rgb.data() + (static_cast<std::size_t>(y) * w + x) * 3;
      to[0] = c.r;
      to[1] = c.g;
      to[2] = c.b;
    }
  for (const Mask& mask : masks) cover(rgb, w, h, mask);
  const auto bytes = jpeg_of(rgb, w, h);
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(reinterpret_cast<const char*>(bytes.data()),
            static_cast<std::streamsize>(bytes.size()));
  out.flush();
  if (!out) return Error{ErrorKind::FixSetup, path + ": cannot be written; is the disk full?"};
  return {};
}

}  // namespace kakehashi
