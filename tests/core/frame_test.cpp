// SPDX-License-Identifier: GPL-3.0-or-later
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include <initializer_list>

#include "core/frame_code.h"
#include "core/frame_pool.h"

using namespace kakehashi;

TEST_CASE("a pool lends its stock, refuses more, and takes frames back") {
  FramePool pool(PixelFormat::I420, 64, 36, 2);
  auto a = std::move(*pool.acquire()).publish();
  {
    auto b = pool.acquire();
    CHECK(b);
    CHECK_FALSE(pool.acquire());
    CHECK(pool.exhausted() == 1);
  }
  CHECK(pool.in_use() == 1);
  const auto* memory = a->plane(0).data;
  a = {};
  CHECK(pool.in_use() == 0);
  CHECK(std::move(*pool.acquire()).publish()->plane(0).data == memory);
}

TEST_CASE("planes are aligned and long enough for odd sizes") {
  for (const PixelFormat f : {PixelFormat::I420, PixelFormat::NV12, PixelFormat::Y42B,
                              PixelFormat::YUY2, PixelFormat::UYVY, PixelFormat::BGRx}) {
    FramePool pool(f, 33, 17, 1);
    const auto frame = std::move(*pool.acquire()).publish();
    for (int i = 0; i < plane_count(f); ++i) {
      CHECK(reinterpret_cast<std::uintptr_t>(frame->plane(i).data) % 64 == 0);
      CHECK(frame->plane(i).stride % 64 == 0);
    }
    CHECK(frame->plane(0).stride >= (f == PixelFormat::BGRx ? 33 * 4 : 33));
  }
}

TEST_CASE("a frame outlives its pool") {
  FramePtr survivor;
  {
    FramePool pool(PixelFormat::I420, 16, 16, 1);
    auto b = pool.acquire();
    b->plane(0)[0] = 99;
    survivor = std::move(*b).publish();
  }
  CHECK(survivor->plane(0).data[0] == 99);
}

TEST_CASE("many threads share one frame and the last one returns it") {
  FramePool pool(PixelFormat::I420, 16, 16, 4);
  for (int round = 0; round < 50; ++round) {
    FramePtr frame = std::move(*pool.acquire()).publish();
    std::vector<std::thread> readers;
    for (int i = 0; i < 4; ++i)
      readers.emplace_back([copy = frame] { CHECK(copy->width() == 16); });
    frame = {};
    for (auto& r : readers) r.join();
  }
  CHECK(pool.in_use() == 0);
}

TEST_CASE("a frame code is read back, also at half and a quarter of its size, and never guessed") {
  const int w = 1920, h = 1080;
  std::vector<std::uint8_t> luma(static_cast<std::size_t>(w) * h, 90);
  const Rect rect = frame_code_rect(w, h);
  const FrameCode code{123'456'789'012, 54'321, true};
  paint_frame_code(luma.data(), w, rect, code);

  for (const int div : {1, 2, 4}) {
    const int sw = w / div, sh = h / div;
    std::vector<std::uint8_t> small(static_cast<std::size_t>(sw) * sh);
    for (int y = 0; y < sh; ++y)
      for (int x = 0; x < sw; ++x)
        small[static_cast<std::size_t>(y * sw + x)] =
            luma[static_cast<std::size_t>(y * div * w + x * div)];
    const auto read = read_frame_code(small.data(), sw, sw, sh,
                                      {rect.x / div, rect.y / div, rect.w / div, rect.h / div});
    REQUIRE(read);
    CHECK(read->captured_us == code.captured_us);
    CHECK(read->number == code.number);
    CHECK(read->flash);
  }

  luma[static_cast<std::size_t>((rect.y + 2) * w)] = 0;  // outside the middle of a cell: still read
  CHECK(read_frame_code(luma.data(), w, w, h, rect));
  paint_frame_code(luma.data(), w, {rect.x, rect.y, rect.w / 2, rect.h},
                   code);  // half overwritten: refused
  CHECK_FALSE(read_frame_code(luma.data(), w, w, h, rect));
  CHECK_FALSE(read_frame_code(luma.data(), w, w, h, {w - 10, 0, rect.w, rect.h}));
}
