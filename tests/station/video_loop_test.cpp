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
                 VideoLoop::Roads{moment, encoder, venue, watched});
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
    publish();
  }
  void publish() {
    moment.store(std::make_shared<const Moment>(Moment{event.stage(), live, clean}));
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
  Mailbox<TickPictures> venue;
  std::atomic<BusSet> watched{0};
  std::shared_ptr<BoundedQueue<ProgramPicture>> clean;
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
  rig.watched = bus_bit(Bus::Program);
  rig.go_to(2);
  rig.go_to(3);
  CHECK(rig.venue.take()->number == 3);
  CHECK(rig.venue.replaced_count() == 1);
}

TEST_CASE("the hall's bus may show another scene; what nobody watches is not made") {
  Rig rig;
  rig.wish(SetBusScene{Bus::Venue, "black"});
  rig.watched = bus_bit(Bus::Venue) | bus_bit(Bus::Aux);
  rig.event.show_pictures(rig.clock.now());
  rig.go_to(1);
  const auto program = rig.encoder.try_pop();
  auto outside = rig.venue.take();
  REQUIRE(outside);
  CHECK(outside->number == 1);
  CHECK(outside->tick == program->tick);
  CHECK(HandEvent::luma(program->frame) == 235);
  CHECK(HandEvent::luma(outside->frame[static_cast<std::size_t>(Bus::Venue)]) == 16);
  CHECK(outside->frame[static_cast<std::size_t>(Bus::Aux)] == program->frame);
  CHECK_FALSE(outside->frame[static_cast<std::size_t>(Bus::Program)]);
  CHECK_FALSE(outside->frame[static_cast<std::size_t>(Bus::Clean)]);
  rig.wish(EmergencyOn{});
  rig.go_to(2);
  outside = rig.venue.take();
  CHECK(outside->frame[static_cast<std::size_t>(Bus::Venue)] == rig.encoder.try_pop()->frame);
}

TEST_CASE("clean pictures go to their own road while there is one") {
  Rig rig;
  rig.event.show_pictures(rig.clock.now());
  rig.go_to(1);
  rig.clean = std::make_shared<BoundedQueue<ProgramPicture>>(4, WhenFull::Refuse);
  rig.publish();
  rig.go_to(2);
  const auto clean = rig.clean->try_pop();
  REQUIRE(clean);
  CHECK(clean->number == 2);
  CHECK_FALSE(rig.clean->try_pop());
  (void)rig.encoder.try_pop();
  CHECK(clean->frame == rig.encoder.try_pop()->frame);  // nothing lies over it: the same picture
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
