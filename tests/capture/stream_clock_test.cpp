// SPDX-License-Identifier: GPL-3.0-or-later
// One offset for picture and sound, as small as the network allows.
#include "capture/stream_clock.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace kakehashi;

namespace {

constexpr Duration ms(std::int64_t n) { return Duration::milliseconds(n); }

constexpr Duration kDecoding = ms(15);

// Sends `seconds` of data, 100 pieces a second, each `late` after its time.
template <class Late>
int send(StreamClock& c, Duration& at, double seconds, Late late) {
  int changes = 0;
  for (const Duration end = at + Duration::from_seconds(seconds); at < end; at = at + ms(10))
    changes += c.arrived(at, at + late(at));
  return changes;
}

}  // namespace

TEST_CASE("the later of two streams sets the offset for both") {
  StreamClock c(StreamClock::Policy::CatchUp);
  for (Duration at; at < Duration::seconds(20); at = at + ms(20)) {
    c.arrived(at, at + ms(100));                              // picture
    c.arrived(at, at + ms(160) + ms(at.ns / 1'000'000 % 7));  // sound
  }
  CHECK(c.offset() >= ms(160));
  CHECK(c.offset() <= ms(200));
}

TEST_CASE("stamps that lie ahead of their arrival wait for nothing") {
  StreamClock c(StreamClock::Policy::CatchUp);
  Duration at;
  send(c, at, 5, [](Duration) { return ms(-700); });  // MPEG-TS of ffmpeg: 700 ms ahead
  CHECK(c.offset() == ms(-700) + kDecoding);
}

TEST_CASE("what a server kept for newcomers is caught up with") {
  StreamClock c(StreamClock::Policy::CatchUp);
  // Two seconds of pictures at once, then live.
  for (Duration old; old < ms(2000); old = old + ms(33)) c.arrived(old, ms(2000));
  Duration at = ms(2000);
  send(c, at, 3, [](Duration) { return ms(20); });
  CHECK(c.offset() <= ms(40));
}

TEST_CASE("jitter gets room at once, and gives it back when it is gone") {
  for (const std::int64_t late : {150, 60}) {
    CAPTURE(late);
    StreamClock c(StreamClock::Policy::CatchUp);
    Duration at;
    send(c, at, 10, [](Duration) { return ms(10); });
    CHECK(c.offset() == ms(10) + kDecoding);
    CHECK(c.arrived(at, at + ms(late)));
    CHECK(c.offset() >= ms(late));
    const Duration before = c.offset();
    send(c, at, 7, [](Duration) { return ms(10); });
    CHECK(c.offset() == before);
    // Much in one step, little in small ones.
    const int steps = send(c, at, 10, [](Duration) { return ms(10); });
    CHECK(c.offset() < before);
    CHECK((late == 150 ? steps == 1 : steps > 5));
    send(c, at, 60, [](Duration) { return ms(10); });
    CHECK(c.offset() <= ms(10 + 30) + kDecoding);
    CHECK(c.offset() >= ms(10));
  }
}

