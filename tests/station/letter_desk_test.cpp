// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/letter_desk.h"

#include <doctest/doctest.h>

#include <condition_variable>
#include <optional>

#include "station/timer_pages.h"
#include "station/video_loop.h"
#include "tests/station/hand_feed.h"
#include "tests/support/manual_clock.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using kakehashi::testing::HandEvent;
using kakehashi::testing::ManualClock;
using kakehashi::testing::wait_until;

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

class HandWall final : public WallClock {
 public:
  WallTime read() const override { return {offset.load()}; }
  std::atomic<std::int64_t> offset{0};
};

// A plate over the whole picture, as bright as the words say: 10 codes for each second.
class Painter {
 public:
  Result<std::shared_ptr<const OverlayImage>> paint(const std::string& words, const Rect& rect) {
    {
      std::unique_lock lock(mutex_);
      ++begun_;
      changed_.notify_all();
      changed_.wait(lock, [&] { return !blocked_; });
    }
    if (words == refuse) return Error{ErrorKind::FixInput, "will not"};
    auto image = std::make_shared<OverlayImage>();
    image->rect = rect;
    image->stride_y = rect.w;
    image->stride_uv = rect.w / 2;
    const auto pixels = static_cast<std::size_t>(rect.w * rect.h);
    image->y.assign(pixels, luma(words));
    image->alpha.assign(pixels, 255);
    image->u.assign(pixels / 4, 128);
    image->v.assign(pixels / 4, 128);
    return std::shared_ptr<const OverlayImage>(std::move(image));
  }
  static std::uint8_t luma(const std::string& words) {
    return words.back() >= '0' && words.back() <= '9'
               ? static_cast<std::uint8_t>(20 + 10 * (words.back() - '0'))
               : 200;
  }
  void block(bool on) {
    {
      const std::lock_guard lock(mutex_);
      blocked_ = on;
    }
    changed_.notify_all();
  }
  int begun() {
    const std::lock_guard lock(mutex_);
    return begun_;
  }
  std::string refuse;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool blocked_ = false;
  int begun_ = 0;
};

// Session zero is 00:00:00 on the wall; tests begin one second later.
struct Rig {
  explicit Rig(std::vector<Overlay> overlays) {
    event.show.overlays = std::move(overlays);
    live = initial_state(event.show);
    publish();
    TimerPainters painters{[this](const Overlay& o, const Show&, const std::string& words) {
                             return painter.paint(words, o.rect);
                           },
                           [this](const HoldingCard&, const Show&, const std::string& words) {
                             return painter.paint(words, {0, 0, 64, 36});
                           }};
    std::vector<std::unique_ptr<PageSource>> sources;
    sources.push_back(std::make_unique<TimerPages>(std::move(painters), Language::Japanese));
    desk.emplace(clock, wall, LetterDesk::Roads{moment, letters}, std::move(sources));
    clock.wait_for_sleepers(1);
  }
  ~Rig() {
    painter.block(false);
    clock.release();
    desk.reset();
    loop.reset();
  }
  void publish() {
    stage = event.stage();
    moment.store(std::make_shared<const Moment>(Moment{stage, live}));
  }
  // The same stage: only what is live has changed.
  void wish(const Command& command) {
    auto next = apply(event.show, live, command, clock.now());
    REQUIRE(next);
    live = *next;
    moment.store(std::make_shared<const Moment>(Moment{stage, live}));
  }
  void go_to(double second, int sleepers = 1) {
    clock.advance(MediaTime{static_cast<std::int64_t>(second * 1e9)} - clock.now());
    clock.wait_for_sleepers(sleepers);
  }
  void round() { go_to(static_cast<double>((clock.now() + LetterDesk::kRound).ns) * 1e-9); }
  std::vector<MovingLetters::Page> pages(const std::string& key) {
    const auto now = letters.load();
    if (!now) return {};
    const auto found = now->pages.find(key);
    return found == now->pages.end() ? std::vector<MovingLetters::Page>{} : found->second;
  }
  // What a mixer would show; 0 nothing.
  int shown(const std::string& key, double second) {
    int luma = 0;
    for (const auto& page : pages(key))
      if (page.from.ns <= static_cast<std::int64_t>(second * 1e9) && !page.images.empty())
        luma = page.images[0].image->y[0];
    return luma;
  }

  ManualClock clock;
  HandWall wall;
  HandEvent event{clock.now()};
  LiveState live;
  std::shared_ptr<const Stage> stage;
  Published<Moment> moment;
  Published<MovingLetters> letters;
  Painter painter;
  std::optional<LetterDesk> desk;

  BoundedQueue<ProgramPicture> encoder{4, WhenFull::Refuse};
  Mailbox<TickPictures> venue;
  std::atomic<BusSet> watched{0};
  std::optional<VideoLoop> loop;
};

