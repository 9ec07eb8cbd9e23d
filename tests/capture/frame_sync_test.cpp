// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/frame_sync.h"

#include <doctest/doctest.h>

#include <cstring>

#include <thread>

#include "capture/frame_copy.h"
#include "core/frame_pool.h"

using namespace kakehashi;

namespace {

MediaTime ms(std::int64_t v) { return {v * 1'000'000}; }

struct Stock {
  FramePool pool{PixelFormat::I420, 64, 64, 64};
  std::uint64_t sequence = 0;
  FramePtr at(MediaTime captured) {
    auto f = pool.acquire();
    REQUIRE(f);
    f->info().captured = captured;
    f->info().sequence = sequence++;
    return std::move(*f).publish();
  }
};

}  // namespace

TEST_CASE("the tick gets the newest picture that was captured before it") {
  Stock stock;
  FrameSync sync(Duration{});
  CHECK_FALSE(sync.at(ms(100)).frame);
  sync.push(stock.at(ms(100)));
  sync.push(stock.at(ms(110)));
  sync.push(stock.at(ms(130)));
  PictureAt got = sync.at(ms(120));
  REQUIRE(got.frame);
  CHECK(got.fresh);
  CHECK(got.frame->info().captured == ms(110));
  CHECK(sync.dropped() == 1);  // the one of 100 ms was passed by
  got = sync.at(ms(129));
  CHECK_FALSE(got.fresh);
  CHECK(got.frame->info().captured == ms(110));
  CHECK(sync.repeated() == 1);
  got = sync.at(ms(130));
  CHECK(got.fresh);
  CHECK(got.frame->info().captured == ms(130));
}

TEST_CASE("a source faster than the program loses its oldest pictures, not its newest") {
  Stock stock;
  FrameSync sync(Duration{});
  for (int i = 0; i < 10; ++i) sync.push(stock.at(ms(i)));
  CHECK(sync.captured() == 10);
  CHECK(sync.dropped() == 7);
  CHECK(sync.at(ms(50)).frame->info().captured == ms(9));
  CHECK(stock.pool.in_use() == 1);
}

TEST_CASE("a delayed source shows every picture, later by its delay") {
  Stock stock;
  FrameSync sync(Duration::milliseconds(500));
  int fresh = 0;
  for (int n = 0; n < 90; ++n) {
    sync.push(stock.at(ms(n * 33)));
    const PictureAt got = sync.at(ms(n * 33 + 5));
    if (!got.frame) continue;
    if (got.fresh) ++fresh;
    CHECK((ms(n * 33 + 5) - got.frame->info().captured).ns >= Duration::milliseconds(500).ns);
    CHECK((ms(n * 33 + 5) - got.frame->info().captured).ns < Duration::milliseconds(540).ns);
  }
  CHECK(fresh == 90 - 15);  // picture 0 is due when picture 15 arrives
  CHECK(sync.dropped() == 0);
}

TEST_CASE("a picture that arrived later than it was captured is there from then on") {
  Stock stock;
  FrameSync sync(Duration{});
  sync.push(stock.at(ms(100)), ms(125));
  sync.push(stock.at(ms(117)), ms(142));  // the second field of a pair: meant for later
  CHECK_FALSE(sync.at(ms(124)).frame);
  CHECK_FALSE(sync.newest(ms(124)));
  CHECK(sync.at(ms(125)).frame->info().captured == ms(100));
  CHECK(sync.newest(ms(141))->info().captured == ms(100));
  CHECK(sync.at(ms(142)).frame->info().captured == ms(117));
  CHECK(sync.dropped() == 0);
  FrameSync delayed(Duration::milliseconds(50));  // the later of the two holds
  delayed.push(stock.at(ms(100)), ms(125));
  CHECK_FALSE(delayed.at(ms(149)).frame);
  CHECK(delayed.at(ms(150)).frame);
}

TEST_CASE("a picture is held for two seconds, then the input is dark and its buffer given back") {
  Stock stock;
  FrameSync sync(Duration{});
  sync.push(stock.at(ms(1000)));
  CHECK(sync.at(ms(1000)).frame);
  CHECK(sync.at(ms(3000)).frame);
  CHECK(sync.newest(ms(3000)));
  CHECK_FALSE(sync.newest(ms(3001)));
  CHECK_FALSE(sync.at(ms(3001)).frame);
  CHECK(stock.pool.in_use() == 0);
}

