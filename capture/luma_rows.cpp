// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/luma_rows.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace kakehashi {
namespace {

const std::uint8_t* row_of(const VideoFrame& frame, int plane, int row) {
  const PlaneView v = frame.plane(plane);
  return v.data + static_cast<std::ptrdiff_t>(row) * v.stride;
}

std::uint32_t sum_of(const std::uint8_t* row, int width) {
  std::uint32_t sum = 0;
  for (int x = 0; x < width; ++x) sum += row[x];
  return sum;
}
// Of every second byte.
std::uint32_t sum_of_pairs(const std::uint8_t* row, int width) {
  std::uint32_t sum = 0;
  for (int x = 0; x < width; ++x) sum += row[2 * x];
  return sum;
}

// Bytes of a row that are picture, not padding.
int row_bytes(const FrameInfo& info, int plane) {
  switch (info.format) {
    case PixelFormat::BGRx:
      return info.width * 4;
    case PixelFormat::YUY2:
    case PixelFormat::UYVY:
      return (info.width + 1) / 2 * 4;
    case PixelFormat::NV12:
      return plane == 0 ? info.width : (info.width + 1) / 2 * 2;
    default:
      return plane == 0 ? info.width : (info.width + 1) / 2;
  }
}
int plane_rows(const FrameInfo& info, int plane) {
  const bool halved = info.format == PixelFormat::I420 || info.format == PixelFormat::NV12;
  return plane > 0 && halved ? (info.height + 1) / 2 : info.height;
}

}  // namespace

const std::uint8_t* luma_row(const VideoFrame& frame, int row, std::vector<std::uint8_t>& scratch) {
  const FrameInfo& info = frame.info();
  const std::uint8_t* in = row_of(frame, 0, row);
  if (plane_count(info.format) > 1) return in;
  const auto width = static_cast<std::size_t>(info.width);
  if (scratch.size() < width) scratch.resize(width);
  if (info.format == PixelFormat::BGRx) {
    // BT.709 weights in 256ths.
    for (std::size_t x = 0; x < width; ++x)
      scratch[x] = static_cast<std::uint8_t>(
          (in[4 * x] * 18 + in[4 * x + 1] * 183 + in[4 * x + 2] * 55) >> 8);
  } else {
    const std::size_t first = info.format == PixelFormat::UYVY ? 1 : 0;
    for (std::size_t x = 0; x < width; ++x) scratch[x] = in[2 * x + first];
  }
  return scratch.data();
}

LumaScale luma_scale(const FrameInfo& info) {
  if (info.format == PixelFormat::BGRx || info.range == ColorRange::Full) return {0, 255};
  return {16, 219};
}

PixelColour colour_at(const VideoFrame& frame, int x, int row) {
  const FrameInfo& info = frame.info();
  const std::uint8_t* in = row_of(frame, 0, row);
  if (info.format == PixelFormat::BGRx) {
    const double b = in[4 * x] / 255.0, g = in[4 * x + 1] / 255.0, r = in[4 * x + 2] / 255.0;
    const double y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    return {y, (b - y) / 1.8556, (r - y) / 1.5748};
  }
  double luma = 0, cb = 0, cr = 0;
  const int half = x / 2;
  switch (info.format) {
    case PixelFormat::NV12: {
      const std::uint8_t* uv = row_of(frame, 1, row / 2);
      luma = in[x], cb = uv[2 * half], cr = uv[2 * half + 1];
      break;
    }
    case PixelFormat::YUY2:
      luma = in[2 * x], cb = in[4 * half + 1], cr = in[4 * half + 3];
      break;
    case PixelFormat::UYVY:
      luma = in[2 * x + 1], cb = in[4 * half], cr = in[4 * half + 2];
      break;
    default: {
      const int below = info.format == PixelFormat::I420 ? row / 2 : row;
      luma = in[x], cb = row_of(frame, 1, below)[half], cr = row_of(frame, 2, below)[half];
    }
  }
  const double chroma_span = info.range == ColorRange::Full ? 255 : 224;
  return {luma_scale(info)(luma), (cb - 128) / chroma_span, (cr - 128) / chroma_span};
}

// FNV-1a over 8 bytes at a time, in four lanes so that the multiplications do not wait for each
// other.
std::uint64_t fingerprint(const VideoFrame& frame) {
  constexpr std::uint64_t kPrime = 0x100000001b3;
  std::array<std::uint64_t, 4> lane{0xcbf29ce484222325, 1, 2, 3};
  const FrameInfo& info = frame.info();
  for (int p = 0; p < plane_count(info.format); ++p) {
    const auto bytes = static_cast<std::size_t>(row_bytes(info, p));
    for (int y = 0; y < plane_rows(info, p); ++y) {
      const std::uint8_t* row = row_of(frame, p, y);
      std::size_t at = 0;
      for (; at + 32 <= bytes; at += 32)
        for (std::size_t l = 0; l < 4; ++l) {
          std::uint64_t word = 0;
          std::memcpy(&word, row + at + 8 * l, 8);
          lane[l] = (lane[l] ^ word) * kPrime;
        }
      for (; at < bytes; ++at) lane[0] = (lane[0] ^ row[at]) * kPrime;
    }
  }
  for (std::size_t l = 1; l < 4; ++l) lane[0] = (lane[0] ^ lane[l]) * kPrime;
  return lane[0];
}

BandSample band_sample(const VideoFrame& frame, std::vector<std::uint8_t>& scratch) {
  const FrameInfo& info = frame.info();
  BandSample s;
  s.captured = info.captured;
  const LumaScale scale = luma_scale(info);
  for (int b = 0; b < BandSample::kBands; ++b) {
    const int y = std::min(info.height - 1, (2 * b + 1) * info.height / (2 * BandSample::kBands));
    std::uint32_t sum = 0;
    if (info.format == PixelFormat::YUY2 || info.format == PixelFormat::UYVY)
      sum = sum_of_pairs(row_of(frame, 0, y) + (info.format == PixelFormat::UYVY), info.width);
    else
      sum = sum_of(luma_row(frame, y, scratch), info.width);
    s.mean[static_cast<std::size_t>(b)] =
        static_cast<float>(scale(static_cast<double>(sum) / info.width));
  }
  return s;
}

}  // namespace kakehashi
