// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/video_loop.h"

#include <doctest/doctest.h>

#include "tests/station/hand_feed.h"
#include "tests/support/manual_clock.h"

using namespace kakehashi;
using kakehashi::testing::HandEvent;
using kakehashi::testing::ManualClock;

namespace {

struct Rig {
  explicit Rig(Rate rate = {30, 1}) {
    event.show.canvas.rate = rate;
    live = initial_state(event.show);
    event.publish(moment, live);
    loop.emplace(clock, epoch, event.show.canvas,
                 VideoLoop::Roads{moment, encoder, venue, venue_wanted});
    clock.wait_for_sleepers(1);
  }
  ~Rig() {
    clock.release();
    loop.reset();
  }
  // Time goes on to tick n at once; returns when the loop waits for the next one.
  void go_to(std::int64_t n) {
    clock.advance(epoch + event.show.canvas.rate.time_of(n) - clock.now());
    clock.wait_for_sleepers(1);
  }
  void wish(const Command& command) {
    auto next = apply(event.show, live, command, clock.now());
    REQUIRE(next);
    live = *next;
    event.publish(moment, live);
  }
  std::vector<std::int64_t> numbers() {
    std::vector<std::int64_t> out;
    while (auto picture = encoder.try_pop()) out.push_back(picture->number);
    return out;
  }

  ManualClock clock;
  const MediaTime epoch = clock.now();
  HandEvent event{epoch};
  LiveState live;
  Published<Moment> moment;
  BoundedQueue<ProgramPicture> encoder{4, WhenFull::Refuse};
  Mailbox<ProgramPicture> venue;
  std::atomic<bool> venue_wanted{false};
  std::optional<VideoLoop> loop;
};

using Numbers = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("each tick makes one picture with its number and its exact time") {
  const Rate ntsc{30000, 1001};
  Rig rig(ntsc);
  for (std::int64_t n = 1; n <= 300; ++n) {
    rig.event.show_pictures(rig.clock.now());
    rig.go_to(n);
    const auto picture = rig.encoder.try_pop();
    REQUIRE(picture);
    REQUIRE(picture->number == n);
    REQUIRE(picture->tick == rig.epoch + ntsc.time_of(n));
    REQUIRE_FALSE(rig.encoder.try_pop());
  }
  CHECK(rig.loop->ticks() == 300);
  CHECK(rig.loop->late_ticks() == 0);
}

TEST_CASE("nothing is made between two ticks") {
  Rig rig;
  rig.go_to(1);
  rig.clock.advance(Duration::milliseconds(33));
  rig.clock.wait_for_sleepers(1);
  CHECK(rig.numbers() == Numbers{1});
}

TEST_CASE("after a standstill pictures are left out and counted, not sent in a burst") {
  Rig rig;
  rig.go_to(1);
  rig.go_to(6);  // 2 is late; 3, 4 and 5 are left out; 6 is on time
  CHECK(rig.numbers() == Numbers{1, 2, 6});
  CHECK(rig.loop->late_ticks() == 4);
  rig.go_to(7);
  CHECK(rig.numbers() == Numbers{7});
  CHECK(rig.loop->late_ticks() == 4);
  CHECK(rig.loop->ticks() == 4);
}

TEST_CASE("an encoder that stands still costs pictures, never ticks") {
  Rig rig;
  for (std::int64_t n = 1; n <= 10; ++n) rig.go_to(n);
  CHECK(rig.loop->ticks() == 10);
  CHECK(rig.loop->late_ticks() == 0);
  CHECK(rig.encoder.counters().dropped == 6);
  CHECK(rig.numbers() == Numbers{1, 2, 3, 4});
  rig.go_to(11);
  CHECK(rig.numbers() == Numbers{11});
}

TEST_CASE("a cut between two ticks is whole on the very next one") {
  Rig rig;
  rig.event.show_pictures(rig.clock.now());
  rig.go_to(1);
  CHECK(HandEvent::luma(rig.encoder.try_pop()->frame) == 235);
  rig.clock.advance(Duration::milliseconds(33));
  rig.wish(Take{});
  rig.go_to(2);
  CHECK(HandEvent::luma(rig.encoder.try_pop()->frame) == 16);
}

TEST_CASE("a picture goes on while no camera delivers, with the stand-in after two seconds") {
  Rig rig;
  rig.event.show_pictures(rig.clock.now());
  std::optional<ProgramPicture> last;
  for (std::int64_t n = 1; n <= 61; ++n) {
    rig.go_to(n);
    last = rig.encoder.try_pop();
    REQUIRE(last);
    if (n < 60) REQUIRE(HandEvent::luma(last->frame) == 235);
  }
  CHECK(HandEvent::luma(last->frame) < 100);
  CHECK(HandEvent::luma(last->frame) > 16);
}

TEST_CASE("the hall and the desks get pictures only while somebody looks") {
  Rig rig;
  rig.go_to(1);
  CHECK(rig.venue.put_count() == 0);
  rig.venue_wanted = true;
  rig.go_to(2);
  rig.go_to(3);
  CHECK(rig.venue.take()->number == 3);
  CHECK(rig.venue.replaced_count() == 1);
}

TEST_CASE("device buffers are given back at the end of the tick") {
  Rig rig;
  FramePool device(PixelFormat::I420, 64, 36, 1);
  auto builder = device.acquire();
  REQUIRE(builder);
  builder->info().captured = rig.clock.now();
  rig.event.feeds[1]->video().push(std::move(*builder).publish());  // black is not on program
  rig.go_to(1);
  CHECK(device.in_use() == 1);  // the feed itself keeps it to repeat it
  rig.event.feeds[1]->video().clear();
  CHECK(device.in_use() == 0);
}
