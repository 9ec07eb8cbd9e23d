// SPDX-License-Identifier: GPL-3.0-or-later
// Fifty random lives of one input beside a healthy one: no tick is lost, and the healthy one loses
// no picture. The loop's time is in the test's hand; the dying input has threads of its own.
#include <doctest/doctest.h>

#include <random>

#include "capture/kept_feed.h"
#include "station/video_loop.h"
#include "tests/station/hand_feed.h"
#include "tests/support/manual_clock.h"
#include "tests/support/pretend_device.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;

TEST_CASE("fifty random lives: every tick is delivered, the other input's every picture is shown") {
  for (unsigned seed = 1; seed <= 50; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    ManualClock clock;
    const MediaTime epoch = clock.now();
    HandEvent event(epoch);
    PretendDevice device;
    device.period = Duration::milliseconds(1);
    device.mood = static_cast<Mood>(pick(kMoods));
    FeedConfig config;
    config.input = event.show.inputs[0];
    config.spec = SourceSpec{"camera", {}};
    config.canvas = event.show.canvas;
    config.epoch = epoch;
    config.clock = &clock;
    config.times.poll = 1ms;
    config.times.opening = config.times.answering = config.times.closing = 5ms;
    config.times.back_off = {1ms, 2ms, 3ms};
    config.times.next_format = 1ms;
    auto dying = std::make_shared<KeptFeed>(config, device.kind());
    event.show.inputs[0].backup = "black";
    auto stage = std::make_shared<Stage>(*event.stage());
    stage->feeds[0] = dying;

    Published<Moment> moment;
    BoundedQueue<ProgramPicture> encoder{4, WhenFull::Refuse};
    Mailbox<TickPictures> venue;
    const std::atomic<BusSet> watched{bus_bit(Bus::Venue)};
    moment.store(std::make_shared<const Moment>(Moment{stage, initial_state(event.show)}));
    std::optional<VideoLoop> loop;
    loop.emplace(clock, epoch, event.show.canvas,
                 VideoLoop::Roads{moment, encoder, venue, watched});
    clock.wait_for_sleepers(1);
    FrameSync& healthy = event.feeds[1]->video();
    for (std::int64_t n = 1; n <= 60; ++n) {
      if (pick(6) == 0) device.mood = static_cast<Mood>(pick(kMoods));
      if (pick(10) == 0) device.closing_hangs = pick(2) == 0;
      if (pick(12) == 0) dying->wake();
      if (pick(15) == 0) {
        device.let_go();
        device.hold();
      }
      healthy.push(HandEvent::solid(clock.now(), 0));
      clock.advance(epoch + event.show.canvas.rate.time_of(n) - clock.now());
      clock.wait_for_sleepers(1);
      const auto picture = encoder.try_pop();
      REQUIRE(picture);
      REQUIRE(picture->number == n);
      REQUIRE(picture->frame);
      (void)dying->status(clock.now());
      std::this_thread::sleep_for(500us);  // lets the dying one live; nothing depends on how long
    }
    CHECK(loop->ticks() == 60);
    CHECK(loop->late_ticks() == 0);
    CHECK(healthy.captured() == 60);
    CHECK(healthy.repeated() == 0);
    CHECK(healthy.dropped() == 0);
    clock.release();
    loop.reset();
    device.let_go();
    device.closing_hangs = false;
    moment.store(nullptr);
    stage.reset();
    dying.reset();
    REQUIRE(wait_until([&] { return device.at_rest(); }));
  }
}
