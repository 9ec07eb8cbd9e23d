// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/genlock.h"

#include <doctest/doctest.h>

#include "station/video_loop.h"
#include "tests/station/hand_feed.h"
#include "tests/support/manual_clock.h"

using namespace kakehashi;
using kakehashi::testing::HandEvent;
using kakehashi::testing::ManualClock;

namespace {

Layer layer(const char* input, Rect rect, double opacity = 1) {
  Layer l;
  l.input = input;
  l.rect = rect;
  l.opacity = opacity;
  return l;
}

struct Chosen {
  Show show;
  LiveState live;
  std::vector<std::uint8_t> moves{1, 1, 1};
  Chosen() {
    for (const char* id : {"wide", "close", "slides"}) {
      Input i;
      i.id = id;
      show.inputs.push_back(i);
    }
    Scene scene;
    scene.id = "talk";
    show.scenes.push_back(scene);
    live.program = "talk";
  }
  int of(std::vector<Layer> layers) {
    show.scenes[0].layers = std::move(layers);
    const auto i = genlock_input(show, live, moves);
    return i ? static_cast<int>(*i) : -1;
  }
};

}  // namespace

TEST_CASE("the tick follows the largest moving camera of the scene on program") {
  Chosen c;
  const Rect all{0, 0, 1920, 1080}, inset{1400, 60, 480, 270};
  CHECK(c.of({layer("wide", all)}) == 0);
  CHECK(c.of({layer("wide", inset), layer("close", all)}) == 1);
  CHECK(c.of({layer("close", all), layer("wide", all)}) == 1);  // equals: the first
  CHECK(c.of({layer("wide", {-1900, 0, 1920, 1080}), layer("close", inset)}) == 1);  // seen area
  CHECK(c.of({layer("wide", all, 0), layer("close", inset)}) == 1);
  CHECK(c.of({layer("nobody", all)}) == -1);
  CHECK(c.of({}) == -1);
  c.moves = {0, 1, 0};
  CHECK(c.of({layer("slides", all), layer("close", inset)}) == 1);
  CHECK(c.of({layer("wide", all), layer("slides", inset)}) == -1);
  c.moves = {};
  CHECK(c.of({layer("wide", all)}) == -1);
}

TEST_CASE("cards and the emergency follow nobody") {
  Chosen c;
  const std::vector<Layer> whole{layer("wide", {0, 0, 1920, 1080})};
  c.live.emergency = true;
  CHECK(c.of(whole) == -1);
  c.live.emergency = false;
  c.show.scenes[0].card = "break";
  CHECK(c.of(whole) == -1);
  c.show.scenes[0].card.clear();
  c.live.program = "gone";
  CHECK(c.of(whole) == -1);
}

namespace {

// The loop under a clock in the hand, with one camera 100 ppm fast that comes 12 ms after the tick.
struct Rig {
  Rig() {
    live = initial_state(event.show);
    live.genlock = true;
    event.feeds[0]->video().follow_pace(true);
    auto s = std::make_shared<Stage>(*event.stage());
    s->grid = grid;
    stage = s;
    publish();
    loop.emplace(clock, epoch, event.show.canvas,
                 VideoLoop::Roads{moment, encoder, venue, watched});
    clock.wait_for_sleepers(1);
  }
  ~Rig() {
    clock.release();
    loop.reset();
  }
  void publish() { moment.store(std::make_shared<const Moment>(Moment{stage, live})); }
  void run(double seconds) {
    const MediaTime end = clock.now() + Duration::from_seconds(seconds);
    while (clock.now() < end) {
      clock.advance(Duration::microseconds(500));
      clock.wait_for_sleepers(1);
      if (clock.now() >= next) {
        event.feeds[0]->video().push(HandEvent::solid(next, 0xFFFFFF), next);
        next = next + Duration::nanoseconds(33'330'000);
      }
      while (auto p = encoder.try_pop()) pictures.push_back(*p);
    }
  }

  ManualClock clock;
  const MediaTime epoch = clock.now();
  HandEvent event{epoch};
  std::shared_ptr<TickGrid> grid = std::make_shared<TickGrid>(epoch, Rate{30, 1});
  std::shared_ptr<const Stage> stage;
  LiveState live;
  Published<Moment> moment;
  BoundedQueue<ProgramPicture> encoder{4, WhenFull::Refuse};
  Mailbox<TickPictures> venue;
  std::atomic<BusSet> watched{0};
  MediaTime next = epoch + Duration::milliseconds(12);
  std::vector<ProgramPicture> pictures;
  std::optional<VideoLoop> loop;
};

}  // namespace

TEST_CASE("the loop follows its camera, says so, and every picture carries its own tick") {
  Rig rig;
  rig.run(6);
  GenlockStatus s = rig.loop->genlock().status(*rig.moment.load());
  CHECK(s.wanted);
  CHECK(s.locked);
  CHECK(s.input == "white");
  CHECK(s.phase_ms == doctest::Approx(7).epsilon(0.1));
  CHECK(s.ppm == doctest::Approx(100).epsilon(0.05));
  REQUIRE(rig.pictures.size() > 150);
  for (std::size_t i = 1; i < rig.pictures.size(); ++i) {
    const auto &a = rig.pictures[i - 1], &b = rig.pictures[i];
    REQUIRE(b.number == a.number + 1);
    REQUIRE(b.pts == b.tick - rig.epoch);
    REQUIRE(std::abs((b.tick - a.tick).to_milliseconds() - 33.33) < 0.7);
  }
  // Not nominal any more, and the paced sources are told: the next tick is where the grid says.
  const auto& last = rig.pictures.back();
  CHECK(last.pts != rig.event.show.canvas.rate.time_of(last.number));
  const MediaTime coming = rig.grid->after(last.tick);
  rig.run(0.05);
  CHECK(std::abs((rig.pictures.back().tick - coming).to_milliseconds()) < 0.1);
}

TEST_CASE("not wanted, nothing moves") {
  Rig rig;
  rig.live.genlock = false;
  rig.publish();
  rig.run(4);
  const GenlockStatus s = rig.loop->genlock().status(*rig.moment.load());
  CHECK_FALSE(s.wanted);
  CHECK_FALSE(s.locked);
  CHECK(s.input.empty());
  for (const auto& p : rig.pictures) REQUIRE(p.pts == rig.event.show.canvas.rate.time_of(p.number));
}

TEST_CASE("the grid: nominal exactly, moved as told") {
  const MediaTime epoch{5'000'000'000};
  TickGrid grid(epoch, {30000, 1001});
  const Rate rate{30000, 1001};
  for (std::int64_t n : {0, 1, 2, 1000, 123456}) {
    const MediaTime t = epoch + rate.time_of(n);
    CHECK(grid.at_or_before(t) == t);
    CHECK(grid.at_or_before(t + Duration::milliseconds(20)) == t);
    CHECK(grid.after(t) == epoch + rate.time_of(n + 1));
    CHECK(grid.again(t) == t);
  }
  grid.move(MediaTime{9'000'000'000}, Duration::microseconds(33'300));
  CHECK(grid.at_or_before(MediaTime{9'000'000'000}).ns == 9'000'000'000);
  CHECK(grid.at_or_before(MediaTime{8'999'999'999}).ns == 9'000'000'000 - 33'300'000);
  CHECK(grid.after(MediaTime{9'000'500'000}).ns == 9'033'300'000);  // it has moved a little
  grid.nominal();
  CHECK(grid.at_or_before(epoch) == epoch);
}
