// SPDX-License-Identifier: GPL-3.0-or-later
#include <doctest/doctest.h>

#include <atomic>
#include <cmath>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include "capture/kinds.h"
#include "core/frame_code.h"

using namespace kakehashi;

namespace {

// Virtual time for one thread: it moves only while that thread sleeps towards a later moment, so
// the test never outruns the source.
class LockstepClock final : public Clock {
 public:
  MediaTime now() const override {
    const std::lock_guard lock(mutex_);
    return now_;
  }
  void sleep_until(MediaTime deadline) override {
    std::unique_lock lock(mutex_);
    deadline_ = deadline;
    changed_.notify_all();
    changed_.wait(lock, [&] { return free_ || now_ >= deadline; });
    deadline_ = now_;
  }
  void advance(Duration d) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return deadline_ > now_; });
    now_ = now_ + d;
    changed_.notify_all();
    if (deadline_ > now_) return;
    deadline_ = now_;  // it wakes; until it sleeps again it is busy
    changed_.wait(lock, [&] { return deadline_ > now_; });
  }
  void let_go() {
    const std::lock_guard lock(mutex_);
    free_ = true;
    changed_.notify_all();
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  MediaTime now_{7'000'000'000};
  MediaTime deadline_{};
  bool free_ = false;
};

// Runs the test source for `seconds` of virtual time, as fast as it goes; calls `tick` for every
// program tick and `block` for every block of sound, both as the station would.
template <class Tick, class Block>
void run(const Settings& settings, Canvas canvas, double seconds, Tick tick, Block block) {
  LockstepClock clock;
  SourceContext c;
  c.input = "test";
  c.canvas = canvas;
  c.epoch = clock.now() + Duration::milliseconds(5);
  FrameSync video({});
  AudioSync audio(c.epoch, {});
  c.video = &video;
  c.audio = &audio;
  c.clock = &clock;
  auto source = test_kind().open(settings, c);
  REQUIRE(source.ok());
  std::int64_t picture = 0, position = 0;
  for (int ms = 0; ms < static_cast<int>(seconds * 1000); ++ms) {
    clock.advance(Duration::milliseconds(1));
    const MediaTime now = clock.now();
    while (c.epoch + canvas.rate.time_of(picture) <= now) {
      tick(picture, c.epoch + canvas.rate.time_of(picture), video);
      ++picture;
    }
    while (c.epoch + time_of_sample(position) + Duration::milliseconds(40) <= now) {
      AudioBlock b;
      b.position = position;
      (void)audio.read(b, now);
      block(b);
      position += kBlockSamples;
    }
  }
  std::thread closing([&] { std::move(source).value().reset(); });
  clock.let_go();
  closing.join();
  video.clear();
}

std::optional<FrameCode> code_of(const VideoFrame& f) {
  return read_frame_code(f.plane(0).data, f.plane(0).stride, f.width(), f.height(),
                         frame_code_rect(f.width(), f.height()));
}

}  // namespace

TEST_CASE("on program the number is the tick's, the flash and the beep start on the whole second") {
  int pictures = 0, flashes = 0;
  std::set<std::int64_t> flash_ticks;
  std::vector<float> heard;
  const Canvas canvas{640, 360, {30, 1}};
  run(
      {}, canvas, 3.2,
      [&](std::int64_t n, MediaTime tick, FrameSync& video) {
        const PictureAt got = video.at(tick);
        if (n == 0) return;  // the source opened a few milliseconds before it
        REQUIRE(got.frame);
        CHECK(got.fresh);
        CHECK(tick - got.frame->info().captured == Duration::milliseconds(4));
        const auto code = code_of(*got.frame);
        REQUIRE(code);
        CHECK(code->number == n);
        CHECK(code->captured_us == got.frame->info().captured.ns / 1000);
        CHECK(code->flash == (n % 30 < 3));
        ++pictures;
        if (code->flash) {
          ++flashes;
          const auto y = got.frame->plane(0);
          CHECK(y.data[(360 - 360 / 20 - 20) * y.stride + 640 - 360 / 20 - 20] == 235);
        }
      },
      [&](const AudioBlock& b) {
        for (int i = 0; i < kBlockSamples; ++i)
          heard.push_back(b.samples[static_cast<std::size_t>(2 * i)]);
      });
  CHECK(pictures >= 94);
  CHECK(flashes >= 11);
  // First sound after the silence before second 1 and 2.
  for (const int second : {1, 2}) {
    std::size_t i = static_cast<std::size_t>(second) * kSampleRate - kSampleRate / 2;
    while (std::abs(heard[i]) < 0.05) ++i;
    CHECK(static_cast<double>(i) / kSampleRate == doctest::Approx(second).epsilon(0.0003));
    std::size_t end = i + kSampleRate / 10 + 100;
    CHECK(std::abs(heard[end]) < 0.01);
  }
}

