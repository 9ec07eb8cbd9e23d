// SPDX-License-Identifier: GPL-3.0-or-later
// Every kind of picture a device can deliver lands on the same program numbers.
#include <doctest/doctest.h>

#include "mixer/compositor.h"
#include "mixer/convert.h"
#include "tests/mixer/frames.h"

namespace kakehashi {
namespace {

using testing::make_frame;
using testing::sample;

constexpr std::uint32_t kBars[] = {0xFFFFFF, 0xBFBFBF, 0xBFBF00, 0x00BFBF, 0x00BF00, 0xBF00BF,
                                   0xBF0000, 0x0000BF, 0x000000, 0xFF4B00, 0x03AF7A, 0x22384A};
constexpr int kBar = 16, kCount = 12;

const char* name_of(PixelFormat f) {
  const char* names[] = {"I420", "NV12", "Y42B", "YUY2", "UYVY", "BGRx"};
  return names[static_cast<int>(f)];
}

template <class Check>
void every_kind(Check check) {
  for (const auto format : {PixelFormat::I420, PixelFormat::NV12, PixelFormat::Y42B,
                            PixelFormat::YUY2, PixelFormat::UYVY, PixelFormat::BGRx})
    for (const auto matrix : {ColorMatrix::Bt601, ColorMatrix::Bt709})
      for (const auto range : {ColorRange::Limited, ColorRange::Full}) {
        CAPTURE(name_of(format));
        CAPTURE(static_cast<int>(matrix));
        CAPTURE(static_cast<int>(range));
        check(format, matrix, range);
      }
}

int distance(int a, int b) { return std::abs(a - b); }

// Compares the middle of every bar with the colour it should be.
void check_bars(const VideoFrame& out, int bar_width) {
  for (int i = 0; i < kCount; ++i) {
    const auto want =
        testing::codes(testing::hex(kBars[i]), ColorMatrix::Bt709, ColorRange::Limited);
    const int x = i * bar_width + bar_width / 2, y = out.height() / 2;
    CAPTURE(i);
    CHECK(distance(sample(out, 0, x, y), testing::code8(want[0])) <= 2);
    CHECK(distance(sample(out, 1, x / 2, y / 2), testing::code8(want[1])) <= 2);
    CHECK(distance(sample(out, 2, x / 2, y / 2), testing::code8(want[2])) <= 2);
  }
}

FramePtr composed(const VideoFrame& frame, int width, int height) {
  FramePool pool(PixelFormat::I420, width, height, 1);
  FrameBuilder b = std::move(*pool.acquire());
  CompositorItem item;
  item.frame = &frame;
  item.rect = {0, 0, width, height};
  item.fit = FitMode::Stretch;
  Compositor(64, 36).draw({&item, 1}, picture_of(b));
  return std::move(b).publish();
}

TEST_CASE("colour bars in every format, matrix and range become BT.709 limited within 2 codes") {
  every_kind([](PixelFormat format, ColorMatrix matrix, ColorRange range) {
    const auto bars = [](int x, int) { return testing::hex(kBars[x / kBar]); };
    const FramePtr frame = make_frame({format, kBar * kCount, 32, matrix, range}, bars);
    check_bars(*composed(*frame, kBar * kCount, 32), kBar);          // as it is
    check_bars(*composed(*frame, kBar * kCount / 2, 16), kBar / 2);  // halved
    check_bars(*composed(*frame, kBar * kCount * 3 / 2, 40), kBar * 3 / 2);
  });
}

TEST_CASE("black, white and grey are exact") {
  every_kind([](PixelFormat format, ColorMatrix matrix, ColorRange range) {
    for (const auto& [rgb, luma] :
         {std::pair{0x000000U, 16}, std::pair{0xFFFFFFU, 235}, std::pair{0x808080U, 126}}) {
      const FramePtr frame = make_frame({format, 64, 36, matrix, range},
                                        [rgb = rgb](int, int) { return testing::hex(rgb); });
      const FramePtr out = composed(*frame, 64, 36);
      CHECK(distance(sample(*out, 0, 30, 17), luma) <= (rgb == 0x808080U ? 1 : 0));
      CHECK(sample(*out, 1, 15, 8) == 128);
      CHECK(sample(*out, 2, 15, 8) == 128);
    }
  });
}

TEST_CASE("odd sizes and any even offset convert the right pixels") {
  every_kind([](PixelFormat format, ColorMatrix matrix, ColorRange range) {
    // Luma tells the pixel; colour changes every 8 pixels.
    const auto paint = [](int x, int y) {
      return testing::Rgb{(x * 3 % 256) / 255.0, (y * 5 % 256) / 255.0, (x / 8 * 16 % 256) / 255.0};
    };
    const FramePtr frame = make_frame({format, 77, 53, matrix, range}, paint);
    const FramePtr same = make_frame({PixelFormat::I420, 77, 53}, paint);
    for (const Rect part : {Rect{0, 0, 77, 53}, Rect{6, 4, 71, 49}, Rect{76, 52, 1, 1},
                            Rect{10, 0, 33, 2}, Rect{0, 50, 2, 3}}) {
      ScratchPicture scratch;
      const Picture out = scratch.view(part.w, part.h);
      convert_part(*frame, part.x, part.y, out);
      int worst = 0;
      for (int y = 0; y < part.h; ++y)
        for (int x = 0; x < part.w; ++x)
          worst = std::max(worst, distance(out.y[y * out.stride_y + x],
                                           sample(*same, 0, part.x + x, part.y + y)));
      // The change of matrix takes each pixel's colour from a chroma sample of four.
      CHECK(worst <= (matrix == ColorMatrix::Bt709 || format == PixelFormat::BGRx ? 2 : 14));
    }
  });
}

}  // namespace
}  // namespace kakehashi
