// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/mixer/golden.h"

#include <png.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <vector>

namespace kakehashi::testing {
namespace {

using Rgb8 = std::vector<std::uint8_t>;

Rgb8 to_rgb(const VideoFrame& f) {
  Rgb8 out;
  out.reserve(static_cast<std::size_t>(f.width() * f.height() * 3));
  const auto at = [&](int p, int x, int y) {
    return static_cast<double>(
        f.plane(p).data[static_cast<std::ptrdiff_t>(y) * f.plane(p).stride + x]);
  };
  const auto code = [](double v) {
    return static_cast<std::uint8_t>(std::lround(std::clamp(v, 0.0, 1.0) * 255));
  };
  for (int y = 0; y < f.height(); ++y)
    for (int x = 0; x < f.width(); ++x) {
      const double l = (at(0, x, y) - 16) / 219, cb = (at(1, x / 2, y / 2) - 128) / 224,
                   cr = (at(2, x / 2, y / 2) - 128) / 224;
      const double r = l + 1.5748 * cr, b = l + 1.8556 * cb;
      out.push_back(code(r));
      out.push_back(code((l - 0.2126 * r - 0.0722 * b) / 0.7152));
      out.push_back(code(b));
    }
  return out;
}

bool write_rgb(const std::string& path, const Rgb8& rgb, int width, int height) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(width);
  image.height = static_cast<png_uint_32>(height);
  image.format = PNG_FORMAT_RGB;
  return png_image_write_to_file(&image, path.c_str(), 0, rgb.data(), 0, nullptr) != 0;
}

bool read_rgb(const std::string& path, Rgb8& rgb, int& width, int& height) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  if (!png_image_begin_read_from_file(&image, path.c_str())) return false;
  image.format = PNG_FORMAT_RGB;
  rgb.resize(PNG_IMAGE_SIZE(image));
  width = static_cast<int>(image.width);
  height = static_cast<int>(image.height);
  return png_image_finish_read(&image, nullptr, rgb.data(), 0, nullptr) != 0;
}

}  // namespace

bool write_png(const VideoFrame& frame, const std::string& path) {
  return write_rgb(path, to_rgb(frame), frame.width(), frame.height());
}

std::string unlike_golden(const VideoFrame& frame, const std::string& name,
                          GoldenTolerance tolerance) {
  const std::string golden_path = std::string(GOLDEN_FOLDER) + "/" + name + ".png";
  const Rgb8 actual = to_rgb(frame);
  const char* bless = std::getenv("KAKEHASHI_BLESS");
  if (bless && std::string(bless) == "1")
    return write_rgb(golden_path, actual, frame.width(), frame.height())
               ? ""
               : "cannot write " + golden_path;

  std::error_code ignored;
  std::filesystem::create_directories(GOLDEN_FAILED, ignored);
  const std::string failed = std::string(GOLDEN_FAILED) + "/" + name;
  Rgb8 golden;
  int width = 0, height = 0;
  if (!read_rgb(golden_path, golden, width, height) || width != frame.width() ||
      height != frame.height()) {
    write_rgb(failed + ".actual.png", actual, frame.width(), frame.height());
    return golden_path + " is missing or of another size; look at " + failed +
           ".actual.png and run again with KAKEHASHI_BLESS=1 if it is right";
  }
  Rgb8 difference(actual.size());
  double sum = 0;
  int most = 0;
  for (std::size_t i = 0; i < actual.size(); ++i) {
    const int d = std::abs(actual[i] - golden[i]);
    difference[i] = static_cast<std::uint8_t>(std::min(255, d * 16));
    sum += d;
    most = std::max(most, d);
  }
  const double mean = sum / static_cast<double>(actual.size());
  if (mean <= tolerance.mean && most <= tolerance.most) return "";
  write_rgb(failed + ".actual.png", actual, width, height);
  write_rgb(failed + ".difference.png", difference, width, height);
  return name + " differs: mean " + std::to_string(mean) + ", most " + std::to_string(most) +
         "; see " + failed + ".actual.png and .difference.png (16 times)";
}

}  // namespace kakehashi::testing
