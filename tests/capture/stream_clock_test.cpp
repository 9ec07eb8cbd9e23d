// SPDX-License-Identifier: GPL-3.0-or-later
// One offset for picture and sound, as small as the network allows.
#include "capture/stream_clock.h"

#include <doctest/doctest.h>

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