Overlay timer(const char* kind, Settings settings = {}) {
  Overlay o;
  o.id = kind;
  o.kind = kind;
  o.settings = std::move(settings);
  o.rect = {0, 0, 64, 36};
  o.fade = {};
  return o;
}
Overlay seconds_clock() { return timer("clock", {{"seconds", true}}); }

}  // namespace

TEST_CASE("nothing is painted for what is off; what is switched on has its page in one round") {
  Rig rig({seconds_clock()});
  rig.go_to(5);
  CHECK(rig.painter.begun() == 0);
  CHECK(rig.pages("clock").empty());
  rig.wish(SetOverlay{"clock", true});
  rig.round();
  CHECK(rig.shown("clock", 5.02) == Painter::luma("5"));
  rig.wish(SetOverlay{"clock", false});
  rig.round();
  rig.round();
  CHECK(rig.pages("clock").empty());
}

TEST_CASE("the next pages are painted before they become true, each once") {
  Rig rig({seconds_clock()});
  rig.wish(SetOverlay{"clock", true});
  rig.go_to(1.02);
  for (int second = 1; second <= 20; ++second) {
    rig.go_to(second + 0.5);
    const auto pages = rig.pages("clock");
    REQUIRE(pages.size() >= 2);
    CHECK(pages[0].from == MediaTime{second * kSecond});
    CHECK(pages[1].from == MediaTime{(second + 1) * kSecond});
    CHECK(rig.shown("clock", second + 0.999) == Painter::luma(std::to_string(second % 10)));
    CHECK(rig.shown("clock", second + 1) == Painter::luma(std::to_string((second + 1) % 10)));
  }
  CHECK(rig.painter.begun() <= 25);
  CHECK(rig.desk->late_pages() == 0);
}

TEST_CASE("on program the second changes on the very tick") {
  Rig rig({seconds_clock()});
  rig.wish(SetOverlay{"clock", true});
  rig.loop.emplace(rig.clock, MediaTime{0}, rig.event.show.canvas,
                   VideoLoop::Roads{rig.moment, rig.encoder, rig.venue, rig.watched, &rig.letters});
  rig.clock.wait_for_sleepers(2);
  rig.go_to(1.52, 2);
  while (rig.encoder.try_pop()) {  // made in the round in which the clock was switched on
  }
  const Rate rate = rig.event.show.canvas.rate;
  int checked = 0;
  for (std::int64_t n = 46; n <= 180; ++n) {
    rig.go_to(static_cast<double>(rate.time_of(n).ns) * 1e-9, 2);
    while (auto picture = rig.encoder.try_pop()) {
      const auto second = picture->tick.ns / kSecond;
      CHECK(HandEvent::luma(picture->frame) == Painter::luma(std::to_string(second % 10)));
      ++checked;
    }
  }
  CHECK(checked >= 134);
  CHECK(rig.desk->late_pages() == 0);
}

TEST_CASE("a painter that stands still: no tick waits, the last page stays, and it is counted") {
  Rig rig({seconds_clock()});
  rig.wish(SetOverlay{"clock", true});
  rig.loop.emplace(rig.clock, MediaTime{0}, rig.event.show.canvas,
                   VideoLoop::Roads{rig.moment, rig.encoder, rig.venue, rig.watched, &rig.letters});
  rig.clock.wait_for_sleepers(2);
  rig.go_to(1.1, 2);  // pages up to 4 s are there
  const int last = rig.shown("clock", 99);
  CHECK(last == Painter::luma("4"));
  const int begun = rig.painter.begun();
  rig.painter.block(true);
  // The desk wakes at the next second and gets stuck; from here only the mixer sleeps.
  rig.clock.advance(MediaTime{kSecond * 2 + 1} - rig.clock.now());
  REQUIRE(wait_until([&] { return rig.painter.begun() > begun; }));
  const std::uint64_t ticks = rig.loop->ticks();
  const Rate rate = rig.event.show.canvas.rate;
  std::optional<ProgramPicture> newest;
  for (std::int64_t n = 61; n <= 240; ++n) {
    rig.clock.wait_for_sleepers(1);
    rig.clock.advance(MediaTime{rate.time_of(n).ns} - rig.clock.now());
    while (auto picture = rig.encoder.try_pop()) newest = std::move(picture);
  }
  rig.clock.wait_for_sleepers(1);
  while (auto picture = rig.encoder.try_pop()) newest = std::move(picture);
  CHECK(rig.loop->ticks() - ticks >= 179);
  REQUIRE(newest);
  CHECK(HandEvent::luma(newest->frame) == last);  // 4 of 8: old, but there
  CHECK(rig.desk->late_pages() == 0);
  rig.painter.block(false);
  rig.go_to(8.1, 2);
  rig.go_to(8.2, 2);
  CHECK(rig.shown("clock", 8.2) == Painter::luma("8"));
  CHECK(rig.desk->late_pages() >= 1);
}