TEST_CASE("a slow decoder gets room; what waited for its time is not called late") {
  StreamClock c(StreamClock::Policy::CatchUp);
  Duration at;
  send(c, at, 10, [](Duration) { return ms(10); });
  CHECK_FALSE(c.ready(at, at + ms(20)));
  CHECK(c.ready(at, at + ms(80)));
  CHECK(c.offset() >= ms(80));
  // Waiting makes it ready just before its time: no reason to go on waiting that long.
  for (const Duration end = at + ms(30'000); at < end; at = at + ms(10)) {
    c.arrived(at, at + ms(10));
    c.ready(at, at + c.offset() - ms(5));
  }
  CHECK(c.offset() <= ms(10 + 30) + kDecoding);
}

TEST_CASE("a stall does not make everything after it late") {
  StreamClock c(StreamClock::Policy::CatchUp);
  Duration at;
  send(c, at, 10, [](Duration) { return ms(10); });
  // Nothing for 2 s, then all of it at once.
  for (const Duration end = at + ms(2000), now = end; at < end; at = at + ms(10))
    c.arrived(at, now);
  send(c, at, 10, [](Duration) { return ms(10); });
  CHECK(c.offset() <= ms(400));
}

TEST_CASE("a sender that stays late is followed, also back again") {
  StreamClock c(StreamClock::Policy::CatchUp);
  Duration at;
  send(c, at, 10, [](Duration) { return ms(10); });
  send(c, at, 3, [](Duration) { return ms(3600'000); });  // its clock began anew
  CHECK(c.offset() >= ms(3600'000));
  // `at` jumps by an hour with it.
  at = at + ms(3600'000);
  for (int i = 0; i < 600; ++i, at = at + ms(10)) c.arrived(at - ms(500), at);
  CHECK(c.offset() <= ms(540));
}

TEST_CASE("a film fetched faster than it plays keeps its own time") {
  StreamClock c(StreamClock::Policy::Wait, ms(200));
  for (Duration at; at < Duration::seconds(30); at = at + ms(33)) c.arrived(at, at / 30);
  CHECK(c.offset() == ms(200) + kDecoding);
  CHECK(c.arrived(Duration::seconds(30), Duration::seconds(33)));  // a stall makes the rest later
  CHECK(c.offset() >= Duration::seconds(3));
  CHECK_FALSE(c.arrived(Duration::seconds(31), Duration::seconds(33)));
}

namespace {

// A live list: a piece of `piece` ms as soon as it is whole, each `late` ms later than that; never
// before the one before it.
struct Pieces {
  StreamClock& clock;
  std::int64_t piece;
  Duration at = {}, now = {};
  void send(double seconds, std::int64_t late = 0) {
    for (const Duration end = at + Duration::from_seconds(seconds); at < end;) {
      now = std::max(now, at + ms(piece + late));
      for (std::int64_t t = 0; t < piece; t += 20, at = at + ms(20)) clock.arrived(at, now);
    }
  }
};

}  // namespace

TEST_CASE("a live list begins where it began, and after a stall comes back to there") {
  for (const std::int64_t piece : {2000, 10'000}) {
    CAPTURE(piece);
    StreamClock c(StreamClock::Policy::Wait, ms(200));
    c.live(StreamClock::Live::Edge);
    Pieces list{c, piece, {}, ms(piece * 3)};
    list.send(static_cast<double>(piece) * 3 / 1000);  // three at once, as HLS wants it
    const Duration begun = c.offset();
    CHECK(begun == ms(piece * 3 + 200) + kDecoding);
    list.send(100);
    CHECK(c.offset() == begun);
    CHECK(c.behind() == Duration{});
    // More late than what was in hand: shown later from there on ...
    list.send(1, piece * 2 + 2500);
    CHECK(c.offset() > begun + ms(2000));
    CHECK(c.behind() > ms(2000));
    // ... not for ever.
    list.send(60);
    CHECK(c.offset() == begun);
    CHECK(c.behind() == Duration{});
  }
}

TEST_CASE("a live list whose pieces stay late is followed; small lateness is left alone") {
  StreamClock c(StreamClock::Policy::Wait, ms(200));
  c.live(StreamClock::Live::Edge);
  Pieces list{c, 2000};
  list.send(60);
  const Duration begun = c.offset();
  list.send(120, 3000);
  CHECK(c.offset() == begun + ms(3000 - 200));
  list.send(60, 2200);  // 0.8 s could be given back: not worth a skip
  CHECK(c.offset() == begun + ms(3000 - 200));
  list.send(60, 1000);
  CHECK(c.offset() == begun + ms(1000));
}

TEST_CASE("an endless stream skips what its server kept, a film is never skipped") {
  {
    StreamClock c(StreamClock::Policy::Wait, ms(200));
    c.live(StreamClock::Live::Newest);
    for (Duration old; old < ms(4000); old = old + ms(33)) c.arrived(old, ms(4000));
    Duration at = ms(4000);
    send(c, at, 5, [](Duration) { return ms(20); });
    CHECK(c.offset().ns / 1'000'000 == 20 + 200 + 15);
    // A stall of 2 s is given back after a while.
    for (const Duration end = at + ms(2000); at < end; at = at + ms(10)) c.arrived(at, end);
    CHECK(c.behind() > ms(1500));
    send(c, at, 30, [](Duration) { return ms(20); });
    CHECK(c.offset().ns / 1'000'000 == 20 + 200 + 15);
  }
  StreamClock film(StreamClock::Policy::Wait, ms(200));
  film.live(StreamClock::Live::Newest);  // its server does not tell its length
  const Duration room = ms(12'000);      // where it has to wait for us
  for (Duration at; at < Duration::seconds(100); at = at + ms(33))
    film.arrived(at, std::max(at / 30, at - room));
  CHECK(film.offset() == ms(200) + kDecoding);
}
