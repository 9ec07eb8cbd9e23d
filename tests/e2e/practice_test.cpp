// SPDX-License-Identifier: GPL-3.0-or-later
// A practice with the station's own receiver: what viewers would get is on the desk.
#include <doctest/doctest.h>

#include <cmath>

#include "tests/e2e/station.h"

using namespace kakehashi;
using namespace kakehashi::testing;

namespace {

constexpr const char* kEvent = R"({"kakehashi_event":1,"id":"practice","title":"練習",
  "canvas":{"width":1280,"height":720,"fps":30},
  "inputs":[{"id":"cam","name":"カメラ","audio":true,
    "source":{"kind":"test","pattern":"lecture"}}],
  "scenes":[{"id":"main","name":"本線","key":1,"layers":[{"input":"cam","rect":[320,180,640,360]}]}],
  "destinations":[{"id":"out","name":"練習","kind":"rtmp","scope":"@SCOPE@",
    "url":"rtmp://127.0.0.1:@PORT@/live/secret-key"}],
  "encode":{"video_kbps":2500},"record":{"with_stream":false}})";

std::string event(const std::string& scope) {
  return filled(kEvent, {{"SCOPE", scope}, {"PORT", std::to_string(free_port())}});
}

}  // namespace

TEST_CASE("a practice is received by the station itself, and the desk is told what viewers get") {
  const TempDir folder;
  Station station(folder, event("practice"), {"--practice-receiver"});
  CHECK_FALSE(station.look().loop_back.running);
  station.wish(GoLive{});
  REQUIRE(station.until([](const Snapshot& s) {
    return s.loop_back.running && s.loop_back.seconds > 8 && s.loop_back.av_known;
  }));
  const LoopBackStatus back = station.look().loop_back;
  CAPTURE(back.verdict.en);
  CHECK(back.delay_ms > 2);
  CHECK(back.delay_ms < 1000);
  CHECK(std::abs(back.av_offset_ms) < 20);
  CHECK(back.longest_silence_s < 1);
  CHECK_FALSE(back.verdict.ja.empty());

  const auto stages = station.look().health.stages;
  REQUIRE(stages.size() == 7);
  double sum = 0;
  for (std::size_t i = 0; i < 6; ++i) sum += stages[i].p50_ms;
  CHECK(sum <= stages[6].p95_ms + 1);
  CHECK(stages[6].p50_ms < back.delay_ms + 50);

  station.wish(StopLive{});
  REQUIRE(station.until([](const Snapshot& s) { return !s.loop_back.running; }));
  CHECK(station.look().loop_back.seconds >= 8);  // the last practice stays to be read
  CHECK(station.log().find("secret-key") == std::string::npos);
  station.end();
}

TEST_CASE("a stream that is not a practice gets neither receiver nor code") {
  const TempDir folder;
  Station station(folder, event("internal"), {"--practice-receiver"});
  station.wish(GoLive{});
  REQUIRE(station.until([](const Snapshot& s) {
    return !s.outputs.empty() && s.outputs[0].state == OutputState::Reconnecting;
  }));
  CHECK_FALSE(station.look().loop_back.running);
  CHECK(station.look().loop_back.seconds == 0);
  station.end();
}