TEST_CASE("a page that cannot be painted leaves the one before on the picture") {
  Rig rig({seconds_clock()});
  rig.painter.refuse = "0:00:03";
  rig.wish(SetOverlay{"clock", true});
  for (double t = 1.1; t < 5; t += 0.1) {
    rig.go_to(t);
    const int second = static_cast<int>(t);
    const int expected = second == 3 ? 2 : second;
    CHECK(rig.shown("clock", t) == Painter::luma(std::to_string(expected)));
  }
  CHECK(rig.painter.begun() < 15);  // and it is not tried again and again
}

TEST_CASE("a stopwatch is started, stopped and reset between its pages") {
  Rig rig({timer("stopwatch")});
  rig.wish(SetOverlay{"stopwatch", true});
  rig.go_to(2);
  CHECK(rig.shown("stopwatch", 2) == Painter::luma("0"));
  rig.go_to(2.3);
  rig.wish(SetTimer{"stopwatch", true, false});
  rig.round();
  CHECK(rig.shown("stopwatch", 3.29) == Painter::luma("0"));
  CHECK(rig.shown("stopwatch", 3.3) == Painter::luma("1"));
  rig.go_to(5.4);
  CHECK(rig.shown("stopwatch", 5.4) == Painter::luma("3"));
  rig.wish(SetTimer{"stopwatch", false, false});
  rig.round();
  CHECK(rig.pages("stopwatch").size() == 1);
  rig.go_to(9);
  CHECK(rig.shown("stopwatch", 9) == Painter::luma("3"));
  rig.wish(SetTimer{"stopwatch", false, true});
  rig.round();
  CHECK(rig.shown("stopwatch", 9.1) == Painter::luma("0"));
}

TEST_CASE("the wall clock is set: pages move with it; a hair's breadth moves nothing") {
  Rig rig({seconds_clock()});
  rig.wish(SetOverlay{"clock", true});
  rig.go_to(3.2);
  const auto before = rig.letters.load();
  rig.wall.offset = 1'000'000;
  rig.round();
  CHECK(rig.letters.load() == before);
  rig.wall.offset = 500'000'000;
  rig.round();
  CHECK(rig.pages("clock")[1].from == MediaTime{3'500'000'000});
  rig.wall.offset = 4 * kSecond;
  rig.round();
  CHECK(rig.shown("clock", 3.3) == Painter::luma("7"));
}

TEST_CASE(
    "a card's countdown is painted while the card is on program, on preview, or the emergency") {
  Rig rig({});
  for (const char* id : {"soon", "away", "panic"}) {
    HoldingCard card;
    card.id = id;
    card.countdown_to = "00:10";
    rig.event.show.cards.push_back(card);
  }
  Scene scene;
  scene.id = "wait";
  scene.card = "soon";
  rig.event.show.scenes.push_back(scene);
  rig.event.show.emergency_card = "panic";
  rig.publish();
  rig.round();
  CHECK(rig.pages("card.soon").empty());
  CHECK(rig.pages("card.away").empty());
  CHECK(rig.shown("card.panic", 2) == Painter::luma("8"));  // 9:58
  rig.wish(SelectPreview{"wait"});
  rig.round();
  CHECK(rig.shown("card.soon", 2) == Painter::luma("8"));
  rig.go_to(600);
  CHECK(rig.shown("card.soon", 600) == 200);  // まもなく…
  CHECK(rig.pages("card.soon").size() == 1);
}

TEST_CASE("another show takes its letters with it; a page held by a mixer stays whole") {
  Rig rig({seconds_clock()});
  rig.wish(SetOverlay{"clock", true});
  rig.go_to(2.5);
  const std::shared_ptr<const MovingLetters> held = rig.letters.load();
  const int painted = rig.painter.begun();
  rig.publish();  // another stage with the same overlays: painted anew
  rig.round();
  CHECK(rig.painter.begun() > painted);
  CHECK(rig.shown("clock", 2.6) == Painter::luma("2"));
  rig.event.show.overlays.clear();
  rig.live = initial_state(rig.event.show);
  rig.publish();
  rig.round();
  CHECK(rig.pages("clock").empty());
  CHECK(held->pages.at("clock")[0].images[0].image->y[0] == Painter::luma("2"));
}

TEST_CASE("the machine's wall clock and the session's clock run side by side") {
  const MonotonicClock clock;
  const MachineWallClock wall(clock);
  const WallTime first = wall.read();
  for (int i = 0; i < 100; ++i)
    CHECK(std::llabs(wall.read().offset_ns - first.offset_ns) < 100'000'000);
  CHECK(first.shown_at(clock.now()) > 1'700'000'000LL * kSecond);
}