TEST_CASE("every pattern is painted, repeats bit for bit, and moves") {
  for (const std::string pattern : {"bars", "moving", "lecture", "person"})
    for (const Rate rate : {Rate{30, 1}, Rate{60000, 1001}}) {
      CAPTURE(pattern);
      const Canvas canvas{320, 180, rate};
      std::vector<std::uint64_t> sums[2];
      for (auto& sum : sums)
        run(
            {{"pattern", pattern}, {"beep", false}}, canvas, 0.5,
            [&](std::int64_t n, MediaTime tick, FrameSync& video) {
              const PictureAt got = video.at(tick);
              if (n == 0 || !got.frame) return;
              std::uint64_t s = 0;
              const auto y = got.frame->plane(0);
              for (int line = 0; line < 180; ++line)
                for (int x = 0; x < 320; ++x) s = s * 31 + y.data[line * y.stride + x];
              sum.push_back(s);
            },
            [](const AudioBlock&) {});
      REQUIRE(sums[0].size() > 8);
      CHECK(sums[0] == sums[1]);
      CHECK(std::set<std::uint64_t>(sums[0].begin(), sums[0].end()).size() == sums[0].size());
    }
}

TEST_CASE(
    "while the ticks follow a camera, a paced source takes its pictures before the moved ticks") {
  LockstepClock clock;
  SourceContext c;
  c.input = "test";
  c.canvas = {128, 64, {30, 1}};
  c.epoch = clock.now() + Duration::milliseconds(5);
  const auto grid = std::make_shared<TickGrid>(c.epoch, c.canvas.rate);
  c.grid = grid;
  FrameSync video({});
  c.video = &video;
  c.clock = &clock;
  auto source = test_kind().open({}, c);
  REQUIRE(source.ok());
  CHECK_FALSE((*source)->own_pace());
  MediaTime tick = c.epoch + c.canvas.rate.time_of(1);
  std::set<std::uint64_t> numbers;
  int fresh = 0;
  for (int n = 1; n < 300; ++n) {
    while (clock.now() < tick) clock.advance(Duration::microseconds(500));
    const PictureAt got = video.at(tick);
    REQUIRE(got.frame);
    fresh += got.fresh;
    // A tick is known one period ahead, but for its own slide (1.2 ms where it turns round).
    const double age = (tick - got.frame->info().captured).to_milliseconds();
    CHECK(age > 2.7);
    CHECK(age < 5.3);
    const auto code = code_of(*got.frame);
    if (code) numbers.insert(code->number);
    const Duration period = n < 40   ? Duration::nanoseconds(33'333'333 - 600'000)
                            : n < 80 ? Duration::nanoseconds(33'333'333 + 600'000)
                                     : Duration::nanoseconds(33'366'667);
    tick = tick + period;
    grid->move(tick, period);
  }
  CHECK(fresh == 299);
  std::thread closing([&] { std::move(source).value().reset(); });
  clock.let_go();
  closing.join();
  video.clear();
}

TEST_CASE("a test picture of another rate is a camera of its own") {
  LockstepClock clock;
  SourceContext c;
  c.canvas = {128, 64, {30, 1}};
  c.epoch = clock.now();
  c.grid = std::make_shared<TickGrid>(c.epoch, c.canvas.rate);
  FrameSync video({});
  c.video = &video;
  c.clock = &clock;
  for (const double fps : {29.97, 25.0}) {
    auto source = test_kind().open({{"fps", fps}}, c);
    REQUIRE(source.ok());
    CHECK((*source)->own_pace());
    std::thread closing([&] { std::move(source).value().reset(); });
    clock.let_go();
    closing.join();
  }
}
