// SPDX-License-Identifier: GPL-3.0-or-later
// Several streams of one application become one sound, in virtual time.
#include <doctest/doctest.h>

#include <algorithm>

#include "capture/application_mix.h"

using namespace kakehashi;

namespace {

struct Rig {
  std::vector<float> heard;
  std::vector<MediaTime> captured;
  std::vector<bool> broken;
  MediaTime now{1'000'000'000};
  ApplicationMix mix{[this](std::span<const float> s, MediaTime at, bool b) {
    captured.push_back(at);
    broken.push_back(b);
    heard.insert(heard.end(), s.begin(), s.end());
  }};
  void play(std::uint32_t stream, float value, int frames = 480) {
    mix.arrive(stream, std::vector<float>(2 * static_cast<std::size_t>(frames), value), now);
  }
  void wait(int ms) { now = now + Duration::milliseconds(ms); }
};

}  // namespace

TEST_CASE("one stream goes through as it comes") {
  Rig r;
  r.mix.add(7);
  r.play(7, 0.25F);
  REQUIRE(r.heard.size() == 960);
  CHECK(std::all_of(r.heard.begin(), r.heard.end(), [](float f) { return f == 0.25F; }));
  CHECK(r.captured.front() == r.now - Duration::milliseconds(10));
  r.play(9, 0.5F);  // not one of ours
  CHECK(r.heard.size() == 960);
}

TEST_CASE("two streams are added, at the pace of the first") {
  Rig r;
  r.mix.add(1);
  r.mix.add(2);
  for (int i = 0; i < 100; ++i) {
    r.wait(10);
    r.play(1, 0.25F);
    r.play(2, 0.5F);
    r.mix.tick(r.now);
  }
  REQUIRE(r.heard.size() == 100 * 960);
  CHECK(std::count(r.broken.begin(), r.broken.end(), true) == 0);
  CHECK(r.heard.front() == 0.25F);  // the second joins once it has a reserve
  CHECK(std::all_of(r.heard.begin() + 4 * 960, r.heard.end(), [](float f) { return f == 0.75F; }));
  CHECK(r.mix.left_out() == 0);
}

TEST_CASE("a second stream in larger pieces, and one from a card that runs faster") {
  Rig r;
  r.mix.add(1);
  r.mix.add(2);
  for (int i = 0; i < 3000; ++i) {
    r.wait(10);
    r.play(1, 0.25F);
    if (i % 2 == 0) r.play(2, 0.5F, 963);  // 0.3 % fast, 20 ms at a time
  }
  REQUIRE(r.heard.size() == 3000 * 960);
  const auto together = std::count(r.heard.begin() + 10 * 960, r.heard.end(), 0.75F);
  CHECK(together == 2990 * 960);  // never a hole
  CHECK(r.mix.left_out() > 0);    // what its card brought too much
  CHECK(r.mix.left_out() < 2 * 3000 * 3);
}

TEST_CASE("the leading stream stops: the other one leads; it ends: silence at the clock's pace") {
  Rig r;
  r.mix.add(1);
  r.mix.add(2);
  r.play(1, 0.25F);
  for (int i = 0; i < 30; ++i) {
    r.wait(10);
    r.play(2, 0.5F);
    r.mix.tick(r.now);
  }
  CHECK(r.heard.back() == 0.5F);
  CHECK(std::count(r.heard.begin(), r.heard.end(), 0.5F) >= 17 * 960);
  r.mix.remove(2);
  r.heard.clear();
  r.captured.clear();
  for (int i = 0; i < 100; ++i) {
    r.wait(10);
    r.mix.tick(r.now);
  }
  CHECK(std::all_of(r.heard.begin(), r.heard.end(), [](float f) { return f == 0; }));
  CHECK(r.heard.size() >= 88 * 960);
  CHECK(r.heard.size() <= 100 * 960);
  for (std::size_t i = 1; i < r.captured.size(); ++i)
    CHECK(r.captured[i] - r.captured[i - 1] == Duration::milliseconds(10));
  // Stream 1 goes on: at once, and said not to join on.
  r.broken.clear();
  r.heard.clear();
  r.wait(10);
  r.play(1, 0.25F);
  CHECK(r.heard.size() == 960);
  CHECK(r.broken.front());
}

TEST_CASE("nothing plays at first: silence flows at once") {
  Rig r;
  for (int i = 0; i < 50; ++i) {
    r.mix.tick(r.now);
    r.wait(10);
  }
  CHECK(r.heard.size() >= 48 * 960);
  CHECK(r.heard.size() <= 50 * 960);
}
