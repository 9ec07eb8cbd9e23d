// SPDX-License-Identifier: GPL-3.0-or-later
// What a tick shows of a camera at its own pace: minutes of virtual time, jitter of a real one.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <vector>

#include "capture/frame_sync.h"
#include "core/frame_pool.h"
#include "tests/support/pretend_camera.h"

using namespace kakehashi;
using kakehashi::testing::PretendCamera;

namespace {

struct Shown {
  std::vector<std::int64_t> pictures;  // by tick
  std::vector<double> ages_ms;

  // How often the step from one tick to the next was this many pictures, after `skip` ticks.
  std::map<std::int64_t, int> steps(std::size_t skip = 90) const {
    std::map<std::int64_t, int> s;
    for (std::size_t i = skip + 1; i < pictures.size(); ++i) ++s[pictures[i] - pictures[i - 1]];
    return s;
  }
  double mean_age() const {
    double sum = 0;
    for (const double a : ages_ms) sum += a;
    return sum / static_cast<double>(ages_ms.size());
  }
};

struct Play {
  FrameSync sync{Duration{}};
  FramePool pool{PixelFormat::I420, 16, 16, 64};

  Shown operator()(PretendCamera camera, Rate program, double seconds, bool follow = true) {
    sync.follow_pace(follow);
    Shown out;
    std::int64_t k = 0;
    MediaTime next = camera.arrived(k);
    MediaTime pushed{};
    const auto ticks = static_cast<std::int64_t>(seconds * program.per_second());
    for (std::int64_t n = 30; n < ticks; ++n) {
      const MediaTime tick = MediaTime{1'000'000'000} + program.time_of(n);
      while (std::max(next, pushed) <= tick) {
        auto f = pool.acquire();
        REQUIRE(f);
        f->info().captured = camera.captured(k);
        f->info().sequence = static_cast<std::uint64_t>(k);
        pushed = std::max(next, pushed);
        sync.push(std::move(*f).publish(), pushed);
        next = camera.arrived(++k);
      }
      const PictureAt got = sync.at(tick);
      if (!got.frame) continue;
      out.pictures.push_back(static_cast<std::int64_t>(got.frame->info().sequence));
      out.ages_ms.push_back((tick - got.frame->info().captured).to_milliseconds());
    }
    return out;
  }
};

PretendCamera camera(double per_second, double phase_ms = 0, double ppm = 0) {
  PretendCamera c;
  c.per_second = per_second;
  c.ppm = ppm;
  c.phase = Duration::from_seconds(phase_ms * 1e-3);
  return c;
}

}  // namespace

TEST_CASE("60 -> 30 takes every second picture, also where pictures come just around the tick") {
  for (double phase = 0; phase < 16.7; phase += 1.3) {
    CAPTURE(phase);
    PretendCamera c = camera(60, phase);
    c.spikes = 0;
    const auto steps = Play{}(c, {30, 1}, 60).steps();
    REQUIRE(steps.size() == 1);
    CHECK(steps.begin()->first == 2);
  }
  // Without the policy it would be alternating arrivals.
  PretendCamera c = camera(60, 16.0);
  CHECK(Play{}(c, {30, 1}, 60, false).steps().size() > 1);
}

TEST_CASE("59.94 -> 30 slips by single pictures, one in 16.7 s") {
  PretendCamera c = camera(60000 / 1001.0);
  c.spikes = 0;
  auto steps = Play{}(c, {30, 1}, 120).steps();
  CHECK(steps[1] >= 6);
  CHECK(steps[1] <= 10);
  CHECK(steps[3] <= 3);  // a late one just at the slip
  CHECK(steps[2] + steps[1] + steps[3] == 120 * 30 - 30 - 91);
}

TEST_CASE("30 -> 60 shows each picture twice") {
  for (double phase = 0; phase < 33; phase += 4.1) {
    CAPTURE(phase);
    PretendCamera c = camera(30, phase);
    c.spikes = 0;
    const Shown shown = Play{}(c, {60, 1}, 30);
    std::map<std::int64_t, int> times;
    for (std::size_t i = 180; i + 60 < shown.pictures.size(); ++i) ++times[shown.pictures[i]];
    times.erase(times.begin());
    times.erase(std::prev(times.end()));
    for (const auto& [picture, n] : times) REQUIRE(n == 2);
  }
}

TEST_CASE("29.97 <-> 30 repeats or drops one picture in 33 s") {
  for (const bool slow : {true, false}) {
    CAPTURE(slow);
    PretendCamera c = camera(slow ? 30000 / 1001.0 : 30.0, 10);
    c.spikes = 0;
    const Rate program = slow ? Rate{30, 1} : Rate{30000, 1001};
    const auto steps = Play{}(c, program, 540).steps();
    const auto at = [&](std::int64_t step) {
      const auto it = steps.find(step);
      return it == steps.end() ? 0 : it->second;
    };
    CHECK(at(slow ? 0 : 2) >= 15);
    CHECK(at(slow ? 0 : 2) <= 17);
    CHECK(at(slow ? 2 : 0) == 0);
  }
}

TEST_CASE("with spikes there are few pairs more, where newest-first has more than a hundred") {
  const PretendCamera c = camera(30, 10, 60);
  const auto by_phase = Play{}(c, {30, 1}, 540), newest = Play{}(c, {30, 1}, 540, false);
  const int ours = by_phase.steps()[0], theirs = newest.steps()[0];
  MESSAGE("30.00 + 60 ppm, free tick: repeated " << ours << " by phase, " << theirs
                                                 << " newest; mean age " << by_phase.mean_age()
                                                 << " and " << newest.mean_age() << " ms");
  CHECK(ours < 40);
  CHECK(theirs > 2 * ours);
  CHECK(by_phase.mean_age() < newest.mean_age() + 4);
}

TEST_CASE("25 -> 30 repeats every fifth picture, evenly") {
  PretendCamera c = camera(25, 7);
  c.spikes = 0;
  const Shown shown = Play{}(c, {30, 1}, 60);
  std::size_t last = 0;
  for (std::size_t i = 91; i < shown.pictures.size(); ++i) {
    const auto step = shown.pictures[i] - shown.pictures[i - 1];
    REQUIRE(step >= 0);
    REQUIRE(step <= 1);
    if (step == 1) continue;
    if (last != 0) CHECK(i - last == 6);
    last = i;
  }
}

TEST_CASE("figures: age, jitter and pace of the last ten seconds") {
  Play play;
  const Shown shown = play(camera(30000 / 1001.0), {30, 1}, 60);
  const MediaTime now = MediaTime{1'000'000'000} + Duration::seconds(60);
  const FrameFigures f = play.sync.figures(now);
  CHECK(f.fps == doctest::Approx(29.97).epsilon(0.0005));
  CHECK(f.jitter_p95.to_milliseconds() > 0.5);
  CHECK(f.jitter_p95.to_milliseconds() < 2.0);
  std::vector<double> recent(shown.ages_ms.end() - 300, shown.ages_ms.end());
  std::sort(recent.begin(), recent.end());
  CHECK(f.age_p50.to_milliseconds() == doctest::Approx(recent[150]).epsilon(0.05));
  CHECK(f.age_p95.to_milliseconds() == doctest::Approx(recent[285]).epsilon(0.05));
  const FrameFigures later = play.sync.figures(now + Duration::seconds(11));
  CHECK(later.fps == 0);
  CHECK(later.age_p50.ns == 0);
}

TEST_CASE("a source that we pace gets its newest picture, whatever its cadence") {
  PretendCamera c = camera(30, 32.3);  // 1 ms before the tick
  c.sigma_ms = 0.1;
  c.spikes = 0;
  CHECK(Play{}(c, {30, 1}, 30, false).mean_age() < 2);
}

TEST_CASE("a still picture is neither repeated nor old") {
  FramePool pool{PixelFormat::I420, 16, 16, 4};
  FrameSync sync{Duration{}};
  auto f = pool.acquire();
  f->info().captured = MediaTime{1'000'000'000};
  f->info().still = true;
  sync.push(std::move(*f).publish());
  for (int i = 0; i < 20; ++i) CHECK(sync.at(MediaTime{1'000'000'000 + i * 33'000'000}).frame);
  CHECK(sync.repeated() == 0);
  CHECK(sync.figures(MediaTime{1'700'000'000}).age_p50.ns == 0);
}
