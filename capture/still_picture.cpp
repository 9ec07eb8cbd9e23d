// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/still_picture.h"

#include <algorithm>
#include <atomic>
#include <cmath>

#include "core/frame_pool.h"

namespace kakehashi {
namespace {

// NOLINTNEXTLINE(cppcoreguidelines-virtual-class-destructor): ended by recycle(), by FramePtr only
class RetimedFrame final : public VideoFrame {
 public:
  RetimedFrame(FramePtr of, MediaTime captured, std::uint64_t sequence) : of_(std::move(of)) {
    info_ = of_->info();
    info_.captured = captured;
    info_.still = true;
    info_.sequence = sequence;
    for (int i = 0; i < plane_count(info_.format); ++i)
      planes_[static_cast<std::size_t>(i)] = of_->plane(i);
  }
  void recycle() noexcept override { delete this; }

 private:
  ~RetimedFrame() override = default;
  FramePtr of_;
};

// ITU-R BT.709-6 §3 and §4, 8 bit limited, as integers of 16 fractional bits.
constexpr double kRed = 0.2126, kBlue = 0.0722, kGreen = 1 - kRed - kBlue;
constexpr int fixed(double v) { return static_cast<int>(v * 65536 + (v < 0 ? -0.5 : 0.5)); }
constexpr double kLuma = 219.0 / 255, kChroma = 224.0 / 255;
constexpr int kYr = fixed(kRed * kLuma), kYg = fixed(kGreen * kLuma), kYb = fixed(kBlue * kLuma);
constexpr double kCb = kChroma / (2 * (1 - kBlue)), kCr = kChroma / (2 * (1 - kRed));
constexpr int kUr = fixed(-kRed * kCb), kUg = fixed(-kGreen * kCb), kUb = fixed((1 - kBlue) * kCb);
constexpr int kVr = fixed((1 - kRed) * kCr), kVg = fixed(-kGreen * kCr), kVb = fixed(-kBlue * kCr);

void luma_line(const std::uint8_t* bgrx, std::uint8_t* y, int n) {
  for (int i = 0; i < n; ++i, bgrx += 4)
    y[i] = static_cast<std::uint8_t>(
        (kYb * bgrx[0] + kYg * bgrx[1] + kYr * bgrx[2] + (16 << 16) + 32768) >> 16);
}

void chroma_line(const std::uint8_t* a, const std::uint8_t* b, std::uint8_t* u, std::uint8_t* v,
                 int n) {
  constexpr int middle = (128 << 18) + (1 << 17);  // sums of four pixels: two more bits
  for (int i = 0; i < n; ++i, a += 8, b += 8) {
    const int blue = a[0] + a[4] + b[0] + b[4], green = a[1] + a[5] + b[1] + b[5];
    const int red = a[2] + a[6] + b[2] + b[6];
    u[i] = static_cast<std::uint8_t>((kUb * blue + kUg * green + kUr * red + middle) >> 18);
    v[i] = static_cast<std::uint8_t>((kVb * blue + kVg * green + kVr * red + middle) >> 18);
  }
}

// Which old samples make a new one, and how much of the first and the last of them.
struct Reach {
  int first = 0, last = 0;
  std::uint32_t first_part = 256, last_part = 256;  // of 256
};
std::vector<Reach> reaches(int from, int to) {
  std::vector<Reach> all(static_cast<std::size_t>(to));
  for (int i = 0; i < to; ++i) {
    const double begin = static_cast<double>(i) * from / to;
    const double end = static_cast<double>(i + 1) * from / to;
    Reach& r = all[static_cast<std::size_t>(i)];
    r.first = static_cast<int>(begin);
    r.last = std::clamp(static_cast<int>(std::ceil(end)) - 1, r.first, from - 1);
    const auto part = [](double v) { return static_cast<std::uint32_t>(std::lround(v * 256)); };
    if (r.first == r.last) continue;
    r.first_part = part(r.first + 1 - begin);
    r.last_part = part(end - r.last);
  }
  return all;
}
std::uint32_t part_of(const Reach& r, int i) {
  return i == r.first ? r.first_part : i == r.last ? r.last_part : 256;
}

}  // namespace

PictureSize fitted_size(double width, double height, PictureSize box, bool enlarge) {
  double scale = std::min(box.width / width, box.height / height);
  if (!enlarge) scale = std::min(scale, 1.0);
  const auto even = [&](double v, int most) {
    if (!enlarge) most = std::min(most, static_cast<int>(v));
    return std::max(2, std::min(static_cast<int>(std::lround(v * scale / 2)) * 2, most / 2 * 2));
  };
  return {even(width, box.width), even(height, box.height)};
}

PixelSheet shrunk(const PixelSheet& from, PictureSize to) {
  if (to == PictureSize{from.width, from.height}) return from;
  PixelSheet out(to.width, to.height);
  const auto columns = reaches(from.width, to.width), rows = reaches(from.height, to.height);
  std::vector<std::uint64_t> sums(static_cast<std::size_t>(to.width) * 3);
  for (int y = 0; y < to.height; ++y) {
    const Reach& row = rows[static_cast<std::size_t>(y)];
    std::fill(sums.begin(), sums.end(), 0);
    std::uint64_t height = 0;
    for (int line = row.first; line <= row.last; ++line) {
      const std::uint32_t weight = part_of(row, line);
      height += weight;
      const std::uint8_t* pixels = from.line(line);
      for (std::size_t x = 0; x < columns.size(); ++x) {
        const Reach& column = columns[x];
        std::uint32_t sum[3] = {0, 0, 0};
        for (int i = column.first; i <= column.last; ++i) {
          const std::uint32_t part = part_of(column, i);
          for (int c = 0; c < 3; ++c) sum[c] += part * pixels[i * 4 + c];
        }
        for (std::size_t c = 0; c < 3; ++c)
          sums[x * 3 + c] += static_cast<std::uint64_t>(weight) * sum[c];
      }
    }
    std::uint8_t* to_line = out.line(y);
    for (std::size_t x = 0; x < columns.size(); ++x) {
      const Reach& column = columns[x];
      std::uint64_t width = 0;
      for (int i = column.first; i <= column.last; ++i) width += part_of(column, i);
      const std::uint64_t area = std::max<std::uint64_t>(width * height, 1);
      for (std::size_t c = 0; c < 3; ++c)
        to_line[x * 4 + c] = static_cast<std::uint8_t>((sums[x * 3 + c] + area / 2) / area);
      to_line[x * 4 + 3] = 255;
    }
  }
  return out;
}

FramePtr program_still(const PixelSheet& sheet) {
  FramePool pool(PixelFormat::I420, sheet.width, sheet.height, 1);  // the frame outlives it
  FrameBuilder b = std::move(*pool.acquire());
  b.info().still = true;
  const auto at = [&b](int plane, int y) {
    return b.plane(plane) + static_cast<std::ptrdiff_t>(y) * b.stride(plane);
  };
  for (int y = 0; y + 1 < sheet.height; y += 2) {
    luma_line(sheet.line(y), at(0, y), sheet.width);
    luma_line(sheet.line(y + 1), at(0, y + 1), sheet.width);
    chroma_line(sheet.line(y), sheet.line(y + 1), at(1, y / 2), at(2, y / 2), sheet.width / 2);
  }
  return std::move(b).publish();
}

FramePtr with_time(FramePtr picture, MediaTime captured, std::uint64_t sequence) {
  return FramePtr(new RetimedFrame(std::move(picture), captured, sequence));
}

std::uint64_t next_still_sequence() {
  static std::atomic<std::uint64_t> next{1};
  return next.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace kakehashi
