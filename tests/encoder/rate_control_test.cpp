// SPDX-License-Identifier: GPL-3.0-or-later
// The rate control against a line in numbers: pictures of a camera with an IDR three times their
// size every two seconds, a queue of our own, the kernel's, a bottleneck with a buffer, a way back.
// One step is a millisecond; nothing here takes real time.
#include "encoder/rate_control.h"

#include <deque>
#include <functional>
#include <vector>

#include <doctest/doctest.h>

using namespace kakehashi;

namespace {

struct Worst {
  double late_ms = 0;  // made -> there, beyond the line's own time
  double kbps = 0;     // least target
  double mean = 0;     // target
};

// Milliseconds and bytes.
struct Stage {
  double capacity_kbps = 10'000;
  int rtt_ms = 4;
  bool adapts = true;
  double idr = 3;  // times a picture
  std::function<bool(int ms)> stalls = [](int) { return false; };
  std::function<double(int ms)> content = [](int) { return 1.0; };  // of the target; a slide: 0.05

  RateLimits limits{4000, 600, 160};
  RateControl control{limits};
  LineWatch watch;
  RateDecision decided = control.decision();

  struct Made {
    double end;  // counted bytes
    int at;
    bool there = false;
  };
  std::deque<Made> made;
  double made_bytes = 0, handed = 0, passed = 0, confirmed = 0, credit = 0;
  std::deque<double> way_back;
  int ms = 0, pictures = 0;
  WireFigures figures;

