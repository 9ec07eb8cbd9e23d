// SPDX-License-Identifier: GPL-3.0-or-later
// The road from a source to the recording of it alone.
#include "station/iso_tap.h"

#include <doctest/doctest.h>

#include <vector>

#include "core/frame_pool.h"

using namespace kakehashi;

TEST_CASE("the tap: bounded, counted, and it never waits for a lane that takes nothing") {
  IsoTap tap;
  FramePool pool(PixelFormat::I420, 64, 36, 8);
  const auto picture = [&pool] { return std::move(*pool.acquire()).publish(); };
  for (int i = 0; i < 1000; ++i) tap.picture(picture());
  CHECK(pool.in_use() == static_cast<int>(IsoTap::kPictures));  // a device has few to lend
  CHECK(tap.pictures() == 1000);
  CHECK(tap.left_out() == 998);
  CHECK(tap.take_picture());
  CHECK(tap.take_picture());
  CHECK_FALSE(tap.take_picture());
  CHECK(pool.in_use() == 0);

  const std::vector<float> second(3 * 48'000, 0.5F);  // three channels: the first two are kept
  for (int i = 0; i < 10; ++i) tap.sound(second, 3, 48'000, MediaTime{i * 1'000'000'000LL});
  CHECK(tap.sounds_left_out() > 0);
  TappedSound piece;
  int pieces = 0;
  std::int64_t next = 0;
  for (; tap.take_sound(piece); ++pieces) {
    CHECK(piece.channels == 2);
    CHECK(piece.captured_ns == next);
    CHECK_FALSE(piece.broken);
    next += 5'000'000;
  }
  CHECK(pieces == static_cast<int>(IsoTap::kSounds));
  tap.sound(second, 3, 48'000, {});
  REQUIRE(tap.take_sound(piece));
  CHECK(piece.broken);  // what was left out is not hidden
  tap.close();
  tap.picture(picture());
  CHECK_FALSE(tap.take_picture());
}