TEST_CASE("newest does not take part in the counters") {
  Stock stock;
  FrameSync sync(Duration{});
  sync.push(stock.at(ms(10)));
  for (int i = 0; i < 5; ++i) CHECK(sync.newest(ms(20))->info().captured == ms(10));
  CHECK(sync.repeated() == 0);
  CHECK(sync.figures(ms(20)).age_p50.ns == 0);
  CHECK(sync.at(ms(20)).fresh);
  CHECK(sync.figures(ms(20)).age_p50 == Duration::milliseconds(10));
}

TEST_CASE("clearing gives every picture back; what was shown stays as a copy until it is too old") {
  Stock stock;
  FrameSync sync(Duration{});
  sync.push(stock.at(ms(1)));
  CHECK(sync.at(ms(2)).frame);
  sync.push(stock.at(ms(3)));
  CHECK(stock.pool.in_use() == 2);
  sync.clear();
  CHECK(stock.pool.in_use() == 0);
  const PictureAt held = sync.at(ms(4));
  REQUIRE(held.frame);
  CHECK_FALSE(held.fresh);
  CHECK(held.frame->info().captured == ms(1));
  CHECK(sync.at(ms(2001)).frame);
  CHECK_FALSE(sync.at(ms(2002)).frame);
  sync.clear();
  CHECK_FALSE(sync.at(ms(2003)).frame);
}

TEST_CASE("a copy is the same picture in every format and odd size") {
  for (const PixelFormat format : {PixelFormat::I420, PixelFormat::NV12, PixelFormat::Y42B,
                                   PixelFormat::YUY2, PixelFormat::UYVY, PixelFormat::BGRx}) {
    CAPTURE(static_cast<int>(format));
    FramePool pool(format, 35, 21, 1);
    FrameBuilder builder = std::move(*pool.acquire());
    const int lines[] = {21, format == PixelFormat::Y42B ? 21 : 11, 0};
    for (int p = 0; p < plane_count(format); ++p)
      for (int i = 0; i < builder.stride(p) * lines[std::min(p, 1)]; ++i)
        builder.plane(p)[i] = static_cast<std::uint8_t>(i * 7 + p);
    builder.info().captured = ms(5);
    builder.info().aspect_numerator = 16;
    const FramePtr frame = std::move(builder).publish(), copy = copy_of(*frame);
    CHECK(copy->info().captured == ms(5));
    CHECK(copy->info().aspect_numerator == 16);
    CHECK(copy->info().format == format);
    for (int p = 0; p < plane_count(format); ++p)
      for (int y = 0; y < lines[std::min(p, 1)]; ++y) {
        const std::size_t bytes = format == PixelFormat::BGRx                                  ? 140
                                  : format == PixelFormat::YUY2 || format == PixelFormat::UYVY ? 72
                                  : p == 0                                                     ? 35
                                                                                               : 18;
        const auto line = [&](const FramePtr& f) {
          return f->plane(p).data + static_cast<std::ptrdiff_t>(y) * f->plane(p).stride;
        };
        CHECK(std::memcmp(line(frame), line(copy), bytes) == 0);
      }
  }
}

TEST_CASE("a picture later than 300 ms beyond the wanted delay counts as late") {
  Stock stock;
  FrameSync sync(Duration::milliseconds(100));
  sync.push(stock.at(ms(0)));
  CHECK(sync.at(ms(100)).frame);
  CHECK(sync.at(ms(400)).frame);
  CHECK(sync.late() == 0);
  CHECK(sync.at(ms(401)).frame);
  CHECK(sync.at(ms(434)).frame);
  CHECK(sync.late() == 2);
}

TEST_CASE("a source, the mixer and a preview may use it at once") {
  Stock stock;
  FrameSync sync(Duration{});
  std::thread source([&] {
    sync.follow_pace(true);
    for (int i = 0; i < 3000; ++i) sync.push(stock.at(ms(i)), ms(i));
  });
  std::int64_t last = -1;
  bool backwards = false;
  for (int i = 0; i < 3000; ++i) {
    const PictureAt got = sync.at(ms(i));
    if (got.frame) {
      if (got.frame->info().captured.ns < last) backwards = true;
      last = got.frame->info().captured.ns;
    }
    (void)sync.newest(ms(i));
    (void)sync.cadence();
    if (i % 50 == 0) (void)sync.figures(ms(i));
  }
  source.join();
  CHECK_FALSE(backwards);
  CHECK(sync.captured() == 3000);
}
