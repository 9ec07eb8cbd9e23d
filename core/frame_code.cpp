// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/frame_code.h"

#include <algorithm>
#include <array>

namespace kakehashi {
namespace {

constexpr int kCells = kFrameCodeColumns * kFrameCodeRows;
constexpr int kSync = 6;
constexpr int kPayload = 44 + 20 + 2;
constexpr int kCrc = 16;
static_assert(kSync + kPayload + kCrc == kCells);

using Bits = std::array<bool, kCells>;

std::uint16_t crc_of(const Bits& bits) {
  std::uint16_t crc = 0xFFFF;  // CRC-16/CCITT-FALSE, polynomial 0x1021, bit by bit
  for (int i = kSync; i < kSync + kPayload; ++i) {
    const bool top = (crc & 0x8000) != 0;
    crc = static_cast<std::uint16_t>(crc << 1);
    if (top != bits[static_cast<std::size_t>(i)]) crc ^= 0x1021;
  }
  return crc;
}

void put(Bits& bits, int at, int count, std::uint64_t value) {
  for (int i = 0; i < count; ++i)
    bits[static_cast<std::size_t>(at + i)] = (value >> (count - 1 - i)) & 1;
}
std::uint64_t get(const Bits& bits, int at, int count) {
  std::uint64_t v = 0;
  for (int i = 0; i < count; ++i) v = (v << 1) | (bits[static_cast<std::size_t>(at + i)] ? 1U : 0U);
  return v;
}

// Cell borders from the strip's own size, so that a scaled strip is read on the same grid.
struct Cell {
  int x0, y0, x1, y1;
};
Cell cell_of(Rect r, int i) {
  const int c = i % kFrameCodeColumns, row = i / kFrameCodeColumns;
  return {r.x + r.w * c / kFrameCodeColumns, r.y + r.h * row / kFrameCodeRows,
          r.x + r.w * (c + 1) / kFrameCodeColumns, r.y + r.h * (row + 1) / kFrameCodeRows};
}

}  // namespace

Rect frame_code_rect(int width, int height) {
  const int cell = std::max(2, width / 48 / 2 * 2);
  const int margin = std::max(2, height / 40 / 2 * 2);
  return {margin, margin, cell * kFrameCodeColumns, cell * kFrameCodeRows};
}

void paint_frame_code(std::uint8_t* luma, int stride, Rect rect, const FrameCode& code) {
  Bits bits{};
  put(bits, 0, kSync, 0b101010);
  put(bits, kSync, 44, static_cast<std::uint64_t>(code.captured_us));
  put(bits, kSync + 44, 20, code.number);
  put(bits, kSync + 64, 2, code.flash ? 1 : 0);
  put(bits, kSync + kPayload, kCrc, crc_of(bits));
  for (int i = 0; i < kCells; ++i) {
    const Cell c = cell_of(rect, i);
    const std::uint8_t level = bits[static_cast<std::size_t>(i)] ? 235 : 16;
    for (int y = c.y0; y < c.y1; ++y)
      std::fill(luma + y * stride + c.x0, luma + y * stride + c.x1, level);
  }
}

std::optional<FrameCode> read_frame_code(const std::uint8_t* luma, int stride, int width,
                                         int height, Rect rect) {
  if (rect.x < 0 || rect.y < 0 || rect.x + rect.w > width || rect.y + rect.h > height ||
      rect.w < kFrameCodeColumns * 3 || rect.h < kFrameCodeRows * 3)
    return std::nullopt;
  std::array<int, kCells> mean{};
  for (int i = 0; i < kCells; ++i) {
    const Cell c = cell_of(rect, i);
    // The middle half of the cell: its edges were blurred by scaling and by the encoder.
    const int dx = (c.x1 - c.x0) / 4, dy = (c.y1 - c.y0) / 4;
    int sum = 0, n = 0;
    for (int y = c.y0 + dy; y < c.y1 - dy; ++y)
      for (int x = c.x0 + dx; x < c.x1 - dx; ++x, ++n) sum += luma[y * stride + x];
    mean[static_cast<std::size_t>(i)] = n ? sum / n : 0;
  }
  const int high = (mean[0] + mean[2] + mean[4]) / 3, low = (mean[1] + mean[3] + mean[5]) / 3;
  if (high - low < 60) return std::nullopt;
  Bits bits{};
  for (std::size_t i = 0; i < kCells; ++i) bits[i] = mean[i] * 2 > high + low;
  if (get(bits, kSync + kPayload, kCrc) != crc_of(bits)) return std::nullopt;
  FrameCode code;
  code.captured_us = static_cast<std::int64_t>(get(bits, kSync, 44));
  code.number = static_cast<std::uint32_t>(get(bits, kSync + 44, 20));
  code.flash = (get(bits, kSync + 64, 2) & 1) != 0;
  return code;
}

}  // namespace kakehashi
