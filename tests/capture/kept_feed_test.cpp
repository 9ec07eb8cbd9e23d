// SPDX-License-Identifier: GPL-3.0-or-later
// Inputs whose device dies, hangs, lies and comes back.
#include "capture/kept_feed.h"

#include <doctest/doctest.h>

#include <random>
#include <set>

#include "tests/support/pretend_device.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;

namespace {

MonotonicClock real;

FeedTimes short_times() {
  FeedTimes t;
  t.poll = 5ms;
  t.opening = t.answering = t.closing = 60ms;
  t.first_picture = Duration::milliseconds(300);
  t.back_off = {10ms, 20ms, 30ms};
  t.next_format = 2ms;
  return t;
}

struct Rig {
  PretendDevice device;
  const MediaTime epoch = real.now();
  std::unique_ptr<KeptFeed> feed;

  explicit Rig(Mood mood = Mood::Well, FeedTimes times = short_times(), bool video = true) {
    device.mood = mood;
    FeedConfig c;
    c.input.id = "in";
    c.input.video = video;
    c.input.audio = !video;
    c.spec = SourceSpec{"camera", {}};
    c.canvas = {64, 36, {30, 1}};
    c.epoch = epoch;
    c.clock = &real;
    c.times = times;
    feed = std::make_unique<KeptFeed>(std::move(c), device.kind(video, !video));
  }
  ~Rig() {
    device.let_go();
    feed.reset();
    // What was left behind ends before the device does.
    CHECK(wait_until([&] { return device.at_rest(); }));
  }
  InputStatus status() const { return feed->status(real.now()); }
  FramePtr tick() const { return feed->video().at(real.now()).frame; }
  bool reaches(SignalState wanted) const {
    return wait_until([&] {
      (void)tick();
      return status().signal == wanted;
    });
  }
};

}  // namespace

TEST_CASE("roles that are bound anew meanwhile are known when it opens again") {
  Rig rig;
  REQUIRE(rig.reaches(SignalState::Live));
  CHECK(rig.device.others() == std::vector<std::vector<DeviceIdentity>>{{}});
  const DeviceIdentity theirs{"046d:0892:A1", "", "HD Webcam"};
  rig.feed->set_others({theirs});
  CHECK(rig.device.opened == 1);  // nothing is opened again for that
  rig.device.mood = Mood::Missing;
  REQUIRE(wait_until([&] { return rig.device.asked >= 2; }));
  CHECK(rig.device.others().back() == std::vector<DeviceIdentity>{theirs});
}

TEST_CASE("a device that fails: its last picture stands, it is opened again, nobody clicks") {
  Rig rig;
  REQUIRE(rig.reaches(SignalState::Live));
  CHECK(rig.status().device == "Pretend 1");
  CHECK(rig.status().restarts == 0);
  rig.device.mood = Mood::Missing;
  REQUIRE(rig.reaches(SignalState::Holding));
  REQUIRE(wait_until([&] { return rig.device.closed == 1; }));
  const FramePtr held = rig.tick();
  REQUIRE(held);
  CHECK(held->plane(0).data[0] == 100);
  CHECK_FALSE(rig.status().reason.ja.empty());
  const MediaTime later = held->info().captured + FrameSync::kHold + Duration::milliseconds(1);
  CHECK_FALSE(rig.feed->video().at(later).frame);
  CHECK(rig.status().signal == SignalState::Lost);
  rig.device.mood = Mood::Well;
  REQUIRE(rig.reaches(SignalState::Live));
  CHECK(rig.status().restarts == 1);
  CHECK(rig.status().reason.ja.empty());
  CHECK(rig.tick());
}

TEST_CASE("each trouble has its own sentence, with one action, in both languages") {
  std::set<std::string> ja, en;
  const Mood moods[] = {Mood::Missing, Mood::Busy, Mood::Forbidden, Mood::OpensHanging};
  for (const Mood mood : moods) {
    CAPTURE(static_cast<int>(mood));
    Rig rig(mood);
    REQUIRE(rig.reaches(SignalState::Lost));
    const Text reason = rig.status().reason;
    CHECK(reason.ja.find("→ ") != std::string::npos);
    CHECK(reason.en.find("-> ") != std::string::npos);
    ja.insert(reason.ja);
    en.insert(reason.en);
    rig.device.mood = Mood::Well;  // and each is over by itself
    rig.device.let_go();
    REQUIRE(rig.reaches(SignalState::Live));
    CHECK(rig.status().reason.ja.empty());
  }
  CHECK(ja.size() == std::size(moods));
  CHECK(en.size() == std::size(moods));
}