  void one() {
    if (ms * 3 % 100 < 3) {  // a picture
      if (!decided.half_rate || pictures % 2 == 0) {
        // The encoder spends on half the pictures what it is given for a second.
        const double usual = (decided.half_rate ? 2 : 1) * decided.video_kbps / 8.0 / 30 * 1000 /
                             (1 + (idr - 1) / 60);
        made_bytes += usual * (pictures % 60 == 0 ? idr : 1) * content(ms);
        made.push_back({made_bytes, ms});
      }
      ++pictures;
    }
    made_bytes += limits.audio_kbps / 8.0;
    // The kernel takes 16 KiB more than is on its way (TCP_NOTSENT_LOWAT), the bottleneck's buffer
    // holds as much as TCP dares to send.
    const double window = 64'000 + capacity_kbps / 8 * rtt_ms;
    if (handed - confirmed < window) handed = made_bytes;
    if (!stalls(ms)) credit = std::min(credit + capacity_kbps / 8, 8'000.0);
    const double goes = std::min(credit, handed - passed);
    passed += goes;
    credit -= goes;
    way_back.push_back(passed);
    if (static_cast<int>(way_back.size()) > rtt_ms) {
      confirmed = way_back.front();
      way_back.pop_front();
    }
    if (ms % 100 == 17)  // the output's own moments, not the control's
      figures = {{(ms + 1) * 1'000'000LL},
                 static_cast<std::uint64_t>(handed),
                 static_cast<std::uint64_t>(handed - confirmed),
                 0,
                 0,
                 static_cast<double>(rtt_ms),
                 static_cast<double>(rtt_ms)};
    if (ms % 100 == 50) {
      const MediaTime now{(ms + 1) * 1'000'000LL};
      watch.look({now, 1, figures, static_cast<std::uint64_t>(made_bytes - handed)});
      const RateDecision next = control.step(watch, now);
      if (adapts) decided = next;
    }
    ++ms;
  }
  Worst run(double seconds) {
    Worst worst{0, 1e9, 0};
    const int begin = ms;
    for (const int end = ms + static_cast<int>(seconds * 1000); ms < end;) {
      one();
      while (!made.empty() && made.front().end <= passed + 1) {
        worst.late_ms = std::max(worst.late_ms, static_cast<double>(ms - made.front().at));
        made.pop_front();
      }
      worst.kbps = std::min(worst.kbps, static_cast<double>(decided.video_kbps));
      worst.mean += decided.video_kbps;
    }
    worst.mean /= ms - begin;
    return worst;
  }
};

}  // namespace

TEST_CASE("a line with room is left alone, whatever its round trip") {
  for (const int rtt : {1, 40, 150}) {
    CAPTURE(rtt);
    Stage s;
    s.rtt_ms = rtt;
    s.idr = 6;
    s.run(60);
    CHECK(s.control.cuts() == 0);
    CHECK(s.decided == RateDecision{4000, false});
  }
}

TEST_CASE("10 to 2 to 10 Mbit/s under 4: seen in 0.5 s, never 0.5 s late, back in 5 s") {
  // The moment of the fall against IDR and the control's own steps.
  for (int phase = 0; phase < 20; ++phase) {
    CAPTURE(phase);
    Stage s;
    s.run(10 + 0.11 * phase);
    s.capacity_kbps = 2000;
    int noticed = 0;
    while (s.control.cuts() == 0 && noticed < 3000) {
      s.one();
      ++noticed;
    }
    CHECK(noticed <= 500);
    const Worst worst = s.run(20);
    CHECK(worst.late_ms <= 500);
    CHECK(worst.kbps >= 600);
    CHECK(worst.mean > 1200);  // the line is used
    CHECK_FALSE(s.decided.half_rate);
    s.capacity_kbps = 10'000;
    s.run(5);
    CHECK(s.decided.video_kbps >= 3600);
    s.run(10);
    CHECK(s.decided.video_kbps == 4000);
    CHECK_FALSE(s.control.held_down());
  }
}

TEST_CASE("without it the same fall puts the pictures seconds late") {
  Stage s;
  s.adapts = false;
  s.run(10);
  s.capacity_kbps = 2000;
  CHECK(s.run(8).late_ms > 2000);
}

TEST_CASE("a line a little too thin is found out without a jolt") {
  Stage s;
  s.capacity_kbps = 3800;
  const Worst worst = s.run(60);
  CHECK(worst.late_ms < 500);
  CHECK(worst.kbps > 2000);
  CHECK(s.control.cuts() >= 1);
  CHECK(s.control.cuts() <= 30);
}

TEST_CASE("below the floor every second picture goes, and both come back") {
  Stage s;
  s.run(5);
  s.capacity_kbps = 600;
  s.run(15);
  const Worst worst = s.run(10);
  CHECK(worst.late_ms < 700);
  CHECK(worst.kbps >= 300);
  CHECK(worst.mean < 500);
  CHECK(s.decided.half_rate);
  s.capacity_kbps = 10'000;
  s.run(30);
  CHECK(s.decided == RateDecision{4000, false});
}

TEST_CASE("a moment's standstill costs a moment's quality") {
  Stage s;
  s.stalls = [](int ms) { return ms >= 20'000 && ms < 20'300; };
  s.run(20);
  const Worst worst = s.run(3);
  CHECK(worst.kbps >= 800);  // of 4000: one cut, not a fall to the floor
  s.run(4);
  CHECK(s.decided.video_kbps >= 3600);
}

TEST_CASE("a slide that loads no line lets the bitrate return slowly") {
  Stage s;
  s.run(5);
  s.capacity_kbps = 2000;
  s.run(5);
  s.content = [](int) { return 0.05; };
  s.run(5);
  const int then = s.decided.video_kbps;
  s.run(5);
  CHECK(s.decided.video_kbps > then);
  CHECK(s.decided.video_kbps < then * 1.3);
}

TEST_CASE("nothing is decided while nothing is known") {
  RateControl control({4000, 600, 160});
  LineWatch watch;
  for (int i = 0; i < 100; ++i) {
    const MediaTime now{(i + 1) * 100'000'000LL};
    watch.look({now, 0, {}, 10'000'000});  // not connected
    CHECK(control.step(watch, now) == RateDecision{4000, false});
  }
  CHECK_FALSE(watch.known());
  CHECK(watch.delivered_kbps() == 0);
  // A fresh socket counts from zero: what was confirmed on the old one is no rate.
  for (int i = 0; i < 5; ++i) {
    const MediaTime now{(200 + i) * 100'000'000LL};
    watch.look({now, static_cast<std::uint64_t>(1 + i), {now, 9'000'000, 0, 0, 0, 1, 1}, 0});
    CHECK_FALSE(watch.known());
    CHECK(watch.delivered_kbps() == 0);
  }
}

TEST_CASE("the floor by picture size") {
  CHECK(floor_kbps(640, 360) == 250);
  CHECK(floor_kbps(1280, 720) == 600);
  CHECK(floor_kbps(1920, 1080) == 1050);
  CHECK(floor_kbps(160, 90) == 150);
}
