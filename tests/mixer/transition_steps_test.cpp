// SPDX-License-Identifier: GPL-3.0-or-later
// Interrupted, turned back, moved by hand: nothing jumps back, and nothing shipped flashes.
#include <doctest/doctest.h>

#include <random>

#include "tests/mixer/stage.h"

namespace kakehashi {
namespace {

using testing::Stage;
constexpr Duration ms(std::int64_t v) { return Duration::milliseconds(v); }

// Way from "remote" to "talk", half a second, begun at `now`.
Stage on_the_way(TransitionKind kind = TransitionKind::Mix) {
  Stage s;
  s.show.mix_duration = ms(1000);
  s.wish(SelectPreview{"talk"});
  s.wish(SetTransition{kind});
  s.wish(Take{});
  return s;
}
double progress(const Stage& s) { return transition_progress(s.live, s.now); }

TEST_CASE("turned back, it goes to where it came from, from what is seen") {
  Stage s = on_the_way();
  s.now = s.now + ms(400);
  s.wish(TurnBack{});
  CHECK(s.live.program == "remote");
  CHECK(s.live.preview == "talk");
  REQUIRE(s.live.transition);
  CHECK(s.live.transition->from == "talk");
  CHECK(s.live.transition->backwards);
  CHECK(progress(s) == doctest::Approx(0.6));
  CHECK(s.live.takes == 1);
  s.now = s.now + ms(100);  // turned at 400 ms, beyond the least time: moves at once
  CHECK(progress(s) == doctest::Approx(0.7));
  SUBCASE("and forth again") {
    s.wish(TurnBack{});
    CHECK(s.live.program == "talk");
    CHECK_FALSE(s.live.transition->backwards);
    CHECK(progress(s) == doctest::Approx(0.3));
    s.now = s.now + ms(100);  // 100 ms after the last turn the picture still stands
    CHECK(progress(s) == doctest::Approx(0.3));
    s.now = s.now + ms(700);
    CHECK(progress(s) == doctest::Approx(1.0));
  }
  SUBCASE("to its end") {
    s.now = s.now + ms(300);
    CHECK(progress(s) == doctest::Approx(1.0));
    const auto refused = apply(s.show, s.live, TurnBack{}, s.now + ms(1));
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().kind == ErrorKind::FixInput);
  }
  SUBCASE("another choice on preview stays") {
    s.wish(SelectPreview{"slides"});
    s.wish(TurnBack{});
    CHECK(s.live.preview == "slides");
    CHECK(s.live.program == "talk");
  }
}

TEST_CASE("a take to where the way comes from, of the same kind, turns it back") {
  Stage s = on_the_way();
  s.now = s.now + ms(400);
  const double before = progress(s);
  s.wish(Take{});
  CHECK(s.live.program == "remote");
  CHECK(s.live.transition->backwards);
  CHECK(progress(s) == doctest::Approx(1 - before));
  CHECK(s.live.takes == 2);
}

TEST_CASE("a take to a third scene ends the running way at once; a cut cuts") {
  Stage s = on_the_way();
  s.now = s.now + ms(400);
  s.wish(SelectPreview{"slides"});
  SUBCASE("by a mix") {
    s.wish(Take{});
    CHECK(s.live.program == "slides");
    CHECK(s.live.transition->from == "talk");
    CHECK(progress(s) == 0);
    s.now = s.now + ms(500);
    CHECK(progress(s) == doctest::Approx(0.5));
  }
  SUBCASE("by a cut") {
    s.wish(SetTransition{TransitionKind::Cut});
    s.wish(Take{});
    CHECK(s.live.program == "slides");
    CHECK(progress(s) == 1);
  }
  SUBCASE("by another kind, back to where it came from") {
    s.wish(SelectPreview{"remote"});
    s.wish(SetTransition{TransitionKind::WipeUp});
    s.wish(Take{});
    CHECK(s.live.program == "remote");
    CHECK(s.live.transition->from == "talk");
    CHECK_FALSE(s.live.transition->backwards);
  }
}

TEST_CASE("takes faster than a way may follow another wait for it, on the newest target") {
  Stage s = on_the_way(TransitionKind::FadeBlack);  // least 700 ms
  s.now = s.now + ms(100);
  const MediaTime first = s.now - ms(100);
  s.wish(SelectPreview{"slides"});
  s.wish(Take{});
  CHECK(s.live.transition->start == first + ms(700));
  s.now = s.now + ms(100);
  s.wish(SelectPreview{"break"});
  s.wish(Take{});  // nothing of the way to "slides" was seen
  CHECK(s.live.program == "break");
  CHECK(s.live.transition->from == "talk");
  CHECK(s.live.transition->start == first + ms(700));
  CHECK(progress(s) == 0);
  SUBCASE("back to what is seen: nothing moves") {
    s.wish(SelectPreview{"talk"});
    s.wish(Take{});
    CHECK(s.live.program == "talk");
    s.now = s.now + ms(650);
    CHECK(progress(s) == 1);
  }
}

TEST_CASE("the T-bar: every place is what it says, both ends let go") {
  Stage s;
  s.show.mix_duration = ms(1000);
  s.wish(SelectPreview{"talk"});
  s.wish(SetTransition{TransitionKind::WipeLeft});
  const LiveState before = s.live;
  s.wish(SetTBar{0});
  s.wish(SetTBar{1});  // nobody holds it: naming its end changes nothing
  CHECK(s.live == before);
  s.wish(SetTBar{0.3});
  CHECK(s.live.program == "talk");
  CHECK(s.live.preview == "remote");
  REQUIRE(s.live.transition);
  CHECK(s.live.transition->held);
  CHECK(s.live.transition->kind == TransitionKind::WipeLeft);
  s.now = s.now + ms(5000);
  CHECK(progress(s) == doctest::Approx(0.3));
  s.wish(SetTBar{0.8});
  CHECK(progress(s) == doctest::Approx(0.8));
  CHECK(s.live.takes == 1);
  SUBCASE("to the end") {
    s.wish(SetTBar{1});
    CHECK(progress(s) == 1);
    CHECK(s.live.program == "talk");
    const LiveState done = s.live;
    s.wish(SetTBar{1});
    CHECK(s.live == done);
  }
  SUBCASE("back to the beginning") {
    s.wish(SetTBar{0});
    CHECK(progress(s) == 1);
    CHECK(s.live.program == "remote");
    CHECK(s.live.preview == "talk");
  }
  SUBCASE("take lets go: the rest goes by itself") {
    s.wish(Take{});
    CHECK(s.live.program == "talk");
    CHECK(progress(s) == doctest::Approx(0.8));
    s.now = s.now + ms(100);
    CHECK(progress(s) == doctest::Approx(0.9));
  }
  SUBCASE("turned back by itself") {
    s.wish(TurnBack{});
    CHECK(s.live.program == "remote");
    s.now = s.now + ms(400);
    CHECK(progress(s) == doctest::Approx(0.6));
  }
  SUBCASE("a running way can be taken in hand") {
    s.wish(Take{});
    s.now = s.now + ms(50);
    s.wish(SetTBar{0.5});
    CHECK(s.live.transition->held);
    CHECK(progress(s) == doctest::Approx(0.5));
  }
  SUBCASE("the emergency card ends it, and holds the bar off") {
    s.wish(EmergencyOn{});
    CHECK_FALSE(s.live.transition);
    for (const Command& c : {Command{SetTBar{0.5}}, Command{TurnBack{}}}) {
      const auto refused = apply(s.show, s.live, c, s.now);
      REQUIRE_FALSE(refused.ok());
      CHECK(refused.error().kind == ErrorKind::TryLater);
    }
  }
  CHECK_FALSE(apply(s.show, s.live, SetTBar{std::nan("")}, s.now).ok());
}

TEST_CASE("with a cut chosen the T-bar mixes") {
  Stage s;
  s.wish(SetTBar{0.5});
  REQUIRE(s.live.transition);
  CHECK(s.live.transition->kind == TransitionKind::Mix);
}

// Opposing changes of at least a tenth, each with the time it was complete.
class Flashes {
 public:
  void add(double level, std::int64_t tick) {
    low_ = std::min(low_, level);
    high_ = std::max(high_, level);
    if (direction_ <= 0 && level - low_ >= kTenth)
      turn(1, level, tick);
    else if (direction_ >= 0 && high_ - level >= kTenth)
      turn(-1, level, tick);
  }
  // The most pairs of opposing changes within `ticks`.
  double most_in(std::int64_t ticks) const {
    std::size_t most = 0;
    for (std::size_t i = 0, j = 0; j < at_.size(); ++j) {
      while (at_[j] - at_[i] >= ticks) ++i;
      most = std::max(most, j - i + 1);
    }
    return static_cast<double>(most) / 2;
  }