TEST_CASE("a plugged-in device does not wait for the pause to end") {
  FeedTimes times = short_times();
  times.back_off = {600'000ms, 600'000ms, 600'000ms};
  Rig rig(Mood::Missing, times);
  REQUIRE(wait_until([&] { return rig.device.asked == 1; }));
  REQUIRE(rig.reaches(SignalState::Lost));
  rig.feed->wake();  // something else was plugged in
  REQUIRE(wait_until([&] { return rig.device.asked == 2; }));
  rig.device.mood = Mood::Well;
  rig.feed->wake();
  CHECK(rig.reaches(SignalState::Live));
}

TEST_CASE("a refused format is followed by the next one at once, and unplugging starts over") {
  FeedTimes times = short_times();
  times.back_off = {600'000ms, 600'000ms, 600'000ms};
  Rig rig(Mood::PickyFormat, times);
  REQUIRE(rig.reaches(SignalState::Live));
  CHECK(rig.device.refusals() == std::vector<int>{0, 1, 2});
  CHECK(rig.status().format == "pretended 2");
  rig.device.mood = Mood::Missing;
  REQUIRE(wait_until([&] { return rig.device.closed == 1; }));
  rig.feed->wake();
  REQUIRE(wait_until([&] { return rig.device.asked == 4; }));
  rig.device.mood = Mood::Well;
  REQUIRE(wait_until([&] {
    rig.feed->wake();
    return rig.status().signal == SignalState::Live;
  }));
  CHECK(rig.status().format == "pretended 0");
}

TEST_CASE("a device that stays dark after opening is asked for its best again and again") {
  Rig rig(Mood::Silent);
  REQUIRE(wait_until([&] { return rig.device.asked == 3; }));
  CHECK(rig.device.refusals() == std::vector<int>{0, 0, 0});
}

TEST_CASE("a stream that stops without an error, or with times of nonsense, is opened again") {
  for (const Mood mood : {Mood::Silent, Mood::WrongTimes}) {
    CAPTURE(static_cast<int>(mood));
    Rig rig;
    REQUIRE(rig.reaches(SignalState::Live));
    rig.device.mood = mood;
    REQUIRE(wait_until([&] {
      (void)rig.tick();
      return rig.device.opened >= 2;
    }));
    rig.device.mood = Mood::Well;
    CHECK(rig.reaches(SignalState::Live));
    CHECK(rig.status().restarts >= 1);
  }
}

TEST_CASE("bursts are no trouble: the newest is shown, the rest is counted") {
  Rig rig(Mood::Bursts);
  REQUIRE(rig.reaches(SignalState::Live));
  REQUIRE(wait_until([&] {
    (void)rig.tick();
    return rig.status().captured >= 100;
  }));
  CHECK(rig.device.opened == 1);
  CHECK(rig.status().dropped > 0);
}

TEST_CASE("a driver that hangs in close is left behind; what it still sends reaches nobody") {
  Rig rig;
  REQUIRE(rig.reaches(SignalState::Live));
  rig.device.closing_hangs = true;
  rig.device.luma = 200;
  rig.device.mood = Mood::Fails;
  REQUIRE(wait_until([&] { return rig.status().signal != SignalState::Live; }));
  rig.device.mood = Mood::Well;  // the old one streams on, the new one can be opened
  REQUIRE(wait_until([&] { return rig.device.opened == 2; }));
  REQUIRE(wait_until([&] {
    const FramePtr picture = rig.tick();
    return picture && picture->plane(0).data[0] == 200;
  }));
  const std::uint64_t captured = rig.status().captured;
  bool old_seen = false;
  REQUIRE(wait_until([&] {
    const FramePtr picture = rig.tick();
    old_seen = old_seen || !picture || picture->plane(0).data[0] != 200;
    return rig.status().captured >= captured + 60;
  }));
  CHECK_FALSE(old_seen);
  CHECK(rig.status().signal == SignalState::Live);
  CHECK(rig.device.closed == 0);
}

TEST_CASE(
    "at most three are left behind; then it says to unplug, and goes on when one comes back") {
  for (const Mood mood : {Mood::OpensHanging, Mood::PollsHanging}) {
    CAPTURE(static_cast<int>(mood));
    Rig rig(mood);
    REQUIRE(wait_until([&] {
      return rig.device.asked == 3 && rig.status().reason.ja.find("抜いて") != std::string::npos;
    }));
    for (int i = 0; i < 10; ++i) rig.feed->wake();
    CHECK(rig.status().signal == SignalState::Lost);
    CHECK(rig.device.asked == 3);
    rig.device.mood = Mood::Well;  // unplugged and plugged in again
    rig.device.let_go();
    CHECK(rig.reaches(SignalState::Live));
  }
}

TEST_CASE("a driver that answers no question but delivers is left in peace") {
  Rig rig(Mood::DeafButWell);
  REQUIRE(wait_until([&] { return rig.status().captured > 10; }));
  const std::uint64_t before = rig.status().captured;
  REQUIRE(wait_until([&] { return rig.status().captured > before + 100; }));
  CHECK(rig.device.asked == 1);
}

TEST_CASE("a feed ends quickly while its driver hangs, and what is left behind harms nobody") {
  for (const Mood mood : {Mood::OpensHanging, Mood::PollsHanging, Mood::DeafButWell}) {
    CAPTURE(static_cast<int>(mood));
    Rig rig(mood);
    REQUIRE(wait_until([&] { return rig.device.asked >= 1; }));
    const MediaTime before = real.now();
    rig.feed.reset();
    CHECK(real.now() - before < Duration::seconds(2));
    rig.device.mood = Mood::Well;
    rig.device
        .let_go();  // it opens, sees that nobody wants it, and closes; or streams on till then
  }
}

TEST_CASE("what the device lost is added up over its openings") {
  Rig rig;
  rig.device.lost = 5;
  REQUIRE(wait_until([&] { return rig.status().lost == 5; }));
  rig.device.mood = Mood::Fails;
  REQUIRE(wait_until([&] { return rig.device.closed >= 1; }));
  CHECK(rig.status().lost == 5);
  rig.device.lost = 2;
  rig.device.mood = Mood::Well;
  CHECK(wait_until([&] { return rig.status().lost == 7; }));
}

TEST_CASE("a microphone that is lost fades out, and fades in when it is back: no click") {
  Rig rig(Mood::Well, short_times(), false);
  constexpr float kSteepest = 0.5F * 2 * 3.15F * 440 / 48000;  // of its tone, from sample to sample
  const Duration lag = Duration::milliseconds(40);
  AudioBlock block;
  float last = 0, steepest = 0;
  int loud = 0, silent = 0, losses = 0, returns = 0;
  REQUIRE(wait_until(
      [&] {
        for (; rig.epoch + time_of_sample(block.position) + lag <= real.now();
             block.position += kBlockSamples) {
          (void)rig.feed->audio().read(block, rig.epoch + time_of_sample(block.position) + lag);
          float peak = 0;
          for (std::size_t i = 0; i < block.samples.size(); i += 2) {
            steepest = std::max(steepest, std::abs(block.samples[i] - last));
            last = block.samples[i];
            peak = std::max(peak, std::abs(last));
          }
          ++(peak > 0.4F ? loud : silent);
          if (peak > 0) silent = 0;
          if (peak == 0) loud = 0;
        }
        if (loud >= 8 && losses < 6 && rig.device.mood == Mood::Well) {
          rig.device.mood = Mood::Missing;
          ++losses;
          loud = 0;
        }
        if (silent >= 5 && rig.device.mood == Mood::Missing) {
          rig.device.mood = Mood::Well;
          ++returns;
          silent = 0;
        }
        return losses == 6 && returns == 6 && loud >= 8;
      },
      30s));
  // The fade mirrors the end of the tone, so the slope may turn over, but nothing is cut off.
  CHECK(steepest < 3 * kSteepest);
  CHECK(steepest > kSteepest / 2);
}

TEST_CASE("fifty random lives: counters never go back, and the device is back at the end") {
  for (unsigned seed = 1; seed <= 50; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    Rig rig(static_cast<Mood>(pick(kMoods)));
    std::uint64_t captured = 0, restarts = 0;
    AudioBlock block;
    for (int step = 0; step < 8; ++step) {
      rig.device.mood = static_cast<Mood>(pick(kMoods));
      rig.device.closing_hangs = pick(4) == 0;
      if (pick(3) == 0) rig.feed->wake();
      if (pick(5) == 0) {
        rig.device.let_go();
        rig.device.hold();
      }
      for (int tick = pick(12); tick >= 0; --tick) {
        (void)rig.tick();
        (void)rig.feed->audio().read(block, real.now());
        block.position += kBlockSamples;
        const InputStatus s = rig.status();
        REQUIRE(s.captured >= captured);
        REQUIRE(s.restarts >= restarts);
        REQUIRE((s.signal == SignalState::Live || s.signal == SignalState::Opening ||
                 !s.reason.ja.empty() || s.signal == SignalState::Holding));
        captured = s.captured;
        restarts = s.restarts;
        std::this_thread::sleep_for(1ms);  // lets the others run; nothing depends on how long
      }
    }
    if (seed % 5 == 0) continue;  // ends in whatever state it is
    rig.device.mood = Mood::Well;
    rig.device.closing_hangs = false;
    rig.device.let_go();
    rig.feed->wake();
    REQUIRE(rig.reaches(SignalState::Live));
  }
}
