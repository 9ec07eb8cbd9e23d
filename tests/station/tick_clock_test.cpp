// SPDX-License-Identifier: GPL-3.0-or-later
// Soft genlock in virtual time: cameras with a crystal, jitter and spikes, the road they come by,
// and the clock that follows them.
#include "station/tick_clock.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "capture/frame_sync.h"
#include "core/frame_pool.h"
#include "tests/support/pretend_camera.h"

using namespace kakehashi;
using kakehashi::testing::PretendCamera;

namespace {

constexpr MediaTime kEpoch{1'000'000'000};

struct Tick {
  MediaTime time;
  std::int64_t number = 0;
  std::int64_t picture = -1;  // of the camera looked at
  double age_ms = 0;
  bool locked = false, nominal = false;
};

struct Figures {
  double mean_ms = 0, p95_ms = 0;
  int repeated = 0, dropped = 0;
};
// Of the ticks from `first` on.
Figures figures(const std::vector<Tick>& ticks, std::size_t first = 0) {
  Figures f;
  std::vector<double> ages;
  for (std::size_t i = first; i < ticks.size(); ++i) {
    ages.push_back(ticks[i].age_ms);
    f.mean_ms += ticks[i].age_ms;
    if (i == first) continue;
    const auto step = ticks[i].picture - ticks[i - 1].picture;
    if (step == 0) ++f.repeated;
    if (step > 1) f.dropped += static_cast<int>(step - 1);
  }
  f.mean_ms /= static_cast<double>(ages.size());
  std::sort(ages.begin(), ages.end());
  f.p95_ms = ages[ages.size() * 95 / 100];
  return f;
}

// One camera on its road.
struct Arriving {
  explicit Arriving(PretendCamera c) : camera(c) {
    sync.follow_pace(true);
    next = camera.arrived(0);
  }
  // What a thread of the camera hands over until `now`.
  void until(MediaTime now) {
    while (next <= now) {
      if (!dead && !(lost != 0 && k % lost == 0)) {
        auto f = pool.acquire();
        REQUIRE(f);
        f->info().captured = camera.captured(k);
        f->info().sequence = static_cast<std::uint64_t>(k);
        sync.push(std::move(*f).publish(), next);
      }
      next = std::max(camera.arrived(++k), next);
    }
  }
  PretendCamera camera;
  FrameSync sync{Duration{}};
  FramePool pool{PixelFormat::I420, 16, 16, 16};
  std::int64_t k = 0, lost = 0;
  MediaTime next;
  bool dead = false;
};

struct Sim {
  explicit Sim(Rate r) : rate(r), clock(kEpoch, r, kEpoch) {}

  Arriving& add(PretendCamera c) {
    cameras.push_back(std::make_unique<Arriving>(c));
    return *cameras.back();
  }
  std::vector<Tick> run(double seconds, std::size_t on_air = 0, bool genlock = true) {
    std::vector<Tick> out;
    const MediaTime end = clock.time() + Duration::from_seconds(seconds);
    while (clock.time() < end) {
      Tick t;
      t.time = clock.time();
      t.number = clock.number();
      for (std::size_t i = 0; i < cameras.size(); ++i) {
        cameras[i]->until(t.time);
        const PictureAt got = cameras[i]->sync.at(t.time);
        if (i != on_air || !got.frame) continue;
        t.picture = static_cast<std::int64_t>(got.frame->info().sequence);
        t.age_ms = (t.time - got.frame->info().captured).to_milliseconds();
      }
      clock.advance({genlock, cameras[on_air]->sync.cadence()});
      t.locked = clock.locked();
      t.nominal = clock.nominal();
      out.push_back(t);
    }
    return out;
  }

  Rate rate;
  TickClock clock;
  std::vector<std::unique_ptr<Arriving>> cameras;
};

PretendCamera camera(double per_second, double phase_ms = 0, double ppm = 0) {
  PretendCamera c;
  c.per_second = per_second;
  c.phase = Duration::from_seconds(phase_ms * 1e-3);
  c.ppm = ppm;
  return c;
}

double gap_ms(const Tick& a, const Tick& b) { return (b.time - a.time).to_milliseconds(); }

}  // namespace

TEST_CASE("free: each tick is exactly on its grid") {
  for (const Rate rate : {Rate{30, 1}, Rate{30000, 1001}, Rate{60000, 1001}, Rate{25, 1}}) {
    TickClock clock(kEpoch, rate, kEpoch + Duration::milliseconds(1234));
    const std::int64_t first = rate.index_at(Duration::milliseconds(1234)) + 1;
    for (std::int64_t n = first; n < first + 2000; ++n) {
      REQUIRE(clock.number() == n);
      REQUIRE(clock.time() == kEpoch + rate.time_of(n));
      clock.advance({});
    }
  }
}

TEST_CASE("a locked tick meets young pictures and none is repeated or dropped in nine minutes") {
  struct Case {
    std::string name;
    Rate program;
    double per_second, ppm;
  };
  for (const Case& k :
       {Case{"30.00 + 60 ppm at 30", {30, 1}, 30, 60},
        Case{"29.97 at 30", {30, 1}, 30000 / 1001.0, 0},
        Case{"30 at 29.97", {30000, 1001}, 30, -40},
        Case{"59.94 at 60", {60, 1}, 60000 / 1001.0, 0}, Case{"25 at 25", {25, 1}, 25, 100}}) {
    CAPTURE(k.name);
    Sim free(k.program), locked(k.program);
    free.add(camera(k.per_second, 10, k.ppm));
    locked.add(camera(k.per_second, 10, k.ppm));
    const auto at_ease = free.run(540, 0, false);
    const auto ticks = locked.run(540);
    const auto settle = static_cast<std::size_t>(3 * k.program.per_second());
    const Figures f = figures(at_ease, settle), l = figures(ticks, settle);
    MESSAGE(k.name << ": free mean " << f.mean_ms << " p95 " << f.p95_ms << " ms, " << f.repeated
                   << " repeated " << f.dropped << " dropped; locked mean " << l.mean_ms << " p95 "
                   << l.p95_ms << " ms, " << l.repeated << " repeated " << l.dropped << " dropped");
    CHECK(l.mean_ms < 9);
    CHECK(l.p95_ms < 10);
    CHECK(l.repeated == 0);
    CHECK(l.dropped == 0);
    CHECK(f.mean_ms > l.mean_ms + (k.program.per_second() > 40 ? 2 : 8));
    for (std::size_t i = settle; i < ticks.size(); ++i) REQUIRE(ticks[i].locked);
    for (std::size_t i = 1; i < ticks.size(); ++i)
      REQUIRE(ticks[i].number == ticks[i - 1].number + 1);
  }
}

TEST_CASE("a clean camera earns a smaller guard") {
  Sim sim({30, 1});
  PretendCamera c = camera(30, 10, 20);
  c.sigma_ms = 0.1;
  c.spikes = 0;
  sim.add(c);
  const auto ticks = sim.run(400);
  const Figures late = figures(ticks, 30 * 300);
  CHECK(late.mean_ms < 3);
  CHECK(late.repeated + late.dropped == 0);
  CHECK(figures(ticks, 90).repeated == 0);
}

TEST_CASE("twice and half the program's rate are followed as well") {
  for (const double rate : {60.0, 60000 / 1001.0, 15.0}) {
    CAPTURE(rate);
    Sim sim({30, 1});
    sim.add(camera(rate, 3, 30));
    const auto ticks = sim.run(120);
    const Figures f = figures(ticks, 150);
    CHECK(ticks.back().locked);
    CHECK(f.mean_ms < (rate < 20 ? 28 : 9));
    const auto made = static_cast<int>(ticks.size()) - 150;
    if (rate > 40) {  // every second one, always
      CHECK(f.repeated == 0);
      CHECK(std::abs(f.dropped - made) <= 2);
    } else {  // each twice
      CHECK(f.dropped == 0);
      CHECK(std::abs(f.repeated - made / 2) <= 2);
    }
  }
}

TEST_CASE("a camera of another rate is not followed: the tick stays exactly nominal") {
  for (const double rate : {25.0, 50.0, 24.0, 30.3, 29.7}) {
    CAPTURE(rate);
    Sim sim({30, 1});
    sim.add(camera(rate));
    const auto ticks = sim.run(60);
    for (const Tick& t : ticks) {
      REQUIRE(t.nominal);
      REQUIRE(t.time == kEpoch + sim.rate.time_of(t.number));
    }
  }
  Sim sim({30, 1});
  sim.add(camera(25));
  const Figures f = figures(sim.run(540), 90);
  CHECK(f.repeated >= 2650);  // five a second
  CHECK(f.repeated <= 2750);
  CHECK(f.mean_ms < 25);
}

TEST_CASE("after a cut the tick is in phase within a second and nothing is repeated") {
  for (int i = 0; i < 26; ++i) {
    const int rate = i % 2 == 0 ? 30 : 60;
    const double phase = i * 1000.0 / rate / 26;
    CAPTURE(rate);
    CAPTURE(phase);
    Sim sim({rate, 1});
    sim.add(camera(rate, 5, 40));
    PretendCamera other = camera(rate, 5 + phase, -70);
    other.random.seed(17);
    sim.add(other);
    const auto before = sim.run(10, 0);
    REQUIRE(before.back().locked);
    const auto after = sim.run(10, 1);
    CHECK(figures(after).repeated == 0);
    CHECK(figures(after).dropped <= 1);  // the way round by slower ticks passes one picture
    const auto second = static_cast<std::size_t>(rate);
    for (std::size_t k = second; k < after.size(); ++k) REQUIRE(after[k].locked);
    CHECK(figures(after, second).mean_ms < 9);
    for (std::size_t k = 1; k < after.size(); ++k)
      REQUIRE(std::abs(gap_ms(after[k - 1], after[k]) * rate / 1000 - 1) < 0.021);
  }
}

TEST_CASE("a camera that dies in mid-lock: ticks go on evenly and come back to the grid") {
  Sim sim({30, 1});
  Arriving& dying = sim.add(camera(30000 / 1001.0, 12));
  const auto before = sim.run(60);
  REQUIRE(before.back().locked);
  dying.dead = true;
  const auto after = sim.run(10);
  for (std::size_t i = 1; i < after.size(); ++i)
    REQUIRE(std::abs(gap_ms(after[i - 1], after[i]) - 1000 / 30.0) < 33.4 * 0.011);
  for (int i = 10; i < 60; ++i)  // the last pace is held
    CHECK(gap_ms(after[static_cast<std::size_t>(i - 1)], after[static_cast<std::size_t>(i)]) ==
          doctest::Approx(1001 / 30.0).epsilon(0.0003));
  REQUIRE(after.back().nominal);
  CHECK((after.back().time - kEpoch).ns ==
        sim.rate.time_of(sim.rate.index_at(after.back().time - kEpoch)).ns);
  CHECK(after.back().number ==
        before.front().number + static_cast<std::int64_t>(before.size() + after.size()) - 1);
  dying.dead = false;  // and is followed again when it is back
  const auto again = sim.run(10);
  CHECK(again.back().locked);
  CHECK(figures(again, 150).repeated == 0);
}

TEST_CASE("some lost pictures do not unlock") {
  Sim sim({30, 1});
  Arriving& c = sim.add(camera(30, 12));
  (void)sim.run(10);
  c.lost = 9;
  for (const Tick& t : sim.run(30)) REQUIRE(t.locked);
}

TEST_CASE("switched off, the ticks slide back to the nominal grid at once and are exact again") {
  Sim sim({30, 1});
  sim.add(camera(30, 12, 200));
  (void)sim.run(20);
  const auto after = sim.run(10, 0, false);
  for (std::size_t i = 1; i < after.size(); ++i)
    REQUIRE(std::abs(gap_ms(after[i - 1], after[i]) - 1000 / 30.0) < 33.4 * 0.006);
  std::size_t first = 0;
  while (first < after.size() && !after[first].nominal) ++first;
  CHECK(first < 30 * 6);
  for (std::size_t i = first + 2; i < after.size(); ++i)
    REQUIRE(after[i].time == kEpoch + sim.rate.time_of(sim.rate.index_at(after[i].time - kEpoch)));
}

TEST_CASE("eight hours behind a 29.97 camera: pictures stay by their tick, numbers count on") {
  Sim sim({30, 1});
  sim.add(camera(30000 / 1001.0, 4, 5));
  std::int64_t repeated = 0, dropped = 0, made = 0;
  for (int hour = 0; hour < 8; ++hour) {
    const auto ticks = sim.run(3600);
    const Figures f = figures(ticks, hour == 0 ? 90 : 0);
    repeated += f.repeated;
    dropped += f.dropped;
    made += static_cast<std::int64_t>(ticks.size());
    CHECK(f.mean_ms < 9);
  }
  CHECK(repeated <= 8 * 5);  // spikes worse than any of the two minutes before them
  CHECK(dropped <= 8 * 5);
  // 28.8 s fewer than the number says: what a time made from the number would be wrong by.
  const double by_number = sim.rate.time_of(sim.clock.number()).to_seconds();
  CHECK((sim.clock.time() - kEpoch).to_seconds() - by_number ==
        doctest::Approx(28.8).epsilon(0.01));
  CHECK(sim.clock.number() == made + 1);
}

TEST_CASE("late ticks are left out, not sent in a burst, also while following") {
  Sim sim({30, 1});
  sim.add(camera(30, 12, 100));
  (void)sim.run(10);
  const MediaTime due = sim.clock.time();
  const std::int64_t number = sim.clock.number();
  CHECK(sim.clock.leave_out(due - Duration::milliseconds(1)) == 0);
  CHECK(sim.clock.leave_out(due) == 1);
  CHECK(sim.clock.time() == due);
  CHECK(sim.clock.leave_out(due + Duration::milliseconds(110)) == 4);
  CHECK(sim.clock.number() == number + 3);
  CHECK((sim.clock.time() - due).to_milliseconds() == doctest::Approx(100).epsilon(0.001));
}
