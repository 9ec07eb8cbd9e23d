// SPDX-License-Identifier: GPL-3.0-or-later
// Three destinations of one station: a server, a server that wedges in the middle of the stream,
// and an overflow room with a lighter picture. The wedged one costs the others nothing; each is
// switched by itself.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "tests/e2e/media.h"
#include "tests/e2e/station.h"
#include "tests/support/nginx_rtmp.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;

namespace {

const char* const kEvent = R"({
  "kakehashi_event": 1, "id": "three", "title": "three",
  "canvas": {"width": 640, "height": 360, "fps": 30},
  "inputs": [{"id": "hall", "audio": true, "source": {"kind": "test"}}],
  "scenes": [{"id": "s", "layers": [{"input": "hall"}]}],
  "encode": {"video_kbps": 2000, "preset": "superfast"},
  "encodes": [{"id": "light", "name": "light", "width": 320, "height": 180, "video_kbps": 500,
               "preset": "superfast"}],
  "destinations": [
    {"id": "main", "name": "main", "kind": "rtmp", "url": "@GOOD@", "lead": true},
    {"id": "wedged", "name": "wedged", "kind": "rtmp", "url": "@BAD@"},
    {"id": "room", "name": "room", "kind": "hls", "folder": "@FOLDER@", "encode": "light",
     "scope": "internal"}],
  "record": {"with_stream": false}
})";

const OutputStatus& output_of(const Snapshot& s, const std::string& id) {
  const auto it = std::find_if(s.outputs.begin(), s.outputs.end(),
                               [&](const OutputStatus& o) { return o.id == id; });
  REQUIRE(it != s.outputs.end());
  return *it;
}

}  // namespace

TEST_CASE("a destination that wedges on air costs the other two nothing") {
  const TempDir folder;
  NginxRtmp good, bad;
  REQUIRE(good.running());
  REQUIRE(bad.running());
  Station station(folder, filled(kEvent, {{"GOOD", good.url() + "/main"},
                                          {"BAD", bad.url() + "/wedged"},
                                          {"FOLDER", folder / "room"}}));
  REQUIRE(station.until(
      [](const Snapshot& s) { return input_of(s, "hall").signal == SignalState::Live; }));
  station.wish(GoLive{});
  const auto is = [](const char* id, OutputState state) {
    return [=](const Snapshot& s) { return output_of(s, id).state == state; };
  };
  for (const char* id : {"main", "wedged", "room"}) CHECK(station.until(is(id, OutputState::Live)));
  Snapshot s = station.look();
  CHECK(s.scope == AudienceScope::Internal);
  CHECK(s.encodes.size() == 2);
  CHECK(output_of(s, "room").encode == "light");

  bad.pause();  // takes nothing any more; its port stays
  REQUIRE(station.until(is("wedged", OutputState::Reconnecting), 60s));
  CHECK(!output_of(station.look(), "wedged").reason.ja.empty());
  s = station.look();
  const Snapshot later = [&] {
    Snapshot at_end;
    REQUIRE(station.until([&](const Snapshot& now) {
      at_end = now;
      return now.session_seconds > s.session_seconds + 5;
    }));
    return at_end;
  }();
  for (const char* id : {"main", "room"}) {
    CAPTURE(id);
    const OutputStatus &before = output_of(s, id), &after = output_of(later, id);
    CHECK(after.state == OutputState::Live);
    CHECK(after.dropped == 0);
    CHECK(after.reconnects == 0);
    // What was not sent is what this machine did not make in time, to within the two on the way.
    const auto made = later.health.ticks - s.health.ticks;
    const auto sent = after.video_packets - before.video_packets;
    const auto lost = lost_pictures(later) - lost_pictures(s);
    CHECK(sent + lost + later.encodes[1].skipped_pictures + 6 >= made);
  }

  station.wish(SetDestination{"wedged", false});
  CHECK(station.until(is("wedged", OutputState::Standby)));
  station.wish(SetDestination{"room", false});
  CHECK(station.until(is("room", OutputState::Standby)));
  CHECK(station.until([](const Snapshot& now) { return now.encodes.size() == 1; }));
  CHECK(read_text(folder / "room/live.m3u8").find("#EXT-X-ENDLIST") != std::string::npos);
  CHECK(!station.desk().send(SetDestination{"main", false}));
  station.wish(SetDestination{"room", true});
  CHECK(station.until(is("room", OutputState::Live)));
  station.wish(StopLive{});
  station.end();
}