 private:
  static constexpr double kTenth = 0.1;
  void turn(int direction, double level, std::int64_t tick) {
    direction_ = direction;
    low_ = high_ = level;
    at_.push_back(tick);
  }
  int direction_ = 0;
  double low_ = 1, high_ = 0;
  std::vector<std::int64_t> at_;
};

struct Burst {
  static constexpr int kWidth = 32, kHeight = 18;
  Show show;
  LiveState live;
  std::vector<FramePtr> frames;
  PaintedSet painted;

  Burst() {
    show.canvas = {kWidth, kHeight, Rate{60, 1}};
    int n = 0;
    for (const std::uint32_t colour : {0x000000U, 0xFFFFFFU, 0x000000U, 0xFFFFFFU}) {
      Input input;
      input.id = "i" + std::to_string(n);
      show.inputs.push_back(input);
      show.scenes.push_back(Stage::scene(("s" + std::to_string(n++)).c_str(),
                                         {Stage::layer(input.id.c_str(), {0, 0, 32, 18})}));
      frames.push_back(testing::plain(kWidth, kHeight, colour));
    }
    live = initial_state(show);
  }
};

TEST_CASE("no run of takes and turns flashes more than three times a second anywhere") {
  std::mt19937 chance(20261122);
  const auto one_of = [&](int n) { return static_cast<int>(chance() % static_cast<unsigned>(n)); };
  for (std::size_t kind = 1; kind < kTransitionKinds; ++kind)
    for (int run = 0; run < 3; ++run) {
      Burst b;
      b.show.dip_colour = run == 1 ? 0xFFFFFF : 0x22384A;
      VideoMixer mixer(b.show.canvas, 2);
      const bool mixed_kinds = run == 2;  // else one kind all along, as an operator would
      std::vector<Flashes> code(Burst::kWidth * Burst::kHeight), light(code.size());
      const std::uint32_t eager = run == 0 ? 2 : 8;  // a wish every so many ticks
      for (std::int64_t tick = 0; tick < 60 * 20; ++tick) {
        const MediaTime now = MediaTime{1'000'000'000} + b.show.canvas.rate.time_of(tick);
        const auto wish = [&](const Command& c) {
          if (auto next = apply(b.show, b.live, c, now)) b.live = *next;
        };
        if (chance() % eager == 0) {
          const auto chosen = mixed_kinds ? static_cast<std::size_t>(1 + one_of(15)) : kind;
          wish(SetTransition{static_cast<TransitionKind>(chosen), one_of(3) * 0.2});
          if (one_of(2)) wish(SelectPreview{"s" + std::to_string(one_of(4))});
          if (one_of(3))
            wish(Take{});
          else
            wish(TurnBack{});
        }
        const FramePtr picture = mixer.program({b.show, b.live, b.frames, b.painted, now});
        for (int y = 0; y < Burst::kHeight; ++y)
          for (int x = 0; x < Burst::kWidth; ++x) {
            const auto at = static_cast<std::size_t>(y * Burst::kWidth + x);
            const double level = (testing::sample(*picture, 0, x, y) - 16) / 219.0;
            code[at].add(level, tick);
            light[at].add(std::pow(std::max(0.0, level), 2.4), tick);  // BT.1886
          }
      }
      double most = 0;
      for (const auto& points : {code, light})
        for (const Flashes& f : points) most = std::max(most, f.most_in(60));
      CAPTURE(transition_row(static_cast<TransitionKind>(kind)).name);
      CAPTURE(run);
      CHECK(most <= 3);
      CHECK(most >= 0.5);  // the test sees something
    }
}

}  // namespace
}  // namespace kakehashi
